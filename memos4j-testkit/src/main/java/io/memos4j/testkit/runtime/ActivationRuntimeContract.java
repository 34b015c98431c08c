package io.memos4j.testkit.runtime;

import io.memos4j.api.ErrorCode;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.runtime.ActivationFeature;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationImage;
import io.memos4j.spi.runtime.ActivationManifest;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.ActivationStatistics;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.runtime.GenerationOptions.Sampling;
import io.memos4j.spi.runtime.GenerationResult;
import io.memos4j.spi.runtime.GenerationResult.FinishReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Contract of activation runtimes. Extend it and open yours, with room for at least 1,024 tokens and 4 handles.
 *
 * <p>{@link ActivationTokensContract} has what concerns texts and choices, {@link ActivationRuntimeCallsContract}
 * several threads.
 */
public abstract class ActivationRuntimeContract extends ActivationTokensContract {
    @Test
    void aRestoredPrefixGoesOnAsTheOneThatWasSaved() {
        try (ActivationRuntime first = open();
                ActivationRuntime second = open()) {
            if (cannotSave(first)) {
                return;
            }
            for (int[] prompt : prompts(first)) {
                try (ActivationHandle computed = first.prefill(prompt)) {
                    Path file = folder.resolve("saved");
                    ActivationManifest manifest = computed.save(file);
                    try (ActivationHandle restored = second.restore(file)) {
                        assertThat(restored.tokens()).containsExactly(prompt);
                        assertThat(continuation(restored)).containsExactly(continuation(computed));
                    }
                    assertThat(second.inspect(file)).isEqualTo(manifest);
                    assertThat(manifest.tokensHash()).isEqualTo(ActivationManifest.hashOf(prompt));
                }
            }
        }
    }

    @Test
    void aRestoredPrefixIsExtendedAsOneThatWasNeverSaved() {
        try (ActivationRuntime runtime = open()) {
            if (cannotSave(runtime)) {
                return;
            }
            int[] question = runtime.tokenize(" And what did she eat in the evening?");
            for (int[] prompt : prompts(runtime)) {
                Path file = folder.resolve("saved");
                try (ActivationHandle computed = runtime.prefill(prompt)) {
                    computed.save(file);
                    computed.extend(question);
                    try (ActivationHandle restored = runtime.restore(file)) {
                        restored.extend(question);
                        assertThat(restored.tokens()).containsExactly(computed.tokens());
                        assertThat(continuation(restored)).containsExactly(continuation(computed));
                    }
                }
            }
        }
    }

    @Test
    void anImageGoesOnAsTheHandleItWasTakenOf() {
        try (ActivationRuntime runtime = open();
                ActivationRuntime other = open()) {
            if (!runtime.capabilities().features().contains(ActivationFeature.IMAGE)) {
                try (ActivationHandle handle = runtime.prefill(prompts(runtime).getFirst())) {
                    refused(ErrorCode.UNSUPPORTED, handle::image);
                }
                return;
            }
            for (int[] prompt : prompts(runtime)) {
                ActivationHandle computed = runtime.prefill(prompt);
                int[] expected = continuation(computed);
                try (ActivationImage image = computed.image()) {
                    computed.close();
                    assertThat(image.tokens()).containsExactly(prompt);
                    try (ActivationHandle once = runtime.restore(image);
                            ActivationHandle twice = runtime.restore(image)) {
                        assertThat(continuation(once)).containsExactly(expected);
                        once.extend(prompt);
                        assertThat(continuation(twice)).containsExactly(expected);
                    }
                    refused(ErrorCode.INVALID_ARGUMENT, () -> other.restore(image));
                    image.close();
                    refused(ErrorCode.CLOSED, () -> runtime.restore(image));
                }
            }
        }
    }

