package io.memos4j.core.adapters;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.ParametricMemory;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.core.tasks.TaskRun;
import io.memos4j.spi.CubeKey;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Retrains the adapters of a cube that lost a source, and trains new ones: for the items in the subject or, without a
 * subject, for new items if the policy is automatic. Thread-safe.
 */
public final class AdapterTrainingTask implements TaskHandler {
    private final AdapterService adapters;

    public AdapterTrainingTask(AdapterService adapters) {
        this.adapters = adapters;
    }

    @Override
    public TaskOutcome run(TaskRun run) {
        String subject = run.task().subject();
        CubeKey cube = run.cube().key();
        TransactionRunner transactions = step -> run.<Boolean>commit(step::test);
        Predicate<ParametricMemory.Lesson> progress = step -> {
            run.progress(step.step(), step.steps());
            return mayContinue(run);
        };
        List<Adapter> taught;
        try {
            taught = run.runInterruptibly(() -> subject.isEmpty()
                    ? adapters.retrain(cube, transactions, progress)
                    : adapters.train(cube, items(subject), transactions, progress));
        } catch (MemoryException e) {
            run.check();
            // The task was not stopped: the training was, because one of its sources has changed.
            if (e.code() == ErrorCode.VERSION_CONFLICT || e.code() == ErrorCode.INTERRUPTED) {
                return TaskOutcome.more("a memory changed during its training");
            }
            throw e;
        }
        run.check();
        return TaskOutcome.done(
                taught.isEmpty()
                        ? "there is nothing to train"
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

    private static boolean mayContinue(TaskRun run) {
        try {
            run.check();
            return true;
        } catch (MemoryException e) {
            return false;
        }
    }
}
