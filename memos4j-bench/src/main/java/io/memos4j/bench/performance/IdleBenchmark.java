package io.memos4j.bench.performance;

import java.util.List;

/** Measures an idle engine: resident memory, and processor time while its scheduler waits. */
final class IdleBenchmark {
    private static final int CUBES = 1_000;
    private static final int SECONDS = 60;

    private IdleBenchmark() {}

    static List<BenchmarkFigure> run() {
        return List.of(
                BenchmarkFigure.atMost(
                        "idle engine without the model, resident", ResidentMemory.idleEngine(), "MiB", 150),
                BenchmarkFigure.atMost(
                        "idle engine, 1,000 cubes with scheduled tasks, of a core", processor(CUBES, SECONDS), "%", 1),
                BenchmarkFigure.baseline("one cube with scheduled tasks", processor(1, SECONDS), "%"));
    }

    /** Returns the percentage of a core that a fresh process uses. */
    static double processor(int cubes, int seconds) {
        try (ScratchDirectory workspace = new ScratchDirectory();
                ChildJvm process = new ChildJvm(
                        IdleSchedulerProcess.class, List.of("-Xmx256m"), workspace.folder("idle"), cubes, seconds)) {
            return Double.parseDouble(process.readLine());
        }
    }
}
