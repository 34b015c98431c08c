package io.memos4j.bench.load;

import io.memos4j.api.Task;
import io.memos4j.api.TaskKind;
import io.memos4j.api.TaskRequest;
import io.memos4j.bench.eval.PreloadBenchmark;
import io.memos4j.bench.eval.PreloadBenchmark.Shares;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How much of the evidence of the next question a session has at hand, thanks to the task that preloads. Needs {@link LabelledSets}. */
final class PreloadedEvidence {
    private static final int QUESTIONS = 25;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private PreloadedEvidence() {}

    static List<Figure> run() {
        List<Figure> figures = new ArrayList<>();
        for (Path set : LabelledSets.folders()) {
            try (Workspace workspace = new Workspace();
                    MemOs memos = MemOs.open(MemOsConfig.at(workspace.folder("engine")))) {
                PreloadBenchmark.Preload preload = (cube, session) -> {
                    Task task = memos.scheduler()
                            .submit(cube.id(), TaskRequest.of(TaskKind.PRELOAD).about(session));
                    memos.scheduler().await(task.id(), PATIENCE);
                };
                for (Shares shares : new PreloadBenchmark(memos, preload, QUESTIONS).run(set)) {
                    figures.addAll(figures(shares));
                }
            }
        }
        return figures;
    }

    private static List<Figure> figures(Shares shares) {
        String about = String.format("%s, %d questions, ", shares.name(), shares.questions());
        return List.of(
                Figure.atLeast(about + "with preload", shares.preloaded(), "%", shares.atHand()),
                Figure.baseline("without", shares.atHand(), "%"),
                Figure.baseline("with as many further hits", shares.hits(), "%"),
                Figure.baseline("with as many at random", shares.random(), "%"),
                Figure.baseline("items preloaded", shares.items(), ""));
    }
}
