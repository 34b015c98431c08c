package io.memos4j.core.kvcache;

import io.memos4j.spi.CubeKey;
import io.memos4j.spi.kvcache.ActivationSource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The sources of a cached prompt prefix.
 *
 * @param owner the cube that it belongs to: the last one with a segment in it
 * @param cubes the cubes whose chats may use it: all cubes of a conversation, or those with a segment in it
 * @param sources the versions of the items in it, in order
 * @param validUntil when the first of the sources expires, if one does
 * @param adapterMix the adapters that it was computed with, see {@link io.memos4j.spi.runtime.AdapterMix#id}; empty for
 *     the base model
 * @param conversation whether it contains messages of a conversation
 */
record CacheProvenance(
        CubeKey owner,
        Set<CubeKey> cubes,
        List<ActivationSource> sources,
        Optional<Instant> validUntil,
        String adapterMix,
        boolean conversation) {
    CacheProvenance {
        cubes = Set.copyOf(cubes);
        sources = List.copyOf(sources);
    }

    boolean isValidAt(Instant now) {
        return validUntil.map(now::isBefore).orElse(true);
    }
}
