package io.memos4j.bench.performance;

import io.memos4j.api.items.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Generates messages with word frequencies by Zipf's law and lengths like those of chats. Deterministic by seed. */
final class SyntheticText {
    private static final int VOCABULARY = 30_000;
    private static final String[] SYLLABLES = {
        "ba", "ke", "li", "mo", "nu", "ra", "si", "to", "va", "ze", "chi", "dor", "fen", "gal", "hin", "jor", "pel",
        "qua", "tir", "wen"
    };

    private final RandomGenerator random;
    private final String[] words = new String[VOCABULARY];
    private final double[] cumulative = new double[VOCABULARY];

    SyntheticText(long seed) {
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        double sum = 0;
        for (int i = 0; i < VOCABULARY; i++) {
            words[i] = word(i);
            sum += 1.0 / (i + 2);
            cumulative[i] = sum;
        }
    }

    private static String word(int number) {
        StringBuilder word = new StringBuilder();
        int rest = number + SYLLABLES.length;
        while (rest > 0) {
            word.append(SYLLABLES[rest % SYLLABLES.length]);
            rest /= SYLLABLES.length;
        }
        return word.toString();
    }

    String sentence(int length) {
        StringBuilder sentence = new StringBuilder();
        for (int i = 0; i < length; i++) {
            sentence.append(i == 0 ? "" : " ").append(next());
        }
        return sentence.append('.').toString();
    }

    private String next() {
        double target = random.nextDouble() * cumulative[VOCABULARY - 1];
        int at = Arrays.binarySearch(cumulative, target);
        return words[Math.min(VOCABULARY - 1, at < 0 ? -at - 1 : at)];
    }

    List<Message> messages(int count, int firstNumber) {
        List<Message> messages = new ArrayList<>(count);
        for (int i = firstNumber; i < firstNumber + count; i++) {
            messages.add(Message.user(sentence(random.nextInt(8, 40)))
                    .by(i % 2 == 0 ? "Alice" : "Ben")
                    .in("session-" + i / 30)
                    .at(Instant.ofEpochSecond(1_700_000_000L + 60L * i)));
        }
        return messages;
    }
}
