package io.memos4j.testkit.runtime;

import io.memos4j.api.ErrorCode;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.spi.runtime.ActivationFeature;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationImage;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.AdapterMix.Part;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.runtime.LoadedAdapter;
import io.memos4j.testkit.SampleAdapters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Contract of activation runtimes that take adapters. Extend it and open yours, with room for 1,024 tokens and 4
 * handles.
 *
 * <p>{@link AdapterRefusalContract} has what it must refuse.
 */
public abstract class AdapterRuntimeContract {
    private static final int LENGTH = 24;

    @TempDir
    protected Path folder;

    private LoraAdapter first;
    private LoraAdapter second;
    private int written;

    /** Opens the runtime under test; each call another one for the same model. */
    protected abstract ActivationRuntime open();

    /** The GGUF file of the model that {@link #open} opens. */
    protected abstract Path model();

    /** The largest difference between logits that should be equal but for rounding; they are of about 1 in size. */
    protected float tolerance() {
        return 0.01f;
    }

    @BeforeEach
    void makeAdapters() {
        BaseModel base = BaseModel.ofGguf(model());
        first = SampleAdapters.random(base, 1);
        second = SampleAdapters.random(base, 2);
    }

    @Test
    void anAdapterThatIsLoadedButNotAppliedChangesNothing() {
        try (ActivationRuntime runtime = open()) {
            float[] logits = logits(runtime, AdapterMix.NONE);
            int[] answer = answer(runtime, AdapterMix.NONE);
            try (LoadedAdapter adapter = load(runtime, first)) {
                assertThat(adapter.files().hash()).hasSize(64);
                assertThat(logits(runtime, AdapterMix.NONE)).containsExactly(logits);
                assertThat(logits(runtime, AdapterMix.of(adapter))).isNotEqualTo(logits);
                assertThat(logits(runtime, AdapterMix.NONE)).containsExactly(logits);
                assertThat(answer(runtime, AdapterMix.NONE)).containsExactly(answer);
            }
            assertThat(logits(runtime, AdapterMix.NONE)).containsExactly(logits);
        }
    }

    @Test
    void adaptersChangeTheAnswerEachInItsOwnWay() {
        try (ActivationRuntime runtime = open();
                LoadedAdapter one = load(runtime, first);
                LoadedAdapter other = load(runtime, second)) {
            float[] base = logits(runtime, AdapterMix.NONE);
            float[] changed = logits(runtime, AdapterMix.of(one));
            float[] otherwise = logits(runtime, AdapterMix.of(other));
            assertThat(difference(base, changed)).isGreaterThan(100 * tolerance());
            assertThat(difference(base, otherwise)).isGreaterThan(100 * tolerance());
            assertThat(difference(changed, otherwise)).isGreaterThan(100 * tolerance());
            assertThat(answer(runtime, AdapterMix.of(one))).isNotEqualTo(answer(runtime, AdapterMix.NONE));
        }
    }

    @Test
    void aScaleMultipliesTheChange() {
        try (ActivationRuntime runtime = open();
                LoadedAdapter adapter = load(runtime, first);
                LoadedAdapter half = load(runtime, SampleAdapters.sum(first, 0.25, first, 0.25))) {
            AdapterMix scaled = new AdapterMix(List.of(new Part(adapter, 0.5)));
            if (!runtime.capabilities().adapters().scaled()) {
                refused(ErrorCode.UNSUPPORTED, () -> runtime.prefill(prompt(runtime), scaled));
                return;
            }
            float[] base = logits(runtime, AdapterMix.NONE);
            float[] full = logits(runtime, AdapterMix.of(adapter));
            float[] between = logits(runtime, scaled);
            assertThat(difference(between, base)).isLessThan(difference(full, base));
            assertThat(difference(between, full)).isLessThan(difference(full, base));
            assertThat(difference(between, logits(runtime, AdapterMix.of(half))))
                    .isLessThan(tolerance());
        }
    }

    @Test
    void adaptersTogetherAddWhatEachOfThemAdds() {
        try (ActivationRuntime runtime = open();
                LoadedAdapter one = load(runtime, first);
                LoadedAdapter other = load(runtime, second);
                LoadedAdapter sum = load(runtime, SampleAdapters.sum(first, 1, second, 1))) {
            AdapterMix both = new AdapterMix(List.of(new Part(one, 1), new Part(other, 1)));
            if (runtime.capabilities().adapters().together() == 1) {
                refused(ErrorCode.UNSUPPORTED, () -> runtime.prefill(prompt(runtime), both));
                return;
            }
            float[] together = logits(runtime, both);
            assertThat(difference(together, logits(runtime, AdapterMix.of(sum))))
                    .isLessThan(tolerance());
            assertThat(difference(together, logits(runtime, AdapterMix.of(one))))
                    .isGreaterThan(100 * tolerance());
        }
    }

