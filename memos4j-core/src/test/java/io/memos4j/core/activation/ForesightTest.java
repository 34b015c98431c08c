package io.memos4j.core.activation;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ForesightTest {
    private static final Instant START = Instant.parse("2025-03-01T10:00:00Z");
    private final Foresight<Integer> foresight = new Foresight<>(100);

    private Forecast use(int key, String session, long second) {
        return foresight.observe(new ArtifactUse<>(key, 1, session, START.plusSeconds(second)));
    }

    @Test
    void beforeAnythingIsLearnedItSaysAgain() {
        Forecast first = use(1, "chat", 0);
        assertThat(first.again()).isTrue();
        assertThat(first.probability()).isBetween(.5, 1.0);
        assertThat(first.why()).startsWith("Likely used again");
    }

    @Test
    void itLearnsThatWhatIsScannedDoesNotComeBackAndWhatIsSharedDoes() {
        for (int i = 0; i < 20_000; i++) {
            use(i % 20, "chat", i);
            use(1_000 + i, "import", i);
        }
        assertThat(use(3, "chat", 20_001).again()).isTrue();
        Forecast scanned = use(90_000, "import", 20_002);
        assertThat(scanned.again()).isFalse();
        assertThat(scanned.why()).startsWith("Hardly used again: ").endsWith(".");
    }

    @Test
    void theSameUsesGiveTheSameForecasts() {
        Foresight<Integer> twin = new Foresight<>(100);
        Random random = new Random(5);
        for (int i = 0; i < 5_000; i++) {
            ArtifactUse<Integer> use = new ArtifactUse<>(
                    random.nextInt(300), 1 + random.nextInt(30), "s" + i / 50, START.plusSeconds(i * 30L));
            assertThat(foresight.observe(use)).isEqualTo(twin.observe(use));
        }
    }

    @Test
    void onALoopTooLargeForTheCacheItBeatsLruByFar() {
        Residence<Integer> residence = new Residence<>(100);
        int hits = 0;
        for (int i = 0; i < 24_000; i++) {
            int key = i % 120;
            hits += residence.contains(key) ? 1 : 0;
            residence.use(key, 1, use(key, "loop", i).again());
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
