package io.memos4j.core.kvcache;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.kvcache.KvCacheEntry.Tier;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.runtime.ActivationCapabilities;
import io.memos4j.spi.runtime.ActivationFeature;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationImage;
import io.memos4j.spi.runtime.ActivationManifest;
import io.memos4j.spi.runtime.ActivationRuntime;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The cached prefixes that a runtime holds in its slots, and their copies in memory after eviction from a slot.
 *
 * <p>The cache never generates from its own handles: a caller gets a fork. A chat may use an entry only if it includes
 * all cubes that the entry is for, so no cube can learn from the response time what another one has asked. Thread-safe:
 * one lock; the engine does long work in steps, and a caller waits for one step at most.
 */
final class PrefixCache implements AutoCloseable {
    private final ActivationRuntime runtime;
    private final Predicate<CacheProvenance> current;
    private final boolean images;
    private final long slotTokens;
    private final long leastTokens;
    private final CacheTier slots;
    private final CacheTier memory;
    private final Map<String, Entry> entries = new HashMap<>();
    private @Nullable Entry pinned;

    /** A cached prefix in a slot, in memory or in both. */
    private static final class Entry {
        final String key;
        final int[] tokens;
        final CacheProvenance provenance;

        @Nullable
        ActivationHandle slot;

        @Nullable
        ActivationImage image;

        Instant usedAt = Instant.EPOCH;
        long uses;

        Entry(String key, int[] tokens, CacheProvenance provenance) {
            this.key = key;
            this.tokens = tokens;
            this.provenance = provenance;
        }
    }

    /**
     * A cache hit.
     *
     * @param handle owned by the caller
     * @param from the tier that it came from
     */
    record Hit(ActivationHandle handle, Tier tier) {}

    /** A snapshot of a cached prefix. */
    record CachedPrefix(int[] tokens, CacheProvenance provenance, List<Tier> tiers, Instant usedAt, long uses) {}

    /**
     * Creates an empty cache.
     *
     * @param memoryBytes the budget for copies in memory
     * @param current whether prefixes with these sources may still be cached
     */
    PrefixCache(ActivationRuntime runtime, long memoryBytes, Predicate<CacheProvenance> current) {
        ActivationCapabilities capabilities = runtime.capabilities();
        this.runtime = runtime;
        this.current = current;
        this.images = capabilities.features().contains(ActivationFeature.IMAGE);
        this.slotTokens = capabilities.contextTokens() * 3L / 4;
        // The other half is left to running chats.
        int handles = Math.max(1, capabilities.handles() / 2);
        this.leastTokens = Math.max(1, slotTokens / handles);
        this.slots = new CacheTier(slotTokens);
        this.memory = new CacheTier(memoryBytes);
    }

    /** Finds the longest cached prefix of a prompt with more than {@code longerThan} tokens. */
    synchronized Optional<Hit> findLongest(int[] prompt, int longerThan, PromptLayout layout, Instant now) {
        Optional<Entry> best = entries.values().stream()
                .filter(entry -> entry.tokens.length > longerThan
                        && isPrefix(entry.tokens, prompt)
                        && entry.provenance
                                .adapterMix()
                                .equals(layout.adapters().adapterMix().id())
                        && layout.cubes().containsAll(entry.provenance.cubes())
                        && entry.provenance.isValidAt(now))
                .max((a, b) -> Integer.compare(a.tokens.length, b.tokens.length));
        return best.map(entry -> {
            Tier from = entry.slot != null ? Tier.SLOT : Tier.MEMORY;
            entry.uses++;
            entry.usedAt = now;
            return new Hit(fork(entry, layout.session(), now), from);
        });
    }

    private static boolean isPrefix(int[] tokens, int[] longer) {
        return tokens.length <= longer.length && Arrays.equals(tokens, 0, tokens.length, longer, 0, tokens.length);
    }

    /** Forks an entry; the entry itself is not evicted to make room for its fork. */
    private ActivationHandle fork(Entry entry, String session, Instant now) {
        pinned = entry;
        try {
            ActivationHandle slot = entry.slot != null ? entry.slot : restore(entry);
            entry.slot = slot;
            evictFromSlots(slots.use(entry.key, cost(entry), session, now));
            return withEviction(slot::fork);
        } finally {
            pinned = null;
            if (!memory.contains(entry.key)) {
                dropImage(entry.key);
            }
            if (!slots.contains(entry.key)) {
                dropSlot(entry, true);
            }
        }
    }

    private ActivationHandle restore(Entry entry) {
        ActivationImage image = Objects.requireNonNull(entry.image, "an entry without a slot has an image");
        return withEviction(() -> runtime.restore(image));
    }