    @Test
    void forksShareAPrefixAndGoTheirOwnWays() {
        try (ActivationRuntime runtime = open()) {
            for (int[] prompt : prompts(runtime)) {
                try (ActivationHandle trunk = runtime.prefill(prompt);
                        ActivationHandle left = trunk.fork();
                        ActivationHandle right = left.fork()) {
                    int[] expected = continuation(trunk);
                    left.extend(runtime.tokenize(" one way"));
                    assertThat(continuation(right)).containsExactly(expected);
                    right.extend(runtime.tokenize(" another way"));
                    int[] alone = continuation(left);
                    trunk.close();
                    right.close();
                    assertThat(continuation(left)).containsExactly(alone);
                }
                try (ActivationHandle alone = runtime.prefill(prompt);
                        ActivationHandle other = runtime.prefill(prompt);
                        ActivationHandle fork = other.fork()) {
                    alone.extend(runtime.tokenize(" one way"));
                    fork.extend(runtime.tokenize(" one way"));
                    assertThat(continuation(fork)).containsExactly(continuation(alone));
                }
            }
        }
    }

    /** Returns true if a fork takes no memory and no time; only a server that cannot share may override it. */
    protected boolean sharesForks() {
        return true;
    }

    @Test
    void aForkCostsNoRoom() {
        try (ActivationRuntime runtime = open();
                ActivationHandle trunk = runtime.prefill(tokens(runtime, 400))) {
            ActivationStatistics before = runtime.statistics();
            try (ActivationHandle fork = trunk.fork()) {
                ActivationStatistics after = runtime.statistics();
                assertThat(after.handles()).isEqualTo(2);
                if (sharesForks()) {
                    assertThat(after.contextTokens()).isEqualTo(before.contextTokens());
                    assertThat(after.reused()).isEqualTo(399);
                } else {
                    assertThat(after.contextTokens()).isEqualTo(2 * before.contextTokens());
                    assertThat(after.reused() + after.prefilled() - before.prefilled())
                            .isEqualTo(399);
                }
            }
        }
    }

    @Test
    void aHandleIsTheSameAfterAGenerationUnlessItIsToKeepIt() {
        try (ActivationRuntime runtime = open();
                ActivationHandle handle = runtime.prefill(tokens(runtime, 60))) {
            int[] before = handle.tokens();
            int[] first = continuation(handle);
            assertThat(handle.tokens()).containsExactly(before);
            assertThat(continuation(handle)).containsExactly(first);

            GenerationOptions half = GenerationOptions.greedy(first.length / 2);
            int[] beginning = handle.generate(half.keep(true)).tokens();
            assertThat(handle.tokens()).hasSize(before.length + beginning.length);
            int[] rest = handle.generate(half).tokens();
            assertThat(concat(beginning, rest)).startsWith(beginning).containsExactly(prefix(first, rest.length * 2));
        }
    }

    @Test
    void tokensComeOneByOneAndTogetherMakeTheText() {
        try (ActivationRuntime runtime = open();
                ActivationHandle handle = runtime.prefill(tokens(runtime, 40))) {
            List<Integer> seen = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            GenerationResult generation = handle.generate(GenerationOptions.greedy(30), (token, piece) -> {
                seen.add(token);
                text.append(piece);
                return true;
            });
            assertThat(generation.tokens())
                    .containsExactly(seen.stream().mapToInt(Integer::intValue).toArray());
            assertThat(generation.text()).startsWith(text.toString());
            assertThat(generation.timeToFirstToken()).isPositive();
            assertThat(generation.finishReason()).isIn(FinishReason.LENGTH, FinishReason.STOP);
        }
    }

