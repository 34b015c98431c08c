package io.memos4j.core.cube;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.ExtractionResult;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.core.extraction.ExtractTask;
import io.memos4j.core.extraction.ModelUsage;
import io.memos4j.core.tasks.TaskScheduler;
import io.memos4j.spi.CubeRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lets the language model read everything unread of a cube while the caller waits. Thread-safe. */
public final class ExtractOperation {
    /** So many windows in a row that fail again show that the model fails, not the windows. */
    private static final int MAX_FAILURES = 2;

    private final TaskScheduler scheduler;
    private final Optional<ExtractTask> task;

    /** @param task empty if no language model is configured */
    public ExtractOperation(TaskScheduler scheduler, Optional<ExtractTask> task) {
        this.scheduler = scheduler;
        this.task = task;
    }

    /**
     * Reads what is unread, then once more the windows that could not be read before, until two in a row fail again.
     *
     * @throws MemoryException as the model fails on a window for the first times; what was read before that is applied
     */
    public ExtractionResult extract(CubeHandle cube) {
        CubeRow row = cube.readyRow();
        ExtractTask extraction = task.orElseThrow(() -> new MemoryException(
                ErrorCode.INVALID_CONFIGURATION,
                "No language model is configured. Open the engine with MemOsConfig.withModel(…)."));
        ExtractionResult result = readNew(row, extraction);
        int failures = 0;
        for (Task window : extraction.skippedWindows(row)) {
            if (failures < MAX_FAILURES && result.complete()) {
                List<ModelUsage> usage = new ArrayList<>();
                try {
                    TaskRequest again = TaskRequest.of(TaskKind.EXTRACT).about(window.subject());
                    result = ExtractTask.sum(
                            result, scheduler.runInline(row, again, run -> extraction.readSkipped(run, usage)));
                    failures = 0;
                } catch (MemoryException e) {
                    rethrowUnlessModelFailed(e);
                    result = ExtractTask.sum(result, ExtractTask.result(usage, true));
                    failures++;
                }
            }
        }
        List<String> failed = extraction.skippedWindows(row).stream()
                .map(ExtractOperation::describe)
                .toList();
        return new ExtractionResult(
                result.added(),
                result.updated(),
                result.retired(),
                result.refused(),
                result.calls(),
                result.tokens(),
                result.complete() && failed.isEmpty(),
                failed);
    }

    private ExtractionResult readNew(CubeRow row, ExtractTask extraction) {
        return scheduler.runInline(row, TaskRequest.of(TaskKind.EXTRACT), extraction::readAll);
    }

    private static String describe(Task window) {
        int messages = window.subject().split(" ", -1).length;
        String reason = window.note().isEmpty() ? window.cause() : window.note();
        return messages + (messages == 1 ? " message stays" : " messages stay") + " unread: " + reason;
    }

    private static void rethrowUnlessModelFailed(MemoryException failure) {
        switch (failure.code()) {
            case MODEL_FAILED, MODEL_REFUSED, TIMEOUT, TOO_LARGE -> {}
            default -> throw failure;
        }
    }

    /**
     * Reads what is new, if there is a model. Returns false if something is left: the model failed, which the
     * background tries again, or its budget is spent.
     */
    public boolean finish(CubeHandle cube) {
        if (task.isEmpty()) {
            return true;
        }
        CubeRow row = cube.readyRow();
        try {
            return readNew(row, task.get()).complete()
                    && task.get().skippedWindows(row).isEmpty();
        } catch (MemoryException e) {
            if (e.code() == ErrorCode.INTERRUPTED || e.code() == ErrorCode.CLOSED) {
                throw e;
            }
            return false;
        }
    }
}