    /**
     * Caches a prefix unless a source has changed or was deleted. That is checked under the same lock that
     * {@link #forget} takes after such a change, so nothing stale is left once the change is done. Takes ownership of
     * the handle.
     */
    synchronized void put(ActivationHandle handle, CacheProvenance provenance, String session, Instant now) {
        if (!current.test(provenance)) {
            handle.close();
            return;
        }
        int[] tokens = handle.tokens();
        String key = ActivationManifest.hashOf(tokens) + ":" + provenance.cubes() + ":" + provenance.adapterMix();
        Entry known = entries.get(key);
        if (known != null && known.slot != null) {
            handle.close();
            return;
        }
        Entry entry = known != null ? known : new Entry(key, tokens, provenance);
        entry.slot = handle;
        entries.put(key, entry);
        evictFromSlots(slots.use(key, cost(entry), session, now));
    }

    /** Returns whether exactly these tokens are cached and were hit at least twice. */
    synchronized boolean wasReused(int[] tokens) {
        return entries.values().stream().anyMatch(entry -> entry.uses > 1 && Arrays.equals(entry.tokens, tokens));
    }

    /** Returns the slot tokens of an entry that it does not share with others, at least the share of one handle. */
    private long cost(Entry entry) {
        int shared = entries.values().stream()
                .filter(other -> other != entry
                        && other.slot != null
                        && other.provenance.adapterMix().equals(entry.provenance.adapterMix())
                        && isPrefix(other.tokens, entry.tokens))
                .mapToInt(other -> other.tokens.length)
                .max()
                .orElse(0);
        return Math.max(leastTokens, entry.tokens.length - shared);
    }

    private void evictFromSlots(List<String> keys) {
        for (String key : keys) {
            Entry entry = entries.get(key);
            if (entry != null) {
                dropSlot(entry, true);
            }
        }
    }

    private void dropSlot(Entry entry, boolean remember) {
        ActivationHandle slot = entry.slot;
        if (slot == null || entry == pinned) {
            return;
        }
        if (remember && images && entry.image == null) {
            ActivationImage image = slot.image();
            entry.image = image;
            for (String gone : memory.use(entry.key, Math.max(1, image.bytes()), "", entry.usedAt)) {
                dropImage(gone);
            }
        }
        entry.slot = null;
        slot.close();
        removeIfEmpty(entry);
    }

    private void dropImage(String key) {
        Entry entry = entries.get(key);
        if (entry != null && entry != pinned && entry.image != null) {
            entry.image.close();
            entry.image = null;
            removeIfEmpty(entry);
        }
    }

    private void removeIfEmpty(Entry entry) {
        if (entry.slot == null && entry.image == null) {
            entries.remove(entry.key);
        }
    }

    /**
     * Runs work that needs space in the runtime, evicting cached prefixes step by step until there is enough. Holds no
     * lock while the work runs.
     */
    <T> T withEviction(Supplier<T> work) {
        while (true) {
            try {
                return work.get();
            } catch (MemoryException e) {
                if (e.code() != ErrorCode.CONTEXT_FULL || !evictSome()) {
                    throw e;
                }
            }
        }
    }

    private synchronized boolean evictSome() {
        List<String> gone = slots.evictQuarter();
        evictFromSlots(gone);
        return !gone.isEmpty();
    }

    /** Removes the entries with these sources. */
    synchronized void removeIf(Predicate<CacheProvenance> stale) {
        for (Entry entry : List.copyOf(entries.values())) {
            if (stale.test(entry.provenance)) {
                remove(entry);
            }
        }
    }

    private void remove(Entry entry) {
        slots.remove(entry.key);
        memory.remove(entry.key);
        dropSlot(entry, false);
        dropImage(entry.key);
    }

    /** Returns all entries. */
    synchronized List<CachedPrefix> list() {
        return entries.values().stream()
                .map(entry -> new CachedPrefix(
                        entry.tokens,
                        entry.provenance,
                        entry.slot != null && entry.image != null
                                ? List.of(Tier.SLOT, Tier.MEMORY)
                                : List.of(entry.slot != null ? Tier.SLOT : Tier.MEMORY),
                        entry.usedAt,
                        entry.uses))
                .toList();
    }

    /** Returns the cubes that entries belong to or were computed from. */
    synchronized Set<CubeKey> sourceCubes() {
        Set<CubeKey> cubes = new HashSet<>();
        entries.values().forEach(entry -> {
            cubes.addAll(entry.provenance.cubes());
            entry.provenance.sources().forEach(source -> cubes.add(source.cube()));
        });
        return cubes;
    }

    @Override
    public synchronized void close() {
        List.copyOf(entries.values()).forEach(this::remove);
    }
}
