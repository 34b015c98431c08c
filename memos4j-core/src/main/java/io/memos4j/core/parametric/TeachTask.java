package io.memos4j.core.parametric;

import io.memos4j.api.Adapter;
import io.memos4j.api.MemoryException;
import io.memos4j.core.scheduler.Outcome;
import io.memos4j.core.scheduler.TaskHandler;
import io.memos4j.core.scheduler.TaskRun;
import java.util.List;
import java.util.stream.Collectors;

/** Trains anew the adapters of a cube that lost a source, and teaches what is new where the policy wants it. Thread-safe. */
public final class TeachTask implements TaskHandler {
    private final Parametrics parametrics;

    public TeachTask(Parametrics parametrics) {
        this.parametrics = parametrics;
    }

    @Override
    public Outcome run(TaskRun run) {
        List<Adapter> taught = run.waiting(() ->
                parametrics.renew(run.cube().key(), step -> run.<Boolean>commit(step::test), lesson -> {
                    run.progress(lesson.step(), lesson.steps());
                    return goesOn(run);
                }));
        run.check();
        return Outcome.done(
                taught.isEmpty()
                        ? "there is nothing to teach"
                        : taught.stream()
                                .map(adapter ->
                                        adapter.id() + " " + adapter.state().id())
                                .collect(Collectors.joining(", ")));
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
