package io.memos4j.cli.adapters;

import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.ParametricMemory.Lesson;
import io.memos4j.cli.output.TerminalDetection;
import io.memos4j.cli.output.VectorProgress;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;

/** Shows the progress of training on a terminal, one bar per adapter; elsewhere it only keeps the last step. */
final class TrainingProgressBar implements AutoCloseable {
    private Optional<Lesson> last = Optional.empty();
    private Optional<ProgressBar> bar = Optional.empty();

    void show(Lesson lesson) {
        Optional<AdapterId> former = last.map(Lesson::adapter);
        last = Optional.of(lesson);
        if (!TerminalDetection.err()) {
            return;
        }
        if (!former.equals(Optional.of(lesson.adapter()))) {
            close();
            bar = Optional.of(VectorProgress.bar("Training " + lesson.adapter(), lesson.steps()));
        }
        bar.ifPresent(each -> {
            each.stepTo(lesson.step());
            each.setExtraMessage(String.format(Locale.ROOT, " loss %.3g", lesson.loss()));
        });
    }

    /** Returns the last step; empty before the first one. */
    Optional<Lesson> last() {
        return last;
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
        bar = Optional.empty();
    }
}
