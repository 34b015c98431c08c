package io.memos4j.core.kvcache;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReusePredictorTest {
    private static final Instant START = Instant.parse("2025-03-01T10:00:00Z");
    private final ReusePredictor<Integer> predictor = new ReusePredictor<>(100);

    private boolean use(int key, String session, long second) {
        return predictor.observe(new CacheAccess<>(key, 1, session, START.plusSeconds(second)));
    }

    @Test
    void beforeAnythingIsLearnedItSaysAgain() {
        assertThat(use(1, "chat", 0)).isTrue();
    }

    @Test
    void itLearnsThatWhatIsScannedDoesNotComeBackAndWhatIsSharedDoes() {
        for (int i = 0; i < 20_000; i++) {
            use(i % 20, "chat", i);
            use(1_000 + i, "import", i);
        }
        assertThat(use(3, "chat", 20_001)).isTrue();
        assertThat(use(90_000, "import", 20_002)).isFalse();
    }

    @Test
    void theSameUsesGiveTheSameForecasts() {
        ReusePredictor<Integer> other = new ReusePredictor<>(100);
        Random random = new Random(5);
        for (int i = 0; i < 5_000; i++) {
            CacheAccess<Integer> use = new CacheAccess<>(
                    random.nextInt(300), 1 + random.nextInt(30), "s" + i / 50, START.plusSeconds(i * 30L));
            assertThat(predictor.observe(use)).isEqualTo(other.observe(use));
        }
    }

    @Test
    void onALoopTooLargeForTheCacheItBeatsLruByFar() {
        LearnedEvictionPolicy<Integer> policy = new LearnedEvictionPolicy<>(100);
        int hits = 0;
        for (int i = 0; i < 24_000; i++) {
            int key = i % 120;
            hits += policy.contains(key) ? 1 : 0;
            policy.use(key, 1, use(key, "loop", i));
        }
        assertThat(hits).isGreaterThan(12_000); // LRU: 0
    }
}
