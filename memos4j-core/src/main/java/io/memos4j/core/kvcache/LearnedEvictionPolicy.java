package io.memos4j.core.kvcache;

import io.memos4j.api.MemoryException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides which artifacts stay in a cache tier with a byte budget, by one-bit reuse predictions, and never much worse
 * than LRU.
 *
 * <p>Bookkeeping only: the caller moves the bytes, and delays evicting what is in use. Deterministic. Not thread-safe:
 * callers lock. An access is amortized O(1), except when the policy switches sides, which is O(n) and requires at least
 * one budget of misses first. It remembers keys and sizes of up to three budgets.
 *
 * <p><b>Bound.</b> For any sizes and any predictions, over a run with one budget B, {@code missed bytes ≤ 2 · missed
 * bytes of LRU + 3 · B}. For entries of equal size read entries for bytes. If sizes are equal and each bit says whether
 * Belady's rule would keep the entry until its next access, the misses are exactly Belady's, the optimum. For unequal
 * sizes, where the optimum is NP-hard to find, nothing is claimed about it; the bound against LRU holds.
 *
 * <p>Entries larger than the budget are never kept and never counted.
 *
 * @param <K> identifies an artifact
 */
public final class LearnedEvictionPolicy<K> {
    /*
     * Two caches are simulated without their bytes: P follows the predictions (SimulatedCache), L is LRU. The real
     * cache C follows one of them, X: it evicts only what X does not hold. That is always enough, since X with the
     * new entry fits. Deterministic combination goes back to Fiat, Karp, Luby, McGeoch, Sleator and Young,
     * "Competitive paging algorithms" (1991), and with predictions to Wei, "Better and simpler learning-augmented
     * online caching" (2020). The argument for this variant, which forgets past merits and so reacts as fast after a
     * year as on the first day:
     *
     * (1) What C misses, P or L misses too: C evicted it while X did not hold it, and X could get it back only by an
     *     access. So over any stretch C ≤ P + L, in missed bytes.
     * (2) While C follows X, what C misses and X does not was in X and not in C at the start, at most B bytes:
     *     C ≤ X + B.
     * (3) "Debt" is how much more P has missed than L, since P's best moment. At B, after d ≥ B, C switches to L, and
     *     d + B is to be earned back: debt falls by what L misses and P does not, rises back at most to d + B, and at
     *     0 C trusts the predictions again. Following P, P ≤ L + d, so with (1) C ≤ 2L + d. Following L, with (2)
     *     C ≤ L + B, and L ≥ d + B before it ends, so C ≤ 2L - d. Together C ≤ 2L for each finished round; the last,
     *     unfinished one adds at most d + B < 3B, as one entry takes debt from below B to below 2B.
     * (4) With Belady's bits P is Belady's rule (it evicts only what that drops; if there were nothing of the kind,
     *     Belady's cache would be over its budget too). That is optimal from any state, and adopting L's cache would
     *     cost it less than k misses, so debt stays below B: C is P.
     */
    private final SimulatedCache<K> predicted;
    private final SimulatedCache<K> recent;
    private final Map<K, Long> held = new LinkedHashMap<>();
    /** Entries that are held but not in the simulated cache being followed: the first to be evicted. */
    private final Set<K> spare = new LinkedHashSet<>();

    private long budget;
    private long bytes;
    private boolean trusting = true;
    private long debt;
    private long ceiling;

    /**
     * Creates a policy for an empty tier.
     *
     * @param budget bytes, at least 0
     */
    public LearnedEvictionPolicy(long budget) {
        this.budget = checkedBudget(budget);
        predicted = new SimulatedCache<>(budget, key -> onSimulatedEviction(key, true));
        recent = new SimulatedCache<>(budget, key -> onSimulatedEviction(key, false));
    }

    /**
     * Records an access to an artifact, which is held from now on.
     *
     * @param key the artifact; one whose size has changed counts as new
     * @param size bytes, at least 1
     * @param again the prediction: it will be used again before it is worth evicting
     * @return the artifacts to evict now; the key itself only if it is larger than the budget and so not admitted
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

    /** Forgets an artifact that was removed. */
    public void remove(K key) {
        release(key);
        spare.remove(key);
        predicted.remove(key);
        recent.remove(key);
    }

    /**
     * Sets the budget in bytes.
     *
     * @return the artifacts to evict now
     */
    public List<K> resize(long newBudget) {
        budget = checkedBudget(newBudget);
        predicted.resize(newBudget);
        recent.resize(newBudget);
        return evict();
    }

    /** Returns whether the artifact is held. */
    public boolean contains(K key) {
        return held.containsKey(key);
    }

    /** Returns the bytes of all artifacts held. */
    public long bytes() {
        return bytes;
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
