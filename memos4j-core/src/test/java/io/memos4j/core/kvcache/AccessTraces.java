package io.memos4j.core.kvcache;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Access sequences, and plain reference policies written without the code under test. */
final class AccessTraces {
    private AccessTraces() {}

    /** Generates accesses with changing popularity, scans and loops mixed. */
    static int[] mixed(Random random, int length, int keys) {
        int[] trace = new int[length];
        int i = 0;
        while (i < length) {
            int kind = random.nextInt(3);
            int stretch = 1 + random.nextInt(4 * keys);
            int from = random.nextInt(keys);
            for (int j = 0; j < stretch && i < length; j++, i++) {
                trace[i] = switch (kind) {
                    case 0 -> (int) (keys * Math.pow(random.nextDouble(), 3));
                    case 1 -> (from + j) % keys;
                    default -> from + random.nextInt(Math.min(keys, 4)) % keys;
                };
            }
        }
        return trace;
    }

    /** LRU in bytes. */
    static final class Lru {
        private final LinkedHashMap<Integer, Long> held = new LinkedHashMap<>();
        private final long budget;
        private long bytes;
        long missed;

        Lru(long budget) {
            this.budget = budget;
        }

        void use(int key, long size) {
            if (size > budget) {
                return;
            }
            Long old = held.remove(key);
            if (old == null) {
                missed += size;
                bytes += size;
            }
            held.put(key, size);
            while (bytes > budget) {
                bytes -= held.pollFirstEntry().getValue();
            }
        }

        List<Integer> keys() {
            return new ArrayList<>(held.keySet());
        }
    }

    /**
     * Runs Belady's rule for equal sizes: its misses, and for each access whether it would keep the entry until the
     * next one.
     */
    static Optimum belady(int[] trace, int capacity) {
        int[] next = new int[trace.length];
        Map<Integer, Integer> seen = new HashMap<>();
        for (int i = trace.length - 1; i >= 0; i--) {
            next[i] = seen.getOrDefault(trace[i], Integer.MAX_VALUE);
            seen.put(trace[i], i);
        }
        boolean[] again = new boolean[trace.length];
        Map<Integer, Integer> held = new HashMap<>();
        int misses = 0;
        for (int i = 0; i < trace.length; i++) {
            Integer last = held.remove(trace[i]);
            if (last != null) {
                again[last] = true;
            } else {
                misses++;
                if (held.size() == capacity) {
                    int farthest = held.keySet().stream()
                            .max((a, b) -> Integer.compare(next[held.get(a)], next[held.get(b)]))
                            .orElseThrow();
                    held.remove(farthest);
                }
            }
            held.put(trace[i], i);
        }
        return new Optimum(misses, again);
    }

    /** The result of Belady's rule. */
    record Optimum(int misses, boolean[] again) {}

    /** Returns, for each access of a trace, the distance to the next access to its key; -1 for none. */
    static int[] nextUses(int[] trace) {
        int[] next = new int[trace.length];
        Map<Integer, Deque<Integer>> places = new HashMap<>();
        for (int i = trace.length - 1; i >= 0; i--) {
            Deque<Integer> later = places.computeIfAbsent(trace[i], key -> new ArrayDeque<>());
            next[i] = later.isEmpty() ? -1 : later.peekFirst() - i;
            later.addFirst(i);
        }
        return next;
    }
}
