package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.LoraTarget;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.GgufFile;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.modelfiles.LoraFactors;
import io.memos4j.modelfiles.LoraMatrix;
import io.memos4j.modelfiles.LoraScale;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.runtime.KvCacheType;
import io.memos4j.spi.runtime.KvCacheTypes;
import io.memos4j.spi.runtime.LoadedAdapter;
import io.memos4j.testkit.SampleAdapters;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Adapters of finite numbers that compute infinities affect only those who use them. */
class CacheOverflowTest {
    private static final BaseModel BASE = BaseModel.ofGguf(TestModels.tiny());
    private static final int[] PROMPT = IntStream.range(1, 60).toArray();

    @TempDir
    private Path folder;

    private static LlamaCppRuntime open(KvCacheType type) {
        return LlamaCppRuntime.open(TestModels.options().caches(KvCacheTypes.of(type)));
    }

    @ParameterizedTest
    @EnumSource(names = {"F16", "Q8_0"})
    void whateverAnAdapterComputesOthersComputeAsBefore(KvCacheType type) {
        try (LlamaCppRuntime runtime = open(type);
                ActivationHandle other = runtime.prefill(PROMPT);
                ActivationHandle fork = other.fork()) {
            fork.extend(PROMPT);
            int[] expected = answer(other);
            int[] forked = answer(fork);
            int cells = runtime.statistics().contextTokens();
            int refused = 0;
            for (LoraTarget target : LoraTarget.values()) {
                for (float size : new float[] {1e3f, 1e6f, 1e30f}) {
                    try (LoadedAdapter adapter = load(runtime, even(target, size))) {
                        refused += computes(runtime, adapter) ? 0 : 1;
                    }
                    assertThat(runtime.statistics().handles()).isEqualTo(2);
                    assertThat(runtime.statistics().contextTokens()).isEqualTo(cells);
                    assertThat(answer(other)).as("%s of %s", target, size).containsExactly(expected);
                    assertThat(answer(fork)).as("%s of %s", target, size).containsExactly(forked);
                    try (ActivationHandle later = runtime.prefill(PROMPT)) {
                        assertThat(answer(later)).as("%s of %s", target, size).containsExactly(expected);
                    }
                }
            }
            assertThat(refused).isGreaterThan(LoraTarget.values().length);
        }
    }

