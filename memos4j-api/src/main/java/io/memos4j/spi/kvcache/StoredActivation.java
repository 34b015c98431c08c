package io.memos4j.spi.kvcache;

import io.memos4j.spi.CubeKey;
import io.memos4j.spi.runtime.ActivationCapabilities;
import io.memos4j.spi.runtime.ModelIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A saved KV cache of a prompt prefix, as the vault records it.
 *
 * @param cube key of the cube that it belongs to
 * @param file the hash of what it was computed from and with; names the file. Cubes with the same prompt prefix share
 *     one
 * @param compatibility which runtimes can use it
 * @param tokens its length
 * @param bytes size of the file
 * @param prefill the time that it took to compute, and that each use saves
 * @param createdAt when it was written
 * @param usedAt when it was used last
 * @param uses how often it was used since
 * @param expiresAt when the first of its sources expires, if one does
 * @param sources what it was computed from, in order
 */
public record StoredActivation(
        CubeKey cube,
        String file,
        Compatibility compatibility,
        int tokens,
        long bytes,
        Duration prefill,
        Instant createdAt,
        Instant usedAt,
        long uses,
        Optional<Instant> expiresAt,
        List<ActivationSource> sources) {
    public StoredActivation {
        sources = List.copyOf(sources);
    }

    /**
     * Requirements that a saved KV cache has of a runtime.
     *
     * @param model hash of the model file, see {@link ModelIdentity#fileHash}
     * @param caches types of the cache, in words
     * @param runtime kind and build, see {@link ActivationCapabilities#runtime}
     */
    public record Compatibility(String model, String caches, String runtime) {}
}
