package io.memos4j.bench.load;

import io.memos4j.bench.eval.CompositeRecall;
import io.memos4j.bench.eval.CompositeRecall.Score;
import io.memos4j.bench.eval.CompositeRecall.Scores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a search over several cubes finds, beside one cube of everything. Needs {@link LabelledSets}. */
final class CompositeBenchmark {
    private static final int QUESTIONS = 250;

    /** Per cent that a composite may find less than one cube of everything: the noise of so many questions. */
    private static final double TOLERANCE = 1;

    private CompositeBenchmark() {}

    static List<Figure> run() {
        List<Figure> figures = new ArrayList<>();
        for (Path set : LabelledSets.folders()) {
            try (Workspace workspace = new Workspace()) {
                figures.addAll(figures(CompositeRecall.measure(set, workspace.folder("engine"), QUESTIONS)));
            }
        }
        return figures;
    }

    private static List<Figure> figures(Scores scores) {
        String about = String.format("%s, %d cubes, %d questions, ", scores.set(), scores.cubes(), scores.questions());
        double single = scores.ways().stream()
                .filter(score -> score.way().equals(CompositeRecall.EVERYTHING))
                .mapToDouble(Score::recall)
                .findFirst()
                .orElse(0);
        List<Figure> figures = new ArrayList<>();
        for (Score score : scores.ways()) {
            String what = about + "R@10, " + score.way();
            boolean measured = figures.isEmpty();
            figures.add(
                    measured
                            ? Figure.atLeast(what, score.recall(), "%", single - TOLERANCE)
                            : Figure.baseline(score.way() + ", R@10", score.recall(), "%"));
            figures.add(Figure.baseline(score.way() + ", a search, p50", score.millis(), "ms"));
        }
        return figures;
    }
}
