package io.memos4j.core.parametric;

import io.memos4j.api.Adapter;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.ParametricMemory;
import io.memos4j.api.TaskKind;
import io.memos4j.core.scheduler.Outcome;
import io.memos4j.core.scheduler.TaskHandler;
import io.memos4j.core.scheduler.TaskRun;
import io.memos4j.spi.CubeKey;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Trains anew the adapters of a cube that lost a source, and teaches: what the subject names, or without one what is new where the policy wants it.
 * Thread-safe.
 */
public final class TeachTask implements TaskHandler {
    private final Parametrics parametrics;

    public TeachTask(Parametrics parametrics) {
        this.parametrics = parametrics;
    }

    @Override
    public Outcome run(TaskRun run) {
        String subject = run.task().subject();
        CubeKey cube = run.cube().key();
        Ledger ledger = step -> run.<Boolean>commit(step::test);
        Predicate<ParametricMemory.Lesson> progress = lesson -> {
            run.progress(lesson.step(), lesson.steps());
            return goesOn(run);
        };
        List<Adapter> taught;
        try {
            taught = run.waiting(() -> subject.isEmpty()
                    ? parametrics.renew(cube, ledger, progress)
                    : parametrics.train(cube, items(subject), ledger, progress));
        } catch (MemoryException e) {
            run.check();
            // The run itself goes on: it was ended because something that it taught is no longer so.
            if (e.code() == ErrorCode.VERSION_CONFLICT || e.code() == ErrorCode.INTERRUPTED) {
                return Outcome.more("a memory was changed while it was taught", writer -> {});
            }
            throw e;
        }
        run.check();
        return Outcome.done(
                taught.isEmpty()
                        ? "there is nothing to teach"
                        : taught.stream()
                                .map(adapter ->
                                        adapter.id() + " " + adapter.state().id())
                                .collect(Collectors.joining(", ")));
    }

    private static List<ItemId> items(String subject) {
        return subject.equals(TaskKind.ALL)
                ? List.of()
                : Pattern.compile(" ").splitAsStream(subject).map(ItemId::parse).toList();
    }

    private static boolean goesOn(TaskRun run) {
        try {
            run.check();
            return true;
        } catch (MemoryException e) {
            return false;
        }
    }
}
