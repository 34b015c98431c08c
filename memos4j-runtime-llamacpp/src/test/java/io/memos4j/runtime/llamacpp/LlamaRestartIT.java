package io.memos4j.runtime.llamacpp;

import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.runtime.KvCacheType;
import io.memos4j.spi.runtime.KvCacheTypes;
import io.memos4j.testkit.JavaCommand;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Restores in a second process what this one saved: its continuations are the same. */
class LlamaRestartIT {
    private static final int PROMPTS = 12;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(names = {"F16", "Q8_0"})
    void anotherProcessGoesOnWithTheSameTokens(KvCacheType type) throws Exception {
        List<String> expected = new ArrayList<>();
        try (ActivationRuntime runtime = Restoring.open(TestModels.tiny(), type)) {
            for (int i = 0; i < PROMPTS; i++) {
                int[] prompt = runtime.tokenize(("Day " + i + ": Bob fed the parrot. ").repeat(1 + 2 * i));
                try (ActivationHandle handle = runtime.prefill(prompt)) {
                    handle.save(folder.resolve("saved" + i));
                    expected.add(Restoring.continuation(handle));
                }
            }
        }
        Process process = new ProcessBuilder(
                        JavaCommand.of(Restoring.class, List.of(), TestModels.tiny(), type.name(), folder))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(output.lines()).containsExactlyElementsOf(expected);
    }

    /** The second process. */
    static final class Restoring {
        private Restoring() {}

        public static void main(String[] arguments) {
            try (ActivationRuntime runtime = open(Path.of(arguments[0]), KvCacheType.valueOf(arguments[1]))) {
                for (int i = 0; i < PROMPTS; i++) {
                    try (ActivationHandle handle = runtime.restore(Path.of(arguments[2], "saved" + i))) {
                        System.out.println(continuation(handle));
                    }
                }
                if (runtime.statistics().prefilled() != 0) {
                    throw new IllegalStateException("A prefix was computed.");
                }
            }
        }

        static ActivationRuntime open(Path model, KvCacheType type) {
            return new LlamaCppProvider()
                    .open(ActivationOptions.of(model).threads(2).caches(KvCacheTypes.of(type)));
        }

        static String continuation(ActivationHandle handle) {
            return Arrays.toString(handle.generate(GenerationOptions.greedy(24)).tokens());
        }
    }
}
