package io.memos4j.core.kvcache;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReusePredictorTest {
    private static final Instant START = Instant.parse("2025-03-01T10:00:00Z");
    private final ReusePredictor<Integer> foresight = new ReusePredictor<>(100);

    private ReusePrediction use(int key, String session, long second) {
        return foresight.observe(new CacheAccess<>(key, 1, session, START.plusSeconds(second)));
    }

    @Test
    void beforeAnythingIsLearnedItSaysAgain() {
        ReusePrediction first = use(1, "chat", 0);
        assertThat(first.willReuse()).isTrue();
        assertThat(first.probability()).isBetween(.5, 1.0);
        assertThat(first.reason()).startsWith("Likely to be used again");
    }

    @Test
    void itLearnsThatWhatIsScannedDoesNotComeBackAndWhatIsSharedDoes() {
        for (int i = 0; i < 20_000; i++) {
            use(i % 20, "chat", i);
            use(1_000 + i, "import", i);
        }
        assertThat(use(3, "chat", 20_001).willReuse()).isTrue();
        ReusePrediction scanned = use(90_000, "import", 20_002);
        assertThat(scanned.willReuse()).isFalse();
        assertThat(scanned.reason()).startsWith("Unlikely to be used again: ").endsWith(".");
    }

    @Test
    void theSameUsesGiveTheSameForecasts() {
        ReusePredictor<Integer> twin = new ReusePredictor<>(100);
        Random random = new Random(5);
        for (int i = 0; i < 5_000; i++) {
            CacheAccess<Integer> use = new CacheAccess<>(
                    random.nextInt(300), 1 + random.nextInt(30), "s" + i / 50, START.plusSeconds(i * 30L));
            assertThat(foresight.observe(use)).isEqualTo(twin.observe(use));
        }
    }

    @Test
    void onALoopTooLargeForTheCacheItBeatsLruByFar() {
        LearnedEvictionPolicy<Integer> residence = new LearnedEvictionPolicy<>(100);
        int hits = 0;
        for (int i = 0; i < 24_000; i++) {
            int key = i % 120;
            hits += residence.contains(key) ? 1 : 0;
            residence.use(key, 1, use(key, "loop", i).willReuse());
        }
        assertThat(hits).isGreaterThan(12_000); // LRU: 0
    }

    @Test
    void aForgottenArtifactStartsAnew() {
        use(1, "chat", 0);
        use(1, "chat", 1);
        assertThat(use(1, "chat", 2).probability())
                .isNotEqualTo(use(2, "chat", 3).probability());
        foresight.remove(1);
        assertThat(use(1, "chat", 4).probability()).isEqualTo(use(3, "chat", 5).probability());
    }
}