    @Test
    void moreAdaptersThanItTakesAreRefused() {
        try (ActivationRuntime runtime = open()) {
            int together = runtime.capabilities().adapters().together();
            List<Part> parts = new ArrayList<>();
            for (int i = 0; i <= together; i++) {
                parts.add(new Part(load(runtime, SampleAdapters.sum(first, 1, second, i * 0.01)), 0.01));
            }
            refused(ErrorCode.UNSUPPORTED, () -> runtime.prefill(prompt(runtime), new AdapterMix(parts)));
            if (runtime.capabilities().adapters().scaled()) {
                runtime.prefill(prompt(runtime), new AdapterMix(parts.subList(0, together)))
                        .close();
            }
        }
    }

    @Test
    void handlesOfDifferentMixesTakeTurnsAndEachAnswersAsIfAlone() {
        try (ActivationRuntime runtime = open();
                LoadedAdapter one = load(runtime, first);
                LoadedAdapter other = load(runtime, second)) {
            List<AdapterMix> mixes = List.of(AdapterMix.of(one), AdapterMix.NONE, AdapterMix.of(other));
            List<int[]> alone = mixes.stream().map(mix -> answer(runtime, mix)).toList();
            List<ActivationHandle> handles = mixes.stream()
                    .map(mix -> runtime.prefill(prompt(runtime), mix))
                    .toList();
            GenerationOptions one1 = GenerationOptions.greedy(1).keep(true);
            for (int i = 0; i < LENGTH; i++) {
                for (int k = 0; k < handles.size(); k++) {
                    if (i < alone.get(k).length) {
                        assertThat(handles.get(k).generate(one1).tokens())
                                .as("token %s of handle %s", i, k)
                                .containsExactly(alone.get(k)[i]);
                    }
                }
            }
            handles.forEach(ActivationHandle::close);
        }
    }

    @Test
    void aHandleIsExtendedWithItsMix() {
        try (ActivationRuntime runtime = open();
                LoadedAdapter adapter = load(runtime, first)) {
            int[] prompt = prompt(runtime);
            float[] whole = logits(runtime, AdapterMix.of(adapter));
            int[] start = IntStream.of(prompt).limit(prompt.length / 2).toArray();
            int[] rest = IntStream.of(prompt).skip(start.length).toArray();
            try (ActivationHandle handle = runtime.prefill(start, AdapterMix.of(adapter));
                    ActivationHandle plain = runtime.prefill(start)) {
                plain.extend(rest);
                handle.extend(rest);
                assertThat(difference(handle.logits(), whole)).isLessThan(tolerance());
                assertThat(difference(plain.logits(), logits(runtime, AdapterMix.NONE)))
                        .isLessThan(tolerance());
            }
        }
    }

    @Test
    void aForkGoesOnWithItsMix() {
        try (ActivationRuntime runtime = open();
                LoadedAdapter adapter = load(runtime, first);
                ActivationHandle handle = runtime.prefill(prompt(runtime), AdapterMix.of(adapter));
                ActivationHandle plain = runtime.prefill(prompt(runtime));
                ActivationHandle fork = handle.fork();
                ActivationHandle plainFork = plain.fork()) {
            int[] question = runtime.tokenize(" And then?");
            handle.extend(question);
            plain.extend(question);
            plainFork.extend(question);
            fork.extend(question);
            assertThat(difference(fork.logits(), handle.logits())).isLessThan(tolerance());
            assertThat(difference(plainFork.logits(), plain.logits())).isLessThan(tolerance());
            assertThat(difference(fork.logits(), plain.logits())).isGreaterThan(100 * tolerance());
        }
    }

    @Test
    void anImageGoesOnWithItsMix() {
        try (ActivationRuntime runtime = open();
                LoadedAdapter adapter = load(runtime, first);
                ActivationHandle handle = runtime.prefill(prompt(runtime), AdapterMix.of(adapter))) {
            if (!runtime.capabilities().features().contains(ActivationFeature.IMAGE)) {
                refused(ErrorCode.UNSUPPORTED, handle::image);
                return;
            }
            int[] question = runtime.tokenize(" And then?");
            try (ActivationImage image = handle.image();
                    ActivationHandle restored = runtime.restore(image)) {
                handle.extend(question);
                restored.extend(question);
                assertThat(difference(restored.logits(), handle.logits())).isLessThan(tolerance());
                adapter.close();
                refused(ErrorCode.CLOSED, () -> runtime.restore(image));
            }
        }
    }