    /** Tells whether the results are finite; if not, each kind of call must say so. */
    private static boolean computes(ActivationRuntime runtime, LoadedAdapter adapter) {
        try (ActivationHandle handle = runtime.prefill(PROMPT, AdapterMix.of(adapter))) {
            for (float logit : handle.logits()) {
                assertThat(logit).isFinite();
            }
            return true;
        } catch (MemoryException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.RUNTIME_FAILED);
            assertThat(e).hasMessageContaining("is not finite").hasMessageContaining("smaller scale");
        }
        try (ActivationHandle one = runtime.prefill(new int[] {1}, AdapterMix.of(adapter))) {
            failed(one::logits);
            failed(() -> answer(one));
            failed(() -> one.extend(PROMPT));
            assertThat(one.tokens()).containsExactly(1);
        } catch (MemoryException e) {
            throw new AssertionError("A prefix of one token has nothing to compute.", e);
        }
        return false;
    }

    @Test
    void aHandleThatFailsIsWhatItWasBefore() {
        try (LlamaCppRuntime runtime = open(KvCacheType.F16);
                LoadedAdapter adapter = load(runtime, forToken(80, 500));
                ActivationHandle handle = runtime.prefill(PROMPT, AdapterMix.of(adapter))) {
            int[] expected = answer(handle);
            float[] logits = handle.logits();
            int cells = runtime.statistics().contextTokens();
            int[] bad = IntStream.concat(IntStream.range(90, 700).map(i -> 90 + i % 100), IntStream.of(80, 81))
                    .toArray();
            failed(() -> handle.extend(bad));
            assertThat(handle.tokens()).containsExactly(PROMPT);
            assertThat(runtime.statistics().contextTokens()).isEqualTo(cells);
            assertThat(handle.logits()).containsExactly(logits);
            assertThat(answer(handle)).containsExactly(expected);
        }
    }

    /**
     * An infinite key that no query of its sequence attends to does no harm there: every score is minus infinity. For
     * the others it is NaN, mask or not.
     */
    @Test
    void whoHidesAnInfinityFromItselfIsFoundByTheOthers() {
        try (LlamaCppRuntime runtime = open(KvCacheType.F16);
                LoadedAdapter adapter = load(runtime, hidden(1, 80))) {
            int[] expected;
            try (ActivationHandle alone = runtime.prefill(PROMPT)) {
                expected = answer(alone);
            }
            ActivationHandle hider = hiding(runtime, adapter);
            ActivationHandle fork = hider.fork();
            for (float logit : hider.logits()) {
                assertThat(logit).isFinite();
            }
            try (ActivationHandle other = runtime.prefill(PROMPT)) {
                assertThat(answer(other)).containsExactly(expected);
                failed(hider::logits);
                failed(hider::fork);
                failed(hider::image);
                failed(() -> hider.extend(PROMPT));
                failed(() -> answer(fork));
                assertThat(hider.tokens()).containsExactly(1, 80, 80, 80, 80);
                hider.close();
                fork.close();
                assertThat(answer(other)).containsExactly(expected);
                assertThat(runtime.statistics().contextTokens()).isEqualTo(PROMPT.length - 1);
            }
            hiding(runtime, adapter).close();
            try (ActivationHandle later = runtime.prefill(PROMPT)) {
                assertThat(answer(later)).containsExactly(expected);
            }
        }
    }

    /** Computes the start separately: in one step with the others, it would attend to them through its mask. */
    private static ActivationHandle hiding(ActivationRuntime runtime, LoadedAdapter adapter) {
        ActivationHandle hider = runtime.prefill(new int[] {1, 80}, AdapterMix.of(adapter));
        hider.extend(new int[] {80, 80, 80});
        return hider;
    }

    private LoadedAdapter load(ActivationRuntime runtime, LoraAdapter adapter) {
        return runtime.load(SampleAdapters.write(adapter, folder, "adapter"));
    }

    /** Changes one matrix of the second layer by a product of numbers of one size. */
    private static LoraAdapter even(LoraTarget target, float size) {
        float[] a = new float[BASE.columns(target)];
        float[] b = new float[BASE.rows(target)];
        Arrays.fill(a, size);
        Arrays.fill(b, size);
        return LoraAdapter.of(BASE, new LoraScale(1, 1), Map.of(new LoraMatrix(1, target), LoraFactors.of(a, b)));
    }

    /** Makes all values of the first layer large for one token, without affecting others that are orthogonal to it. */
    private static LoraAdapter forToken(int token, float size) {
        float[] b = new float[BASE.rows(LoraTarget.VALUE)];
        Arrays.fill(b, size);
        return LoraAdapter.of(
                BASE,
                new LoraScale(1, 1),
                Map.of(new LoraMatrix(0, LoraTarget.VALUE), LoraFactors.of(direction(1, token), b)));
    }

    /** Gives a token keys of one sign and queries of the other; neither for the start. */
    private static LoraAdapter hidden(int start, int token) {
        float[] a = direction(start, token);
        return LoraAdapter.of(
                BASE,
                new LoraScale(1, 1),
                Map.of(
                        new LoraMatrix(0, LoraTarget.KEY),
                        LoraFactors.of(a, slowest(LoraTarget.KEY, 1e4f)),
                        new LoraMatrix(0, LoraTarget.QUERY),
                        LoraFactors.of(a, slowest(LoraTarget.QUERY, -100))));
    }

    /** Selects the number of each head that rotates slowest with the position. */
    private static float[] slowest(LoraTarget target, float size) {
        float[] b = new float[BASE.rows(target)];
        for (int i = BASE.headWidth() / 2 - 1; i < b.length; i += BASE.headWidth()) {
            b[i] = size;
        }
        return b;
    }

    /** The input of the first layer for a token, without its component along another one. */
    private static float[] direction(int start, int token) {
        float[] first = embedding(start);
        float[] second = embedding(token);
        double share = product(first, second) / product(first, first);
        float[] direction = new float[first.length];
        for (int i = 0; i < direction.length; i++) {
            direction[i] = (float) (second[i] - share * first[i]);
        }
        return direction;
    }

    private static float[] embedding(int token) {
        try (GgufFile model = GgufFile.open(TestModels.tiny())) {
            return Arrays.copyOfRange(
                    model.floats("token_embd.weight"), token * BASE.width(), (token + 1) * BASE.width());
        }
    }

    private static double product(float[] some, float[] others) {
        return IntStream.range(0, some.length)
                .mapToDouble(i -> (double) some[i] * others[i])
                .sum();
    }

    private static int[] answer(ActivationHandle handle) {
        return handle.generate(GenerationOptions.greedy(16)).tokens();
    }

    private static void failed(ThrowingCallable call) {
        refused(ErrorCode.RUNTIME_FAILED, call, "not finite");
    }
}
