package io.memos4j.core.kvcache;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OptGenLabelerTest {
    @Test
    void forEqualSizesItGrantsAsManyHitsAsBeladysRuleHas() {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            int capacity = 2 + random.nextInt(20);
            int[] trace = AccessTraces.mixed(random, 8 * capacity, 3 * capacity);
            OptGenLabeler hindsight = new OptGenLabeler(capacity * 128L);
            Map<Integer, Long> last = new HashMap<>();
            int hits = 0;
            for (int key : trace) {
                Long before = last.put(key, hindsight.time());
                if (before != null && hindsight.wouldKeep(before, 128)) {
                    hits++;
                }
                hindsight.advance(128);
            }
            assertThat(trace.length - hits)
                    .isEqualTo(AccessTraces.belady(trace, capacity).misses());
        }
    }

    @Test
    void whatIsLongAgoIsNotKept() {
        OptGenLabeler hindsight = new OptGenLabeler(1_280);
        hindsight.advance(10);
        assertThat(hindsight.isTooOld(0)).isFalse();
        assertThat(hindsight.wouldKeep(0, 10)).isTrue();
        hindsight.advance(40 * 1_280);
        assertThat(hindsight.isTooOld(0)).isTrue();
        assertThat(hindsight.wouldKeep(0, 10)).isFalse();
    }
}
