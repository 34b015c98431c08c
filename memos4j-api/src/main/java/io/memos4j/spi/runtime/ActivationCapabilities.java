package io.memos4j.spi.runtime;

import java.util.Set;

/**
 * Capabilities of a runtime with its open model.
 *
 * @param runtime kind and build, for example {@code llama.cpp b4916}; a saved activation is restored by the same only
 * @param caches types that it can keep
 * @param inUse types that this runtime was opened with
 * @param contextTokens tokens that all handles together may hold; a shared prefix counts once
 * @param handleTokens tokens that one handle may hold
 * @param handles handles that may be open at once
 * @param features what it can do beyond computing, sharing and generating
 * @param adapters what it can do with adapters
 */
public record ActivationCapabilities(
        String runtime,
        Set<KvCacheType> caches,
        KvCacheTypes inUse,
        int contextTokens,
        int handleTokens,
        int handles,
        Set<ActivationFeature> features,
        AdapterSupport adapters) {
    public ActivationCapabilities {
        caches = Set.copyOf(caches);
        features = Set.copyOf(features);
    }
}
