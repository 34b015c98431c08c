package io.memos4j.api.kvcache;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The KV cache of a model for a prompt prefix.
 *
 * @param id the hash of what it was computed from and with; cubes with the same prefix share one
 * @param tiers where it lies, fastest first
 * @param model hash of the model file
 * @param caches types of the cache
 * @param runtime kind and build of what computed it
 * @param tokens length of the prefix
 * @param bytes of its file; 0 if it has none
 * @param prefill the time that it took to compute, and that each use saves
 * @param usedAt when it was used last
 * @param uses how often since it was computed
 * @param sources the versions of items that it was computed from, in order
 */
public record KvCacheEntry(
        String id,
        List<Tier> tiers,
        String model,
        String caches,
        String runtime,
        int tokens,
        long bytes,
        Duration prefill,
        Instant usedAt,
        long uses,
        List<Source> sources) {
    public KvCacheEntry {
        tiers = List.copyOf(tiers);
        sources = List.copyOf(sources);
    }

    /** Places where a KV cache can be. */
    public enum Tier {
        /** In the model's own cache: usable at once. */
        SLOT,
        /** In memory: copied into a slot when it is needed. */
        MEMORY,
        /** In a file: survives a restart. */
        DISK
    }

    /** A version of an item. */
    public record Source(CubeId cube, ItemId item, int version) {}
}
