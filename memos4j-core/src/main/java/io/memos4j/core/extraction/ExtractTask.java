package io.memos4j.core.extraction;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.ExtractionResult;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.core.clock.IdGenerator;
import io.memos4j.core.extraction.ProposalApplier.AppliedProposals;
import io.memos4j.core.tasks.ModelBudget;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.core.tasks.TaskRun;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.items.InsertedItem;
import io.memos4j.spi.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Extracts memories from new messages with a language model, window by window. One call per window; its proposals are
 * applied in one transaction together with the mark that the window has been read, so a crash repeats a window rather
 * than losing it. A run reads one window, so that cubes take turns.
 *
 * <p>A window that fails stays unread and is retried, up to three times; then it gets a task of its own, which names
 * its messages, and reading goes on after it. That task is tried again later, and whenever somebody asks for an
 * extraction, also after it was given up. The day's tokens and calls, failed ones included, are counted in the vault;
 * when they are spent, reading waits for the next day.
 */
public final class ExtractTask implements TaskHandler {
    private static final int MAX_ATTEMPTS = 3;

    /** The pause before a skipped window is tried again. */
    private static final Duration SKIPPED_PAUSE = Duration.ofMinutes(10);

    private final Vault vault;
    private final UnreadMessages unread;
    private final WindowReader windows;
    private final ProposalApplier applier;
    private final ModelBudget budget;
    private final IdGenerator ids;

    public ExtractTask(
            Vault vault, WindowReader windows, ProposalApplier applier, ModelBudget budget, IdGenerator ids) {
        this.unread = new UnreadMessages(vault);
        this.vault = vault;
        this.windows = windows;
        this.applier = applier;
        this.budget = budget;
        this.ids = ids;
    }

    @Override
    public TaskOutcome run(TaskRun run) {
        Optional<Instant> exhausted = budgetExhaustedUntil(run);
        if (exhausted.isPresent()) {
            return TaskOutcome.wait(exhausted.get(), "the day's budget for language models is spent");
        }
        String note =
                readWindow(run, new ArrayList<>()).map(ReadWindow::describe).orElse("");
        return !UnreadMessages.areNamedBy(run.task()) && unread.exist(run.cube())
                ? TaskOutcome.more(note)
                : TaskOutcome.done(note);
    }

    /**
     * Reads everything that is unread in a cube, without the windows that were skipped.
     *
     * @throws MemoryException as the model fails; what was read before that is applied
     */
    public ExtractionResult readAll(TaskRun run) {
        ExtractionResult total = ExtractionResult.NOTHING;
        while (unread.exist(run.cube())) {
            if (budgetExhaustedUntil(run).isPresent()) {
                return sum(total, result(List.of(), false));
            }
            Optional<ReadWindow> window = readWindow(run, new ArrayList<>());
            window.flatMap(ReadWindow::failure).ifPresent(failure -> {
                throw failure;
            });
            total = window.isPresent() ? sum(total, window.get().extraction) : total;
        }
        return total;
    }

    /** The windows of a cube that were skipped and are still unread, by their tasks, oldest first. */
    public List<Task> skippedWindows(CubeRow cube) {
        return vault.read(reader -> UnreadMessages.skippedWindows(reader, cube, cube.key()));
    }

    /**
     * Reads a window that was skipped.
     *
     * @param usage receives the calls, failed ones too
     * @throws MemoryException as the model fails
     */
    public ExtractionResult readSkipped(TaskRun run, List<ModelUsage> usage) {
        return budgetExhaustedUntil(run).isPresent()
                ? result(usage, false)
                : readWindow(run, usage).map(ReadWindow::extraction).orElse(ExtractionResult.NOTHING);
    }

    /** A result without changes. */
    public static ExtractionResult result(List<ModelUsage> usage, boolean complete) {
        return new ExtractionResult(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                usage.size(),
                ModelUsage.sum(usage).tokens(),
                complete,
                List.of());
    }

    private Optional<Instant> budgetExhaustedUntil(TaskRun run) {
        return vault.read(reader -> budget.exhaustedUntil(reader, run.cube().key()));
    }

