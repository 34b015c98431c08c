package io.memos4j.core.kvcache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests the bound against LRU for any predictions, and the optimum for correct ones. */
class LearnedEvictionPolicyPropertyTest {
    private static final int LENGTH = 3_000;

    /** A policy, its reference, and the misses of both. */
    private static final class Race {
        final LearnedEvictionPolicy<Integer> residence;
        final AccessTraces.Lru lru;
        final Map<Integer, Long> kept = new HashMap<>();
        final long budget;
        long missed;

        Race(long budget) {
            this.budget = budget;
            residence = new LearnedEvictionPolicy<>(budget);
            lru = new AccessTraces.Lru(budget);
        }

        void use(int key, long size, boolean again) {
            if (size <= budget && !residence.contains(key)) {
                missed += size;
            }
            List<Integer> evicted = residence.use(key, size, again);
            lru.use(key, size);
            kept.put(key, size);
            evicted.forEach(each -> assertThat(kept.remove(each)).isNotNull());
            assertThat(residence.contains(key)).isEqualTo(size <= budget);
            assertThat(residence.bytes())
                    .isEqualTo(kept.values().stream().mapToLong(Long::longValue).sum())
                    .isLessThanOrEqualTo(budget);
            assertThat(missed).isLessThanOrEqualTo(2 * lru.missed + 3 * budget);
        }

        static Race of(int[] trace, int capacity, IntPredicate again) {
            Race race = new Race(capacity);
            for (int i = 0; i < trace.length; i++) {
                race.use(trace[i], 1, again.test(i));
            }
            return race;
        }
    }

    @Property(tries = 60)
    void wrongBitsCostAtMostTwiceLruAndThreeBudgets(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 24) int capacity, @ForAll @IntRange(max = 3) int kind) {
        Random random = new Random(seed);
        int[] trace = AccessTraces.mixed(random, LENGTH, 2 + random.nextInt(3 * capacity));
        boolean[] right = AccessTraces.belady(trace, capacity).again();
        int[] next = AccessTraces.nextUses(trace);
        Race.of(trace, capacity, i -> switch (kind) {
            case 0 -> !right[i];
            case 1 -> random.nextBoolean();
            case 2 -> next[i] < 0 || next[i] > capacity;
            default -> i / 200 % 2 == 0 ? right[i] : !right[i];
        });
    }

    @Property(tries = 40)
    void unequalSizesKeepTheBoundInBytes(@ForAll long seed, @ForAll @IntRange(min = 5, max = 300) int budget) {
        Random random = new Random(seed);
        int keys = 2 + random.nextInt(60);
        int[] trace = AccessTraces.mixed(random, LENGTH, keys);
        int[] sizes = random.ints(keys + 4, 1, 2 + budget / 2).toArray();
        sizes[0] = budget + 1;
        sizes[1] = budget;
        int[] next = AccessTraces.nextUses(trace);
        Race race = new Race(budget);
        for (int i = 0; i < trace.length; i++) {
            race.use(trace[i], sizes[trace[i]], next[i] < 0 || next[i] > 5);
        }
    }

    /** Accesses what LRU holds and the policy has just evicted, and predicts whatever seems worst for it. */
    @Property(tries = 60)
    void anAdversaryThatWatchesTheCacheCannotDoWorse(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 16) int capacity) {
        Random random = new Random(seed);
        Race race = new Race(capacity);
        int fresh = 1_000;
        double lies = random.nextDouble();
        for (int i = 0; i < LENGTH; i++) {
            List<Integer> painful = new ArrayList<>(race.lru.keys());
            painful.removeIf(race.residence::contains);
            int key = painful.isEmpty()
                    ? random.nextInt(8) == 0 ? fresh++ : random.nextInt(capacity + 2)
                    : painful.getFirst();
            race.use(key, 1, random.nextDouble() < (key >= 1_000 ? lies : 1 - lies));
        }
    }

    @Property(tries = 60)
    void withTheBitsOfBeladyItsMissesAreThoseOfBelady(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 24) int capacity) {
        Random random = new Random(seed);
        int[] trace = AccessTraces.mixed(random, LENGTH, 2 + random.nextInt(3 * capacity));
        AccessTraces.Optimum optimum = AccessTraces.belady(trace, capacity);
        Race race = Race.of(trace, capacity, i -> optimum.again()[i]);
        assertThat(race.missed).isEqualTo(optimum.misses()).isLessThanOrEqualTo(race.lru.missed);
    }

    @Property(tries = 40)
    void aConstantBitIsLru(@ForAll long seed, @ForAll boolean bit, @ForAll @IntRange(min = 1, max = 24) int capacity) {
        Random random = new Random(seed);
        int[] trace = AccessTraces.mixed(random, LENGTH, 2 + random.nextInt(3 * capacity));
        Race race = new Race(capacity);
        for (int key : trace) {
            race.use(key, 1, bit);
            assertThat(race.kept.keySet()).containsExactlyInAnyOrderElementsOf(race.lru.keys());
        }
        assertThat(race.missed).isEqualTo(race.lru.missed);
    }

    @Property(tries = 40)
    void removalAndResizingKeepTheBooks(@ForAll long seed) {
        Random random = new Random(seed);
        LearnedEvictionPolicy<Integer> residence = new LearnedEvictionPolicy<>(50);
        Map<Integer, Long> kept = new HashMap<>();
        long budget = 50;
        for (int i = 0; i < LENGTH; i++) {
            int key = random.nextInt(30);
            List<Integer> evicted = List.of();
            switch (random.nextInt(12)) {
                case 0 -> {
                    residence.remove(key);
                    kept.remove(key);
                }
                case 1 -> {
                    budget = random.nextInt(100);
                    evicted = residence.resize(budget);
                }
                default -> {
                    long size = 1 + random.nextInt(12);
                    evicted = residence.use(key, size, random.nextBoolean());
                    kept.put(key, size);
                }
            }
            evicted.forEach(kept::remove);
            assertThat(residence.bytes())
                    .isEqualTo(kept.values().stream().mapToLong(Long::longValue).sum())
                    .isLessThanOrEqualTo(budget);
            assertThat(kept.keySet()).allMatch(residence::contains);
        }
    }
}