    @Test
    void whatWasComputedWithAdaptersIsNotSaved() {
        try (ActivationRuntime runtime = open();
                LoadedAdapter adapter = load(runtime, first);
                ActivationHandle handle = runtime.prefill(prompt(runtime), AdapterMix.of(adapter));
                ActivationHandle fork = handle.fork()) {
            refused(ErrorCode.UNSUPPORTED, () -> handle.save(folder.resolve("saved")));
            refused(ErrorCode.UNSUPPORTED, () -> fork.save(folder.resolve("saved")));
            assertThat(folder.resolve("saved")).doesNotExist();
        }
    }

    @Test
    void whatWasComputedWithAnUnloadedAdapterDoesNotGoOn() {
        try (ActivationRuntime runtime = open();
                ActivationHandle plain = runtime.prefill(prompt(runtime))) {
            int[] expected = answer(plain);
            LoadedAdapter adapter = load(runtime, first);
            int[] taught = answer(runtime, AdapterMix.of(adapter));
            AdapterMix mix = AdapterMix.of(adapter);
            ActivationHandle handle = runtime.prefill(prompt(runtime), mix);
            refused(
                    ErrorCode.CLOSED,
                    () -> handle.generate(GenerationOptions.greedy(LENGTH), (token, text) -> {
                        adapter.close();
                        return true;
                    }));
            adapter.close();
            List<ThrowingCallable> calls = List.of(
                    () -> handle.extend(new int[] {1}),
                    handle::fork,
                    handle::logits,
                    () -> answer(handle),
                    () -> runtime.prefill(prompt(runtime), mix));
            calls.forEach(call -> refused(ErrorCode.CLOSED, call));
            assertThat(handle.tokens()).containsExactly(prompt(runtime));
            assertThat(answer(plain)).containsExactly(expected);
            try (LoadedAdapter again = load(runtime, first)) {
                calls.forEach(call -> refused(ErrorCode.CLOSED, call));
                assertThat(answer(runtime, AdapterMix.of(again))).containsExactly(taught);
            }
            handle.close();
            assertThat(runtime.statistics().handles()).isEqualTo(1);
        }
    }

    @Test
    void anAdapterThatIsLoadedTwiceStaysUntilBothAreClosed() {
        try (ActivationRuntime runtime = open();
                LoadedAdapter once = load(runtime, first);
                LoadedAdapter twice = load(runtime, first);
                ActivationHandle handle = runtime.prefill(prompt(runtime), AdapterMix.of(once));
                ActivationHandle other = runtime.prefill(prompt(runtime), AdapterMix.of(twice))) {
            int[] expected = answer(handle);
            once.close();
            once.close();
            assertThat(answer(handle)).containsExactly(expected);
            assertThat(answer(other)).containsExactly(expected);
            assertThat(answer(runtime, AdapterMix.of(twice))).containsExactly(expected);
            twice.close();
            refused(ErrorCode.CLOSED, () -> answer(handle));
            refused(ErrorCode.CLOSED, () -> answer(other));
        }
    }

    @Test
    void anAdapterOfAnotherRuntimeIsRefused() {
        try (ActivationRuntime runtime = open();
                ActivationRuntime other = open();
                LoadedAdapter adapter = load(other, first)) {
            refused(ErrorCode.INVALID_ARGUMENT, () -> runtime.prefill(prompt(runtime), AdapterMix.of(adapter)));
        }
    }

    @Test
    void anAdapterMayBeClosedAfterItsRuntime() {
        ActivationRuntime runtime = open();
        LoadedAdapter adapter = load(runtime, first);
        LoadedAdapter again = load(runtime, first);
        runtime.close();
        adapter.close();
        again.close();
        refused(ErrorCode.CLOSED, () -> load(runtime, second));
    }

    private LoadedAdapter load(ActivationRuntime runtime, LoraAdapter adapter) {
        AdapterFiles files = SampleAdapters.write(adapter, folder, "adapter" + written++);
        return runtime.load(files);
    }

    private static int[] prompt(ActivationRuntime runtime) {
        return runtime.tokenize("Alice went to the harbour and ate soup. ".repeat(2));
    }

    private static float[] logits(ActivationRuntime runtime, AdapterMix mix) {
        try (ActivationHandle handle = runtime.prefill(prompt(runtime), mix)) {
            return handle.logits();
        }
    }

    private static int[] answer(ActivationRuntime runtime, AdapterMix mix) {
        try (ActivationHandle handle = runtime.prefill(prompt(runtime), mix)) {
            return answer(handle);
        }
    }

    private static int[] answer(ActivationHandle handle) {
        return handle.generate(GenerationOptions.greedy(LENGTH)).tokens();
    }

    private static float difference(float[] some, float[] others) {
        assertThat(some).hasSameSizeAs(others);
        float largest = 0;
        for (int i = 0; i < some.length; i++) {
            largest = Math.max(largest, Math.abs(some[i] - others[i]));
        }
        return largest;
    }
}
