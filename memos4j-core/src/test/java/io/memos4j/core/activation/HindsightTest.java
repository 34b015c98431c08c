package io.memos4j.core.activation;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HindsightTest {
    @Test
    void forEqualSizesItGrantsAsManyHitsAsBeladysRuleHas() {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            int capacity = 2 + random.nextInt(20);
            int[] trace = Traces.mixed(random, 8 * capacity, 3 * capacity);
            Hindsight hindsight = new Hindsight(capacity * 128L);
            Map<Integer, Long> last = new HashMap<>();
            int hits = 0;
            for (int key : trace) {
                Long before = last.put(key, hindsight.now());
                if (before != null && hindsight.kept(before, 128)) {
                    hits++;
                }
                hindsight.advance(128);
            }
            assertThat(trace.length - hits)
                    .isEqualTo(Traces.belady(trace, capacity).misses());
        }
    }

    @Test
    void whatIsLongAgoIsNotKept() {
        Hindsight hindsight = new Hindsight(1_280);
        hindsight.advance(10);
        assertThat(hindsight.beyond(0)).isFalse();
        assertThat(hindsight.kept(0, 10)).isTrue();
        hindsight.advance(40 * 1_280);
        assertThat(hindsight.beyond(0)).isTrue();
        assertThat(hindsight.kept(0, 10)).isFalse();
    }
}
