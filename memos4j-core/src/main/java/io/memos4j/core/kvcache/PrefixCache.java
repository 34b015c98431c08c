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
 * The computed beginnings that a runtime holds, and copies in memory of those that had to leave it. Thread-safe: one
 * lock; what takes long is done by the engine in steps, and a caller waits for a step at the most.
 *
 * <p>A handle in here is never generated from: who finds one gets a fork. An entry may be used by talks whose cubes are
 * all among those that it is for, so that no cube learns from the time an answer takes what another one has asked.
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

    /** A computed beginning, in a slot, in memory or in both. */
    private static final class Entry {
        final String key;
        final int[] tokens;
        final CacheProvenance lineage;

        @Nullable
        ActivationHandle slot;

        @Nullable
        ActivationImage image;

        Instant usedAt = Instant.EPOCH;
        long uses;

        Entry(String key, int[] tokens, CacheProvenance lineage) {
            this.key = key;
            this.tokens = tokens;
            this.lineage = lineage;
        }
    }

    /**
     * What was found.
     *
     * @param handle the finder's own
     * @param from where it lay
     */
    record Hit(ActivationHandle handle, Tier tier) {}

    /** What is held: where, and from what. */
    record CachedPrefix(int[] tokens, CacheProvenance lineage, List<Tier> tiers, Instant usedAt, long uses) {}

    /**
     * An empty one.
     *
     * @param memoryBytes the room for copies in memory
     * @param current whether what was computed from this may be kept
     */
    PrefixCache(ActivationRuntime runtime, long memoryBytes, Predicate<CacheProvenance> current) {
        ActivationCapabilities capabilities = runtime.capabilities();
        this.runtime = runtime;
        this.current = current;
        this.images = capabilities.features().contains(ActivationFeature.IMAGE);
        this.slotTokens = capabilities.contextTokens() * 3L / 4;
        // The other half is left to conversations that run.
        int handles = Math.max(1, capabilities.handles() / 2);
        this.leastTokens = Math.max(1, slotTokens / handles);
        this.slots = new CacheTier(slotTokens);
        this.memory = new CacheTier(memoryBytes);
    }

    /** The longest beginning of a prompt that is here, longer than {@code longerThan}. */
    synchronized Optional<Hit> findLongest(int[] prompt, int longerThan, PromptLayout talk, Instant now) {
        Optional<Entry> best = entries.values().stream()
                .filter(entry -> entry.tokens.length > longerThan
                        && isPrefix(entry.tokens, prompt)
                        && entry.lineage
                                .adapterMix()
                                .equals(talk.adapters().adapterMix().id())
                        && talk.cubes().containsAll(entry.lineage.cubes())
                        && entry.lineage.isValidAt(now))
                .max((a, b) -> Integer.compare(a.tokens.length, b.tokens.length));
        return best.map(entry -> {
            Tier from = entry.slot != null ? Tier.SLOT : Tier.MEMORY;
            entry.uses++;
            entry.usedAt = now;
            return new Hit(fork(entry, talk.session(), now), from);
        });
    }

    private static boolean isPrefix(int[] tokens, int[] longer) {
        return tokens.length <= longer.length && Arrays.equals(tokens, 0, tokens.length, longer, 0, tokens.length);
    }

    /** Making room for the fork must not take away what is forked. */
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
        ActivationImage image = Objects.requireNonNull(entry.image, "what is in no slot is in memory");
        return withEviction(() -> runtime.restore(image));
    }

    /**
     * Keeps a beginning, unless it comes from what has been changed or erased since: that is looked up under the lock
     * which {@link #removeIf} takes after such a change, so that nothing of it is here once the change is done. Takes
     * over the handle.
     */
    synchronized void put(ActivationHandle handle, CacheProvenance lineage, String session, Instant now) {
        if (!current.test(lineage)) {
            handle.close();
            return;
        }
        int[] tokens = handle.tokens();
        String key = ActivationManifest.hashOf(tokens) + ":" + lineage.cubes() + ":" + lineage.adapterMix();
        Entry known = entries.get(key);
        if (known != null && known.slot != null) {
            handle.close();
            return;
        }
        Entry entry = known != null ? known : new Entry(key, tokens, lineage);
        entry.slot = handle;
        entries.put(key, entry);
        evictFromSlots(slots.use(key, cost(entry), session, now));
    }

    /** Whether exactly these tokens are here and were found twice or more. */
    synchronized boolean wasReused(int[] tokens) {
        return entries.values().stream().anyMatch(entry -> entry.uses > 1 && Arrays.equals(entry.tokens, tokens));
    }

    /** What it takes of the slots beyond what it shares with others, and at least the share of one handle. */
    private long cost(Entry entry) {
        int shared = entries.values().stream()
                .filter(other -> other != entry
                        && other.slot != null
                        && other.lineage.adapterMix().equals(entry.lineage.adapterMix())
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
     * Does what needs room in the runtime; gives up what is kept, little by little, until there is enough. Others go on
     * meanwhile: what is done may take long.
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

    /** Erases what comes from this. */
    synchronized void removeIf(Predicate<CacheProvenance> dead) {
        for (Entry entry : List.copyOf(entries.values())) {
            if (dead.test(entry.lineage)) {
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

    /** Everything that is here. */
    synchronized List<CachedPrefix> list() {
        return entries.values().stream()
                .map(entry -> new CachedPrefix(
                        entry.tokens,
                        entry.lineage,
                        entry.slot != null && entry.image != null
                                ? List.of(Tier.SLOT, Tier.MEMORY)
                                : List.of(entry.slot != null ? Tier.SLOT : Tier.MEMORY),
                        entry.usedAt,
                        entry.uses))
                .toList();
    }

    /** The cubes that something here comes from. */
    synchronized Set<CubeKey> sourceCubes() {
        Set<CubeKey> cubes = new HashSet<>();
        entries.values().forEach(entry -> {
            cubes.addAll(entry.lineage.cubes());
            entry.lineage.sources().forEach(source -> cubes.add(source.cube()));
        });
        return cubes;
    }

    @Override
    public synchronized void close() {
        List.copyOf(entries.values()).forEach(this::remove);
    }
}