    @Test
    void aSinkEndsAGenerationByItsAnswerOrByAnException() {
        try (ActivationRuntime runtime = open();
                ActivationHandle handle = runtime.prefill(tokens(runtime, 40))) {
            int[] before = continuation(handle);
            GenerationResult cut = handle.generate(GenerationOptions.greedy(30), (token, text) -> false);
            assertThat(cut.finishReason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(cut.tokens()).hasSize(1);
            assertThatThrownBy(() -> handle.generate(GenerationOptions.greedy(30), (token, text) -> {
                        throw new IllegalStateException("enough");
                    }))
                    .hasMessage("enough");
            assertThat(continuation(handle)).containsExactly(before);
        }
    }

    @Test
    void theSameSeedGivesTheSameTokens() {
        try (ActivationRuntime runtime = open();
                ActivationHandle handle = runtime.prefill(tokens(runtime, 40))) {
            GenerationOptions options = GenerationOptions.greedy(24).sampling(new Sampling(1.5f, 0, 1, 7));
            int[] first = handle.generate(options).tokens();
            assertThat(handle.generate(options).tokens()).containsExactly(first);
            assertThat(Stream.of(8, 9, 10, 11)
                            .map(seed -> handle.generate(options.sampling(new Sampling(1.5f, 0, 1, seed))))
                            .map(GenerationResult::tokens))
                    .anySatisfy(other -> assertThat(other).isNotEqualTo(first));
        }
    }

    @Test
    void countsWhatWasComputedRestoredAndGenerated() {
        try (ActivationRuntime runtime = open();
                ActivationHandle handle = runtime.prefill(tokens(runtime, 101))) {
            boolean saves = !cannotSave(runtime);
            if (saves) {
                handle.save(folder.resolve("saved"));
                runtime.restore(folder.resolve("saved")).close();
            }
            int generated = handle.generate(GenerationOptions.greedy(5)).tokens().length;
            ActivationStatistics statistics = runtime.statistics();
            assertThat(statistics.prefilled()).isEqualTo(100);
            assertThat(statistics.restored()).isEqualTo(saves ? 100 : 0);
            assertThat(statistics.generated()).isEqualTo(generated);
            assertThat(statistics.handles()).isEqualTo(1);
            assertThat(statistics.contextTokens()).isEqualTo(100);
        }
    }

    @Test
    void aPrefixOfOneTokenIsLikeAnyOther() {
        try (ActivationRuntime runtime = open();
                ActivationHandle one = runtime.prefill(tokens(runtime, 1))) {
            try (ActivationHandle fork = one.fork()) {
                assertThat(continuation(fork)).containsExactly(continuation(one));
            }
            if (!cannotSave(runtime)) {
                one.save(folder.resolve("one"));
                try (ActivationHandle restored = runtime.restore(folder.resolve("one"))) {
                    assertThat(continuation(restored)).containsExactly(continuation(one));
                }
            }
        }
    }

    @Test
    void refusesTokensThatItDoesNotHave() {
        try (ActivationRuntime runtime = open();
                ActivationHandle handle = runtime.prefill(tokens(runtime, 10))) {
            int beyond = runtime.model().shape().vocabulary();
            refused(ErrorCode.INVALID_ARGUMENT, () -> runtime.prefill(new int[0]));
            for (int wrong : new int[] {-1, beyond, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                refused(ErrorCode.INVALID_ARGUMENT, () -> runtime.prefill(new int[] {1, wrong}));
                refused(ErrorCode.INVALID_ARGUMENT, () -> handle.extend(new int[] {wrong}));
                refused(ErrorCode.INVALID_ARGUMENT, () -> runtime.detokenize(new int[] {wrong}));
            }
            assertThat(handle.tokens()).hasSize(10);
        }
    }

    @Test
    void refusesWhatDoesNotFitAndIsSoundAfterwards() {
        try (ActivationRuntime runtime = open()) {
            int most = runtime.capabilities().handleTokens();
            refused(ErrorCode.TOO_LARGE, () -> runtime.prefill(tokens(runtime, most + 1)));
            try (ActivationHandle handle = runtime.prefill(tokens(runtime, 50))) {
                int[] expected = continuation(handle);
                refused(ErrorCode.TOO_LARGE, () -> handle.extend(tokens(runtime, most)));
                assertThat(handle.tokens()).hasSize(50);
                assertThat(continuation(handle)).containsExactly(expected);
            }
        }
    }

    @Test
    void refusesMoreHandlesThanItHas() {
        try (ActivationRuntime runtime = open()) {
            List<ActivationHandle> handles = new ArrayList<>();
            for (int i = 0; i < runtime.capabilities().handles(); i++) {
                handles.add(runtime.prefill(tokens(runtime, 2)));
            }
            refused(ErrorCode.CONTEXT_FULL, () -> runtime.prefill(tokens(runtime, 2)));
            refused(ErrorCode.CONTEXT_FULL, () -> handles.getFirst().fork());
            handles.removeFirst().close();
            handles.getFirst().fork().close();
        }
    }

    @Test
    void refusesAFileThatWasCutShortOrChanged() throws IOException {
        try (ActivationRuntime runtime = open();
                ActivationHandle handle = runtime.prefill(tokens(runtime, 30))) {
            if (cannotSave(runtime)) {
                return;
            }
            Path file = folder.resolve("saved");
            handle.save(file);
            byte[] sound = Files.readAllBytes(file);
            for (int length : new int[] {0, 1, 11, 12, 40, sound.length / 2, sound.length - 4, sound.length - 1}) {
                Files.write(file, Arrays.copyOf(sound, length));
                refused(ErrorCode.ACTIVATION_CORRUPT, () -> runtime.restore(file));
            }
            Files.write(file, Arrays.copyOf(sound, sound.length + 1));
            refused(ErrorCode.ACTIVATION_CORRUPT, () -> runtime.restore(file));
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(3);
            for (int i = 0; i < 200; i++) {
                byte[] changed = sound.clone();
                int at = i < 60 ? i : random.nextInt(sound.length);
                changed[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, changed);
                refused(ErrorCode.ACTIVATION_CORRUPT, () -> runtime.restore(file));
            }
            Files.writeString(file, "Something else altogether, long enough for a head.");
            refused(ErrorCode.ACTIVATION_CORRUPT, () -> runtime.inspect(file));
            refused(ErrorCode.STORAGE_FAILED, () -> runtime.restore(folder.resolve("missing")));
            refused(
                    ErrorCode.STORAGE_FAILED,
                    () -> handle.save(folder.resolve("missing").resolve("saved")));
            assertThat(runtime.statistics().handles()).isEqualTo(1);
        }
    }

    @Test
    void whatIsClosedSaysSo() {
        ActivationRuntime runtime = open();
        ActivationHandle handle = runtime.prefill(tokens(runtime, 5));
        ActivationHandle open = runtime.prefill(tokens(runtime, 5));
        handle.close();
        handle.close();
        for (ThrowingCallable call : calls(handle)) {
            refused(ErrorCode.CLOSED, call);
        }
        assertThat(runtime.statistics().handles()).isEqualTo(1);
        runtime.close();
        runtime.close();
        for (ThrowingCallable call : calls(open)) {
            refused(ErrorCode.CLOSED, call);
        }
        assertThat(open.tokens()).hasSize(5);
        open.close();
        refused(ErrorCode.CLOSED, () -> runtime.prefill(new int[] {1}));
        refused(ErrorCode.CLOSED, () -> runtime.tokenize("late"));
        refused(ErrorCode.CLOSED, () -> runtime.tokenize(List.of(ChatTurn.user("late")), true));
        refused(ErrorCode.CLOSED, () -> runtime.detokenize(new int[] {1}));
        refused(ErrorCode.CLOSED, runtime::statistics);
    }

    /** Checks that a runtime without {@link ActivationFeature#SAVE} refuses to save. */
    private boolean cannotSave(ActivationRuntime runtime) {
        if (runtime.capabilities().features().contains(ActivationFeature.SAVE)) {
            return false;
        }
        try (ActivationHandle handle = runtime.prefill(tokens(runtime, 1))) {
            refused(ErrorCode.UNSUPPORTED, () -> handle.save(folder.resolve("saved")));
            refused(ErrorCode.UNSUPPORTED, () -> runtime.restore(folder.resolve("saved")));
        }
        return true;
    }

    private List<ThrowingCallable> calls(ActivationHandle handle) {
        return List.of(
                () -> handle.extend(new int[] {1}),
                handle::fork,
                handle::logits,
                () -> handle.generate(GenerationOptions.greedy(1)),
                () -> handle.save(folder.resolve("late")));
    }

    private static int[] concat(int[] first, int[] second) {
        int[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
