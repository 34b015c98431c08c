package io.memos4j.core.kvcache;

import java.util.Arrays;

/**
 * Labels past accesses with what Belady's optimal policy would have done: whether it would have kept an entry from one
 * access to the next.
 *
 * <p>This is OPTgen of "Back to the Future: Leveraging Belady's Algorithm for Improved Cache Replacement" (Jain and
 * Lin, ISCA 2016): an interval between two accesses would have been a hit if at no point in it the intervals granted
 * before, and the access at that point, filled the cache. Exact for equal sizes up to the width of a slot; a heuristic
 * for unequal sizes. Time is counted in bytes accessed, so it needs no scale of its own; as in the paper, a slot is
 * 1/128 of the budget and 8 budgets are remembered. A segment tree makes each query O(log slots). Not thread-safe.
 */
final class OptGenLabeler {
    private static final int SLOTS = 1024;
    private static final int LEVELS = Integer.numberOfTrailingZeros(SLOTS);
    private static final int SLOTS_PER_BUDGET = 128;

    private final long budget;
    private final long slotBytes;
    private final long[] added = new long[SLOTS];
    private final long[] highest = new long[2 * SLOTS];
    private long clock;
    /** The size of the largest access in the current slot. */
    private long largest;

    OptGenLabeler(long budget) {
        this.budget = budget;
        this.slotBytes = Math.max(1, budget / SLOTS_PER_BUDGET);
    }

    /** Returns the current time: the bytes accessed so far. */
    long time() {
        return clock;
    }

    /** Returns whether an access at that time is too old to be labeled. */
    boolean isTooOld(long time) {
        return clock / slotBytes - time / slotBytes >= SLOTS;
    }

    /**
     * Returns whether an entry accessed at {@code since} and now would have been kept in between; reserves its space if
     * so.
     */
    boolean wouldKeep(long since, long size) {
        if (isTooOld(since) || size > budget) {
            return false;
        }
        long from = since / slotBytes + 1;
        long to = clock / slotBytes;
        if (from >= to) {
            return true;
        }
        int first = (int) (from % SLOTS);
        int end = (int) (to % SLOTS);
        boolean wraps = end <= first;
        long most = wraps ? Math.max(max(first, SLOTS), max(0, end)) : max(first, end);
        if (most + size > budget) {
            return false;
        }
        add(first, wraps ? SLOTS : end, size);
        if (wraps) {
            add(0, end, size);
        }
        return true;
    }

    /** Advances the time by one access, which occupies space at that moment even if it is not kept. */
    void advance(long size) {
        long from = clock / slotBytes;
        if (size > largest) {
            int at = (int) (from % SLOTS);
            add(at, at + 1, size - largest);
            largest = size;
        }
        clock += size;
        long to = clock / slotBytes;
        if (to == from) {
            return;
        }
        largest = 0;
        if (to - from >= SLOTS) {
            Arrays.fill(added, 0);
            Arrays.fill(highest, 0);
            return;
        }
        for (long slot = from + 1; slot <= to; slot++) {
            int at = (int) (slot % SLOTS);
            add(at, at + 1, -max(at, at + 1));
        }
    }

    private long max(int from, int to) {
        if (from == to) {
            return 0;
        }
        push(from + SLOTS);
        push(to - 1 + SLOTS);
        long most = 0;
        int left = from + SLOTS;
        for (int right = to + SLOTS; left < right; left >>= 1, right >>= 1) {
            if ((left & 1) == 1) {
                most = Math.max(most, highest[left++]);
            }
            if ((right & 1) == 1) {
                most = Math.max(most, highest[--right]);
            }
        }
        return most;
    }

    private void add(int from, int to, long size) {
        if (from == to) {
            return;
        }
        int left = from + SLOTS;
        for (int right = to + SLOTS; left < right; left >>= 1, right >>= 1) {
            if ((left & 1) == 1) {
                raise(left++, size);
            }
            if ((right & 1) == 1) {
                raise(--right, size);
            }
        }
        build(from + SLOTS);
        build(to - 1 + SLOTS);
    }

    private void raise(int node, long size) {
        highest[node] += size;
        if (node < SLOTS) {
            added[node] += size;
        }
    }

    /** Recomputes the ancestors of a leaf. */
    private void build(int leaf) {
        for (int node = leaf >> 1; node >= 1; node >>= 1) {
            highest[node] = Math.max(highest[2 * node], highest[2 * node + 1]) + added[node];
        }
    }

    /** Propagates the pending additions at the ancestors of a leaf down to it. */
    private void push(int leaf) {
        for (int shift = LEVELS; shift >= 1; shift--) {
            int node = leaf >> shift;
            if (added[node] != 0) {
                raise(2 * node, added[node]);
                raise(2 * node + 1, added[node]);
                added[node] = 0;
            }
        }
    }
}
