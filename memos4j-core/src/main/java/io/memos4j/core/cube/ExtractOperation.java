package io.memos4j.core.cube;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.ExtractionResult;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.core.extraction.ExtractTask;
import io.memos4j.core.tasks.TaskScheduler;
import io.memos4j.spi.CubeRow;
import java.util.Optional;

/** Lets the language model read everything unread of a cube while the caller waits. Thread-safe. */
public final class ExtractOperation {
    private final TaskScheduler scheduler;
    private final Optional<ExtractTask> task;

    /** @param task empty if no language model is configured */
    public ExtractOperation(TaskScheduler scheduler, Optional<ExtractTask> task) {
        this.scheduler = scheduler;
        this.task = task;
    }

    public ExtractionResult extract(CubeHandle cube) {
        CubeRow row = cube.readyRow();
        ExtractTask extraction = task.orElseThrow(() -> new MemoryException(
                ErrorCode.INVALID_CONFIGURATION,
                "No language model is configured. Open the engine with MemOsConfig.withModel(…)."));
        return scheduler.runInline(row, TaskRequest.of(TaskKind.EXTRACT), extraction::readAll);
    }

    /**
     * Reads what is unread, if there is a model. Returns false if something is left: the model failed, which the
     * background tries again, or its budget is spent.
     */
    public boolean finish(CubeHandle cube) {
        try {
            return task.isEmpty() || extract(cube).complete();
        } catch (MemoryException e) {
            if (e.code() == ErrorCode.INTERRUPTED || e.code() == ErrorCode.CLOSED) {
                throw e;
            }
            return false;
        }
    }
}
