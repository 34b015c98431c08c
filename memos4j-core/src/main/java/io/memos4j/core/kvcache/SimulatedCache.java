package io.memos4j.core.kvcache;

import java.util.LinkedHashMap;
import java.util.function.Consumer;

/**
 * A simulated cache of keys and sizes that follows one-bit predictions: it evicts what is not expected again, least
 * recently used first.
 *
 * <p>This is <i>Flush-when-all-0s</i> of "Paging with Succinct Predictions" (Antoniadis et al., ICML 2023), done
 * lazily: when everything is expected again, all bits are cleared, but entries leave only as space is needed and can be
 * saved by an access. At any time the lazy cache holds all that the flushing one holds, so it misses no more often.
 * With a constant bit it is exactly LRU, and serves as that too. Each operation is amortized O(1). Not thread-safe.
 *
 * @param <K> identifies an entry
 */
final class SimulatedCache<K> {
    private LinkedHashMap<K, Long> expected = new LinkedHashMap<>();
    private LinkedHashMap<K, Long> done = new LinkedHashMap<>();
    private final Consumer<K> evicted;
    private long budget;
    private long bytes;

    /**
     * @param budget bytes
     * @param evicted takes each evicted key
     */
    SimulatedCache(long budget, Consumer<K> evicted) {
        this.budget = budget;
        this.evicted = evicted;
    }

    /** Records an access to a key of at most the budget's size; returns true if it was held with that size. */
    boolean use(K key, long size, boolean again) {
        boolean hit = remove(key) == size;
        shrink(budget - size);
        (again ? expected : done).put(key, size);
        bytes += size;
        return hit;
    }

    /** Removes a key without notifying the listener; returns its bytes, 0 if it was not held. */
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

    private void shrink(long target) {
        while (bytes > target) {
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
