package io.memos4j.core.kvcache;

import io.memos4j.api.MemoryException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides which KV artifacts stay in a tier with a budget in bytes, by one-bit predictions, and never much worse than
 * LRU.
 *
 * <p>Bookkeeping only: the caller moves the bytes, and delays an eviction of what is in use at the moment.
 * Deterministic. Not thread-safe: callers lock. A use is amortised O(1), except when the policy changes sides, which is
 * O(n) and needs at least a budget's worth of misses first. Keys and sizes of up to three budgets are remembered.
 *
 * <p><b>Bound.</b> For any sizes and any predictions, over a run with one budget B, {@code missed bytes ≤ 2 · missed
 * bytes of LRU + 3 · B}. For entries of equal size read entries for bytes. When sizes are equal and each bit says
 * whether Belady's rule would keep the entry until its next use, the misses are exactly Belady's, which is the optimum.
 * For unequal sizes nothing is claimed about the optimum, which is then NP-hard to find; the bound against LRU stands.
 *
 * <p>Entries of more than the budget are never kept, and never counted.
 *
 * @param <K> names an artifact
 */
public final class LearnedEvictionPolicy<K> {
    /*
     * Two caches are simulated without their bytes: P follows the predictions (Shelf), L is LRU. The real cache C follows one of them, X: it
     * evicts only what X does not hold. That is always enough, since X with the new entry fits. Deterministic combination goes back to Fiat,
     * Karp, Luby, McGeoch, Sleator and Young, "Competitive paging algorithms" (1991), and with predictions to Wei, "Better and simpler
     * learning-augmented online caching" (2020). The argument for this variant, which forgets old merits and so reacts as fast after a year as on the first day:
     *
     * (1) What C misses, P or L misses too: C evicted it while X did not hold it, and X could get it back only by a use. So over any
     *     stretch C ≤ P + L, in missed bytes.
     * (2) While C follows X, what C misses and X does not was in X and not in C at the start, at most B bytes: C ≤ X + B.
     * (3) "Debt" is how much more P has missed than L, since P's best moment. At B, after d ≥ B, C changes to L, and d + B is to be earned:
     *     debt falls by what L misses and P does not, rises back at most to d + B, and at 0 C trusts again.
     *     Following P, P ≤ L + d, so with (1) C ≤ 2L + d. Following L, with (2) C ≤ L + B, and L ≥ d + B before it ends, so C ≤ 2L - d.
     *     Together C ≤ 2L for each finished round; the last, unfinished one adds at most d + B < 3B, as one entry takes debt from below B to below 2B.
     * (4) With Belady's bits P is Belady's rule (it gives up only what that drops; were there nothing of the kind, Belady's cache would be over its budget too). That
     *     is optimal from any state, and adopting L's cache would cost it less than k misses, so debt stays below B: C is P.
     */
    private final SimulatedCache<K> predicted;
    private final SimulatedCache<K> recent;
    private final Map<K, Long> held = new LinkedHashMap<>();
    /** What is held and not by the followed shelf: the first to go. */
    private final Set<K> spare = new LinkedHashSet<>();

    private long budget;
    private long bytes;
    private boolean trusting = true;
    private long debt;
    private long ceiling;

    /**
     * Creates an empty residence.
     *
     * @param budget bytes, at least 0
     */
    public LearnedEvictionPolicy(long budget) {
        this.budget = checkedBudget(budget);
        predicted = new SimulatedCache<>(budget, key -> onSimulatedEviction(key, true));
        recent = new SimulatedCache<>(budget, key -> onSimulatedEviction(key, false));
    }

    /**
     * Uses an artifact, which is kept from now on.
     *
     * @param key the artifact; one that comes with another size than before counts as new
     * @param size its bytes, at least 1
     * @param again the prediction: it will be used again before it is worth evicting
     * @return what to evict now; the key itself only if it is larger than the budget and so not admitted
     */
    public List<K> use(K key, long size, boolean again) {
        if (size < 1) {
            throw MemoryException.invalid(
                    "Cannot keep artifact " + key + " of " + size + " bytes: a size is at least 1.");
        }
        if (size > budget) {
            remove(key);
            return List.of(key);
        }
        boolean hit = predicted.use(key, size, again);
        boolean recentHit = recent.use(key, size, true);
        Long old = held.put(key, size);
        bytes += size - (old == null ? 0 : old);
        spare.remove(key);
        if (hit != recentHit) {
            updateDebt(hit ? -size : size);
        }
        return evict();
    }

    /** Forgets an artifact that is gone. */
    public void remove(K key) {
        release(key);
        spare.remove(key);
        predicted.remove(key);
        recent.remove(key);
    }

    /** Sets the budget in bytes; what to evict now. */
    public List<K> resize(long newBudget) {
        budget = checkedBudget(newBudget);
        predicted.resize(newBudget);
        recent.resize(newBudget);
        return evict();
    }

    /** Whether the artifact is kept. */
    public boolean contains(K key) {
        return held.containsKey(key);
    }

    /** Bytes of all that is kept. */
    public long bytes() {
        return bytes;
    }

    /** Why the last evictions were as they were. */
    public String explain() {
        return trusting
                ? "What is not expected to be used again goes first, the least recently used of it first."
                : "The least recently used goes first: predictions have cost " + debt
                        + " bytes of misses that are not earned back yet.";
    }

    private void updateDebt(long loss) {
        debt = Math.max(0, debt + loss);
        if (trusting) {
            if (debt >= budget) {
                debt += budget;
                ceiling = debt;
                switchTo(false);
            }
        } else {
            debt = Math.min(debt, ceiling);
            if (debt == 0) {
                switchTo(true);
            }
        }
    }

    private void switchTo(boolean prediction) {
        trusting = prediction;
        SimulatedCache<K> followed = prediction ? predicted : recent;
        spare.clear();
        for (K key : held.keySet()) {
            if (!followed.contains(key)) {
                spare.add(key);
            }
        }
    }

    private void onSimulatedEviction(K key, boolean byPrediction) {
        if (byPrediction == trusting && held.containsKey(key)) {
            spare.add(key);
        }
    }

    private List<K> evict() {
        List<K> evicted = new ArrayList<>();
        var candidates = spare.iterator();
        while (bytes > budget) {
            K key = candidates.next();
            candidates.remove();
            release(key);
            evicted.add(key);
        }
        return evicted;
    }

    private void release(K key) {
        Long size = held.remove(key);
        bytes -= size == null ? 0 : size;
    }

    private static long checkedBudget(long budget) {
        if (budget < 0) {
            throw MemoryException.invalid("A budget of " + budget + " bytes is not possible: give 0 or more.");
        }
        return budget;
    }
}
