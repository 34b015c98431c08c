package io.memos4j.bench.performance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** What an engine costs that has nothing to do: memory, and processor time while its scheduler waits. */
final class IdleBenchmark {
    private static final int CUBES = 1_000;
    private static final int SECONDS = 60;

    private IdleBenchmark() {}

    static List<BenchmarkFigure> run() {
        return List.of(
                BenchmarkFigure.atMost(
                        "idle engine without the model, resident", ResidentMemory.idleEngine(), "MiB", 150),
                BenchmarkFigure.atMost(
                        "idle engine, 1,000 cubes with planned tasks, of a core", processor(CUBES, SECONDS), "%", 1),
                BenchmarkFigure.baseline("one cube with planned tasks", processor(1, SECONDS), "%"));
    }

    /** Per cent of a core that a fresh process uses. */
    static double processor(int cubes, int seconds) {
        try (ScratchDirectory workspace = new ScratchDirectory()) {
            Process process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            IdleSchedulerProcess.class.getName(),
                            workspace.folder("idle").toString(),
                            Integer.toString(cubes),
                            Integer.toString(seconds)))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                String share = output.readLine();
                if (share == null) {
                    throw new IllegalStateException("The idle engine said nothing.");
                }
                return Double.parseDouble(share);
            } finally {
                process.destroyForcibly().waitFor();
            }
        } catch (IOException e) {
            throw new IllegalStateException("Cannot start the idle engine.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted.", e);
        }
    }
}
