package io.memos4j.core.kvcache;

import io.memos4j.spi.CubeKey;
import io.memos4j.spi.kvcache.ActivationSource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a computed beginning was computed from.
 *
 * @param owner key of the cube that it belongs to: the last one with a part in it
 * @param cubes keys of all cubes whose conversations may use it: those of a conversation's talk, those with a part in
 *     it otherwise
 * @param sources the versions of items in it, in order
 * @param until when the first of them ceases to hold, if one does
 * @param mix the adapters that it was computed with, see {@link io.memos4j.spi.runtime.AdapterMix#id}; empty for the
 *     base alone
 * @param conversation whether it has what was said in a conversation too
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
