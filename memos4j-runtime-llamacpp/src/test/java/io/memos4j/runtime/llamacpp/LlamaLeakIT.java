package io.memos4j.runtime.llamacpp;

import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.runtime.LoadedAdapter;
import io.memos4j.testkit.JavaCommand;
import io.memos4j.testkit.SampleAdapters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Resident memory, as Linux counts it, stays flat in a process whose heap is resident from the start. */
class LlamaLeakIT {
    private static final long MEBIBYTES_MORE = 24;

    @TempDir
    private Path folder;

    @Test
    void aThousandHandlesLeaveNothingBehind() throws Exception {
        assertThat(growth("handles", 200, 1_000)).isLessThan(MEBIBYTES_MORE);
    }

    @Test
    void modelsThatAreClosedLeaveNothingBehind() throws Exception {
        assertThat(growth("models", 20, 60)).isLessThan(MEBIBYTES_MORE);
    }

    @Test
    void adaptersThatAreUnloadedLeaveNothingBehind() throws Exception {
        assertThat(growth("adapters", 40, 200)).isLessThan(MEBIBYTES_MORE);
    }

    private long growth(String what, int warming, int measured) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(JavaCommand.of(
                        Cycling.class,
                        List.of("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch"),
                        TestModels.tiny(),
                        folder.resolve("saved"),
                        what,
                        warming,
                        measured))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        // Else the C library gives each new thread a heap of its own, up to eight for each processor, and what they
        // hold looks like a leak.
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        // Else it stops returning large blocks to the system once some have been freed.
        builder.environment().put("MALLOC_MMAP_THRESHOLD_", "131072");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).isZero();
        return Long.parseLong(output);
    }

    /** The process that is measured. */
    static final class Cycling {
        private Cycling() {}

        public static void main(String[] arguments) throws IOException {
            ActivationOptions options =
                    ActivationOptions.of(Path.of(arguments[0])).threads(1);
            Path file = Path.of(arguments[1]);
            int warming = Integer.parseInt(arguments[3]);
            int measured = Integer.parseInt(arguments[4]);
            if (arguments[2].equals("models")) {
                models(options, warming);
                long before = residentMebibytes();
                models(options, measured);
                System.out.println(residentMebibytes() - before);
                return;
            }
            try (ActivationRuntime runtime = new LlamaCppProvider().open(options)) {
                IntConsumer cycles = cycles(arguments[2], runtime, file);
                cycles.accept(warming);
                long before = residentMebibytes();
                cycles.accept(measured);
                System.out.println(residentMebibytes() - before);
                if (runtime.statistics().contextTokens() != 0) {
                    throw new IllegalStateException("Tokens are left: " + runtime.statistics());
                }
            }
        }

        private static IntConsumer cycles(String what, ActivationRuntime runtime, Path file) {
            if (what.equals("handles")) {
                return count -> handles(runtime, file, count);
            }
            LoraAdapter small = SampleAdapters.random(BaseModel.ofGguf(TestModels.tiny()), 1);
            LoraAdapter adapter = SampleAdapters.sum(small, 1, small, 1);
            AdapterFiles files = SampleAdapters.write(adapter, file.getParent(), "adapter");
            return count -> adapters(runtime, files, count);
        }

        private static void adapters(ActivationRuntime runtime, AdapterFiles files, int count) {
            for (int i = 0; i < count; i++) {
                try (LoadedAdapter adapter = runtime.load(files);
                        ActivationHandle handle = runtime.prefill(new int[] {1, 2, 3}, AdapterMix.of(adapter))) {
                    handle.generate(GenerationOptions.greedy(2));
                }
            }
        }

        private static void models(ActivationOptions options, int count) {
            for (int i = 0; i < count; i++) {
                try (ActivationRuntime runtime = new LlamaCppProvider().open(options)) {
                    runtime.prefill(new int[] {1, 2, 3}).generate(GenerationOptions.greedy(2));
                }
            }
        }

        private static void handles(ActivationRuntime runtime, Path file, int count) {
            int[] prompt = IntStream.range(3, 67).toArray();
            for (int i = 0; i < count; i++) {
                try (ActivationHandle handle = runtime.prefill(prompt);
                        ActivationHandle fork = handle.fork()) {
                    fork.generate(GenerationOptions.greedy(2));
                    if (i % 5 == 0) {
                        fork.save(file);
                        runtime.restore(file).close();
                    }
                }
            }
        }

        private static long residentMebibytes() throws IOException {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1_024)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
