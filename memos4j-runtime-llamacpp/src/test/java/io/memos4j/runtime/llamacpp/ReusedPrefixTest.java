package io.memos4j.runtime.llamacpp;

import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.runtime.KvCacheType;
import io.memos4j.spi.runtime.KvCacheTypes;
import io.memos4j.spi.runtime.TokenizeOption;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reuse changes nothing: a prefix that is restored or shared and then extended continues like the whole text computed
 * at once.
 */
class ReusedPrefixTest {
    private static final int PROMPTS = 30;
    private static final String[] WORDS = {
        "Alice", "harbour", "soup", "the", "ate", "went", "in", "evening", "Bob", "lives", "with", "a", "parrot", "1987"
    };

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(names = {"F16", "Q8_0"})
    void aReusedPrefixGoesOnAsTheWholeTextWould(KvCacheType type) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
        try (ActivationRuntime runtime = new LlamaCppProvider()
                .open(TestModels.options().contextTokens(4_096).caches(KvCacheTypes.of(type)))) {
            for (int i = 0; i < PROMPTS; i++) {
                int[] prefix = runtime.tokenize(text(random, 1 + random.nextInt(80)), TokenizeOption.START);
                int[] question = runtime.tokenize(text(random, 1 + random.nextInt(20)));
                int[] expected;
                try (ActivationHandle whole = runtime.prefill(LlamaCppRuntime.concatenate(prefix, question))) {
                    expected = continuation(whole);
                }
                Path file = folder.resolve("saved");
                try (ActivationHandle trunk = runtime.prefill(prefix);
                        ActivationHandle fork = trunk.fork()) {
                    trunk.save(file);
                    fork.extend(question);
                    assertThat(continuation(fork)).as("fork %s", i).containsExactly(expected);
                    try (ActivationHandle restored = runtime.restore(file)) {
                        restored.extend(question);
                        assertThat(continuation(restored)).as("restored %s", i).containsExactly(expected);
                    }
                }
            }
        }
    }

    private static int[] continuation(ActivationHandle handle) {
        return handle.generate(GenerationOptions.greedy(24)).tokens();
    }

    private static String text(RandomGenerator random, int words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
        }
        return text.toString();
    }
}
