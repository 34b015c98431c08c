package io.memos4j.core.kvcache;

import java.util.LinkedHashMap;
import java.util.function.Consumer;

/**
 * A simulated cache of keys and sizes that follows one-bit predictions: it gives up what is not expected again, the
 * least recently used first.
 *
 * <p>This is <i>Flush-when-all-0s</i> of "Paging with Succinct Predictions" (Antoniadis et al., ICML 2023), done
 * lazily: when everything is expected again, nothing is any more, but it leaves only as room is needed and can be saved
 * by a use. At any time the lazy cache holds all that the flushing one holds, so it misses no more often. With a
 * constant bit it is exactly LRU, and serves as that too. Each operation is O(1) and amortised O(1) for each key
 * evicted. Not thread-safe.
 *
 * @param <K> what is kept
 */
final class SimulatedCache<K> {
    private LinkedHashMap<K, Long> expected = new LinkedHashMap<>();
    private LinkedHashMap<K, Long> done = new LinkedHashMap<>();
    private final Consumer<K> evicted;
    private long budget;
    private long bytes;

    /**
     * Creates an empty shelf.
     *
     * @param budget bytes
     * @param evicted told each key that leaves for want of room
     */
    SimulatedCache(long budget, Consumer<K> evicted) {
        this.budget = budget;
        this.evicted = evicted;
    }

    /** Uses a key of at most the budget's bytes; true when it was here in that size. */
    boolean use(K key, long size, boolean again) {
        boolean hit = remove(key) == size;
        shrink(budget - size);
        (again ? expected : done).put(key, size);
        bytes += size;
        return hit;
    }

    /** Takes a key away without a word; its bytes, 0 when it was not here. */
    long remove(K key) {
        Long size = expected.remove(key);
        if (size == null) {
            size = done.remove(key);
        }
        if (size == null) {
            return 0;
        }
        bytes -= size;
        return size;
    }

    boolean contains(K key) {
        return expected.containsKey(key) || done.containsKey(key);
    }

    void resize(long newBudget) {
        budget = newBudget;
        shrink(newBudget);
    }

    private void shrink(long room) {
        while (bytes > room) {
            if (done.isEmpty()) {
                LinkedHashMap<K, Long> empty = done;
                done = expected;
                expected = empty;
            }
            var oldest = done.pollFirstEntry();
            bytes -= oldest.getValue();
            evicted.accept(oldest.getKey());
        }
    }
}
