package io.memos4j.bench.performance;

import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.bench.evaluation.PreloadRecall;
import io.memos4j.bench.evaluation.PreloadRecall.Shares;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Measures how much evidence for the next question the preload task brings. Needs {@link DatasetFolders}. */
final class PreloadBenchmark {
    private static final int QUESTIONS = 25;
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private PreloadBenchmark() {}

    static List<BenchmarkFigure> run() {
        List<BenchmarkFigure> figures = new ArrayList<>();
        for (Path set : DatasetFolders.folders()) {
            try (ScratchDirectory workspace = new ScratchDirectory();
                    MemOs memos = MemOs.open(MemOsConfig.at(workspace.folder("engine")))) {
                PreloadRecall.Preload preload = (cube, session) -> {
                    Task task = memos.scheduler()
                            .submit(cube.id(), TaskRequest.of(TaskKind.PRELOAD).about(session));
                    memos.scheduler().await(task.id(), TIMEOUT);
                };
                for (Shares shares : new PreloadRecall(memos, preload, QUESTIONS).run(set)) {
                    figures.addAll(figures(shares));
                }
            }
        }
        return figures;
    }

    private static List<BenchmarkFigure> figures(Shares shares) {
        String about = String.format("%s, %d questions, ", shares.name(), shares.questions());
        return List.of(
                BenchmarkFigure.atLeast(about + "with preload", shares.preloaded(), "%", shares.touched()),
                BenchmarkFigure.baseline("without", shares.touched(), "%"),
                BenchmarkFigure.baseline("with as many further hits", shares.hits(), "%"),
                BenchmarkFigure.baseline("with as many at random", shares.random(), "%"),
                BenchmarkFigure.baseline("items preloaded", shares.items(), ""));
    }
}
