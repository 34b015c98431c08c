package io.memos4j.bench.eviction;

import io.memos4j.core.kvcache.CacheAccess;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EvictionComparisonTest {
    private static final long SIZE = 1_000_000;

    private static CacheTrace trace(int... keys) {
        List<CacheAccess<Integer>> uses = new ArrayList<>();
        for (int key : keys) {
            uses.add(new CacheAccess<>(key, SIZE, "chat", Instant.EPOCH.plusSeconds(uses.size())));
        }
        return new CacheTrace("trace", uses, .5);
    }

    private static long hits(CacheTrace trace, ReplayCache policy) {
        return trace.uses().stream().filter(policy::hit).count();
    }

    @Test
    void arcKeepsWhatIsUsedTwiceThroughAScanAndLruDoesNot() {
        CacheTrace trace = trace(1, 2, 1, 2, 10, 11, 12, 13, 14, 1, 2);
        assertThat(hits(trace, ReplayCache.lru(4 * SIZE))).isEqualTo(2);
        assertThat(hits(trace, new ArcCache(4 * SIZE))).isEqualTo(4);
    }

    @Test
    void beladyGivesUpWhatIsUsedFarthestAhead() {
        BeladyOracle belady = BeladyOracle.of(trace(1, 2, 3, 1, 2, 3), 2 * SIZE);
        assertThat(belady.hits().cardinality()).isEqualTo(2);
        assertThat(belady.again().cardinality()).isEqualTo(2);
        assertThat(belady.hits().get(3)).isTrue();
    }

    @Test
    void perfectBitsServeAsMuchAsBelady() {
        Random random = new Random(1);
        CacheTrace trace =
                trace(random.ints(2_000, 0, 30).map(key -> key * key / 30).toArray());
        for (int capacity = 1; capacity < 12; capacity++) {
            BeladyOracle belady = BeladyOracle.of(trace, capacity * SIZE);
            int[] place = {0};
            assertThat(hits(
                            trace,
                            ReplayCache.withPredictions(
                                    capacity * SIZE, use -> belady.again().get(place[0]++))))
                    .isEqualTo(belady.hits().cardinality());
        }
    }

    @Test
    void aRowNamesEveryPolicyAndKeepsTheBound() {
        List<EvictionComparison.Row> rows =
                EvictionComparison.run(trace(new Random(2).ints(3_000, 0, 50).toArray()));
        assertThat(rows).hasSize(1).allMatch(EvictionComparison.Row::bounded);
        assertThat(rows.getFirst().text())
                .contains("LRU", "ARC", "TinyLFU", "perfect bits", "inverted", "Belady", "learned");
    }
}
