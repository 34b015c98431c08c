package io.memos4j.api.kvcache;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A computed beginning of prompts: the KV cache of a model for it.
 *
 * @param id the hash of what it was computed from and with; cubes that begin alike share one
 * @param tiers where it lies, fastest first
 * @param model hash of the model file
 * @param caches types of the cache
 * @param runtime kind and build of what computed it
 * @param tokens how many it stands for
 * @param bytes of its file; 0 if it has none
 * @param prefill what it took to compute, and what each use saves
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

    /** Where a computed beginning can lie. */
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