    /**
     * A window that need not be read again.
     *
     * @param failure the reason why it was skipped; empty if it was read
     */
    private record ReadWindow(ExtractionResult extraction, Optional<MemoryException> failure) {
        String describe() {
            return failure.map(why -> "passed over, its messages stay unread: " + why.getMessage())
                    .orElseGet(() -> "added " + extraction.added().size() + ", updated "
                            + extraction.updated().size() + ", retired "
                            + extraction.retired().size() + ", refused "
                            + extraction.refused().size());
        }
    }

    /** Reads one window, or skips it if it failed too often; empty if there is none. */
    private Optional<ReadWindow> readWindow(TaskRun run, List<ModelUsage> usage) {
        List<InsertedItem> messages = unread.nextWindow(run.cube(), run.task());
        return messages.isEmpty() ? Optional.empty() : Optional.of(read(run, messages, usage));
    }

    private ReadWindow read(TaskRun run, List<InsertedItem> messages, List<ModelUsage> usage) {
        CubeRow cube = run.cube();
        MessageWindow window =
                windows.window(cube, messages.stream().map(InsertedItem::item).toList());
        WindowExtraction extraction;
        try {
            extraction = run.runInterruptibly(() -> windows.read(window, usage::add));
        } catch (MemoryException e) {
            return failed(run, messages, usage, e);
        } catch (RuntimeException | StackOverflowError e) {
            String message = "The reading broke off: " + e;
            return failed(run, messages, usage, new MemoryException(ErrorCode.MODEL_FAILED, message, e));
        }
        AppliedProposals applied = run.commit(writer -> {
            budget.recordSpending(writer, cube.key(), ModelUsage.sum(usage));
            UnreadMessages.mark(writer, cube, messages);
            return applier.apply(writer, cube.key(), window, extraction.proposals(), windows.modelId());
        });
        windows.refresh(cube);
        ExtractionResult result = new ExtractionResult(
                applied.added(),
                applied.updated(),
                applied.retired(),
                extraction.refusals().stream()
                        .map(refusal -> refusal.reason() + " (" + refusal.what() + ")")
                        .toList(),
                usage.size(),
                ModelUsage.sum(usage).tokens(),
                true,
                List.of());
        return new ReadWindow(result, Optional.empty());
    }

    /**
     * Counts the cost of a failed window. If it is skipped, it gets a task of its own, and its messages stay as they
     * are.
     */
    private ReadWindow failed(
            TaskRun run, List<InsertedItem> messages, List<ModelUsage> usage, MemoryException failure) {
        boolean skips = isFinal(run, failure) && !UnreadMessages.areNamedBy(run.task());
        run.commit(writer -> {
            budget.recordSpending(writer, run.cube().key(), ModelUsage.sum(usage));
            if (skips) {
                UnreadMessages.mark(writer, run.cube(), messages);
                Instant now = budget.now();
                TaskRequest later = TaskRequest.of(TaskKind.EXTRACT)
                        .about(UnreadMessages.name(messages))
                        .dueAt(now.plus(SKIPPED_PAUSE))
                        .because("reading failed: " + failure.getMessage());
                writer.tasks().enqueue(run.cube().key(), later, ids.nextTaskId(), now);
            }
            return skips;
        });
        if (!skips) {
            throw failure;
        }
        return new ReadWindow(result(usage, false), Optional.of(failure));
    }

    /**
     * Returns whether trying again is pointless. A provider that refuses two windows in a row refuses us, not the
     * windows.
     */
    private boolean isFinal(TaskRun run, MemoryException failure) {
        return run.task().attempts() >= MAX_ATTEMPTS
                || failure.code() == ErrorCode.TOO_LARGE
                || failure.code() == ErrorCode.MODEL_REFUSED && !unread.hasSkippedWindow(run.cube());
    }

    /** Adds up two results. */
    public static ExtractionResult sum(ExtractionResult a, ExtractionResult b) {
        return new ExtractionResult(
                concat(a.added(), b.added()),
                concat(a.updated(), b.updated()),
                concat(a.retired(), b.retired()),
                concat(a.refused(), b.refused()),
                a.calls() + b.calls(),
                a.tokens() + b.tokens(),
                a.complete() && b.complete(),
                concat(a.failed(), b.failed()));
    }

    private static <T> List<T> concat(List<T> a, List<T> b) {
        return Stream.concat(a.stream(), b.stream()).toList();
    }
}
