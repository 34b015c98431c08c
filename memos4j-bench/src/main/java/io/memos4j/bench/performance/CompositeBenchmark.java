package io.memos4j.bench.performance;

import io.memos4j.bench.evaluation.CompositeRecall;
import io.memos4j.bench.evaluation.CompositeRecall.Score;
import io.memos4j.bench.evaluation.CompositeRecall.Scores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measures the recall of a search over several cubes beside one cube with everything. Needs {@link DatasetFolders}. */
final class CompositeBenchmark {
    private static final int QUESTIONS = 250;

    /** The percentage by which a composite may fall behind one cube: the noise of so many questions. */
    private static final double TOLERANCE = 1;

    private CompositeBenchmark() {}

    static List<BenchmarkFigure> run() {
        List<BenchmarkFigure> figures = new ArrayList<>();
        for (Path set : DatasetFolders.folders()) {
            try (ScratchDirectory workspace = new ScratchDirectory()) {
                figures.addAll(figures(CompositeRecall.measure(set, workspace.folder("engine"), QUESTIONS)));
            }
        }
        return figures;
    }

    private static List<BenchmarkFigure> figures(Scores scores) {
        String about = String.format("%s, %d cubes, %d questions, ", scores.set(), scores.cubes(), scores.questions());
        double single = scores.ways().stream()
                .filter(score -> score.way().equals(CompositeRecall.EVERYTHING))
                .mapToDouble(Score::recall)
                .findFirst()
                .orElse(0);
        List<BenchmarkFigure> figures = new ArrayList<>();
        for (Score score : scores.ways()) {
            String what = about + "R@10, " + score.way();
            boolean measured = figures.isEmpty();
            figures.add(
                    measured
                            ? BenchmarkFigure.atLeast(what, score.recall(), "%", single - TOLERANCE)
                            : BenchmarkFigure.baseline(score.way() + ", R@10", score.recall(), "%"));
            figures.add(BenchmarkFigure.baseline(score.way() + ", search p50", score.millis(), "ms"));
        }
        return figures;
    }
}
