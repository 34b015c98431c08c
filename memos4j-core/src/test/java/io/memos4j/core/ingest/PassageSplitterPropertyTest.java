package io.memos4j.core.ingest;

import io.memos4j.spi.index.Passage;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class PassageSplitterPropertyTest {
    private static final String[] ALPHABET = {
        "a",
        "word",
        " ",
        " ",
        " ",
        "\n",
        "\n\n",
        ". ",
        "。",
        "记",
        "忆",
        "😀",
        "é",
        "e\u0301",
        "\t",
        "- item\n",
        "longishword"
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void passagesPartitionAnyTextAndStayInBounds(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int round = 0; round < 100; round++) {
            String text = text(random, random.nextInt(1, 900));
            List<Passage> passages = PassageSplitter.split(text);
            int expectedStart = 0;
            for (int i = 0; i < passages.size(); i++) {
                Passage passage = passages.get(i);
                assertThat(passage.number()).isEqualTo(i);
                assertThat(passage.start()).isEqualTo(expectedStart);
                assertThat(passage.end()).isGreaterThan(passage.start());
                assertThat(passage.end() - passage.start()).isLessThanOrEqualTo(PassageSplitter.WHOLE + 1);
                boolean splitsPair = passage.end() < text.length()
                        && Character.isLowSurrogate(text.charAt(passage.end()))
                        && Character.isHighSurrogate(text.charAt(passage.end() - 1));
                assertThat(splitsPair).isFalse();
                expectedStart = passage.end();
            }
            assertThat(expectedStart).isEqualTo(text.length());
        }
    }

    @Test
    void aShortTextIsOnePassage() {
        assertThat(PassageSplitter.split("Alice lives in Lyon.")).containsExactly(new Passage(0, 0, 20));
    }

    @Test
    void paragraphsAreKeptTogether() {
        String paragraph = "x".repeat(200) + ".\n\n";
        List<Passage> passages = PassageSplitter.split(paragraph.repeat(6));
        assertThat(passages)
                .allSatisfy(passage ->
                        assertThat(passage.start() % paragraph.length()).isZero());
    }

    @Test
    void aHugeWordIsCutAtTheTarget() {
        assertThat(PassageSplitter.split("y".repeat(10_000))).hasSizeBetween(20, 22);
    }

    private static String text(RandomGenerator random, int parts) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parts; i++) {
            text.append(ALPHABET[random.nextInt(ALPHABET.length)]);
        }
        return text.toString();
    }
}
