package io.memos4j.cli;

import io.memos4j.api.AdapterId;
import io.memos4j.api.ParametricMemory.Lesson;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;

/** The progress of trainings on a terminal, one bar for each adapter; elsewhere it only knows how far it is. */
final class LessonBar implements AutoCloseable {
    private Optional<Lesson> last = Optional.empty();
    private Optional<ProgressBar> bar = Optional.empty();

    void show(Lesson lesson) {
        Optional<AdapterId> former = last.map(Lesson::adapter);
        last = Optional.of(lesson);
        if (!Terminal.err()) {
            return;
        }
        if (!former.equals(Optional.of(lesson.adapter()))) {
            close();
            bar = Optional.of(Vectors.bar("Teaching " + lesson.adapter(), lesson.steps()));
        }
        bar.ifPresent(each -> {
            each.stepTo(lesson.step());
            each.setExtraMessage(String.format(Locale.ROOT, " loss %.3g", lesson.loss()));
        });
    }

    /** Where it is; empty before the first step. */
    Optional<Lesson> last() {
        return last;
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
        bar = Optional.empty();
    }
}
