package io.memos4j.core.extraction;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.ExtractionResult;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.core.clock.IdGenerator;
import io.memos4j.core.extraction.ProposalApplier.AppliedProposals;
import io.memos4j.core.history.ConsolidationMarker;
import io.memos4j.core.index.CubeIndexManager;
import io.memos4j.core.tasks.ModelBudget;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.core.tasks.TaskRun;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.LexicalQuery;
import io.memos4j.spi.index.PassageCandidate;
import io.memos4j.spi.items.InsertedItem;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.spi.vault.ModelSpending;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Lets a language model read new messages, window by window. One call a window; what it proposes is applied in one
 * transaction together with the mark that the window has been read, so a crash repeats a window rather than losing it.
 * A run reads one window, so that cubes take turns.
 *
 * <p>A window that fails stays unread and is tried again, three times at the most; then it gets a task of its own,
 * which names its messages, and the others are read. The day's tokens and calls, failed ones included, are counted in
 * the vault; when they are spent, reading waits for the next day.
 */
public final class ExtractTask implements TaskHandler {
    /** Messages and characters read together. */
    private static final int WINDOW = 20;

    private static final int WINDOW_CHARS = 16_000;

    /** Messages that are read without waiting for more. */
    private static final int ENOUGH = 8;

    /** When a window that failed too often, and was passed over, is tried again. */
    private static final Duration SECOND_CHANCE = Duration.ofMinutes(10);

    /** Memories that a window may change, shown to the model. */
    private static final int KNOWN = 30;

    private static final int TRIES = 3;

    /** Where a message of a window stands that was passed over. */
    private static final long ALREADY_PASSED = -1;

    /** What a language model reads. */
    public static final Filter READABLE =
            Filter.and(Filter.type(ItemType.MESSAGE), Filter.eq("state", ItemState.ACTIVATED.id()));

    private static final Filter CHANGEABLE = Filter.and(
            Filter.in(
                    "type",
                    List.of(
                            ItemType.FACT.id(),
                            ItemType.EVENT.id(),
                            ItemType.PREFERENCE.id(),
                            ItemType.INSTRUCTION.id(),
                            ItemType.PROFILE.id(),
                            ItemType.SUMMARY.id(),
                            ItemType.SKILL.id())),
            Filter.eq("state", ItemState.ACTIVATED.id()),
            ConsolidationMarker.NOT_CONSOLIDATED);

    private final Vault vault;
    private final CubeIndexManager indexes;
    private final Setting setting;

    /** How to read. */
    public record Setting(
            LanguageModel model, ProposalApplier extractions, ModelBudget budget, ZoneId zone, IdGenerator ids) {}

    public ExtractTask(Vault vault, CubeIndexManager indexes, Setting setting) {
        this.vault = vault;
        this.indexes = indexes;
        this.setting = setting;
    }

    @Override
    public TaskOutcome run(TaskRun run) {
        Optional<Instant> spent = spentUntil(run);
        if (spent.isPresent()) {
            return TaskOutcome.wait(spent.get(), "the day's budget for language models is spent");
        }
        Optional<Read> read = readWindow(run);
        String note = read.map(Read::told).orElse("");
        return !named(run) && hasUnread(run) ? TaskOutcome.more(note, writer -> {}) : TaskOutcome.done(note);
    }

    /**
     * Reads everything that is unread in a cube.
     *
     * @throws MemoryException as the model fails; what was read before that is applied
     */
    public ExtractionResult readAll(TaskRun run) {
        ExtractionResult total = ExtractionResult.NOTHING;
        while (hasUnread(run)) {
            if (spentUntil(run).isPresent()) {
                return sum(total, new ExtractionResult(List.of(), List.of(), List.of(), List.of(), 0, 0, false));
            }
            Optional<Read> window = readWindow(run);
            window.flatMap(Read::failure).ifPresent(failure -> {
                throw failure;
            });
            total = window.isPresent() ? sum(total, window.get().extraction) : total;
        }
        return total;
    }

    private Optional<Instant> spentUntil(TaskRun run) {
        return vault.read(
                reader -> setting.budget.exhaustedUntil(reader, run.cube().key()));
    }

    /** Whether a cube has messages that were not read. */
    public static boolean hasUnread(VaultReader reader, CubeKey cube) {
        return !reader.itemsAfterMark(cube, TaskKind.EXTRACT, READABLE, 1).isEmpty();
    }

    /** Whether a cube has so many messages to read that it need not wait for more. */
    public static boolean hasEnough(VaultReader reader, CubeKey cube) {
        return reader.itemsAfterMark(cube, TaskKind.EXTRACT, READABLE, ENOUGH).size() == ENOUGH;
    }

    private boolean hasUnread(TaskRun run) {
        return vault.read(reader -> hasUnread(reader, run.cube().key()));
    }

    private static boolean named(TaskRun run) {
        return !run.task().subject().isEmpty();
    }

    /**
     * A window that need not be read any more.
     *
     * @param failure why it was passed over; empty if it was read
     */
    private record Read(ExtractionResult extraction, Optional<MemoryException> failure) {
        String told() {
            return failure.map(why -> "passed over: " + why.getMessage())
                    .orElseGet(() -> "added " + extraction.added().size() + ", updated "
                            + extraction.updated().size() + ", retired "
                            + extraction.retired().size() + ", refused "
                            + extraction.refused().size());
        }
    }

    /** Reads one window, or passes it over if it failed too often; empty if there is none. */
    private Optional<Read> readWindow(TaskRun run) {
        CubeRow cube = run.cube();
        List<InsertedItem> unread = named(run)
                ? named(cube, run.task().subject())
                : window(vault.read(reader -> reader.itemsAfterMark(cube.key(), TaskKind.EXTRACT, READABLE, WINDOW)));
        return unread.isEmpty() ? Optional.empty() : Optional.of(read(run, unread));
    }

    /** The messages that a subject names, as far as they are still there. */
    private List<InsertedItem> named(CubeRow cube, String subject) {
        List<ItemId> ids =
                Arrays.stream(subject.split(" ", -1)).map(ItemId::parse).toList();
        return vault.read(reader -> reader.items(cube.key(), ids)).stream()
                .filter(item -> item.state() == ItemState.ACTIVATED)
                .map(item -> new InsertedItem(item, ALREADY_PASSED))
                .toList();
    }

    /** The beginning of what is unread, as far as it is one session and fits into one reading. */
    private static List<InsertedItem> window(List<InsertedItem> unread) {
        List<InsertedItem> window = new ArrayList<>();
        int chars = 0;
        for (InsertedItem each : unread) {
            String session = window.isEmpty()
                    ? each.item().origin().session()
                    : window.getFirst().item().origin().session();
            chars += each.item().text().length();
            boolean fits = window.isEmpty() || chars <= WINDOW_CHARS;
            if (!fits || !each.item().origin().session().equals(session)) {
                break;
            }
            window.add(each);
        }
        return window;
    }

    private Read read(TaskRun run, List<InsertedItem> unread) {
        CubeRow cube = run.cube();
        List<MemoryItem> messages = unread.stream().map(InsertedItem::item).toList();
        MessageWindow window = new MessageWindow(messages, known(cube, messages), setting.zone);
        List<ModelUsage> usage = new ArrayList<>();
        FactExtractor reader = new FactExtractor(setting.model, ExtractionLimits.DEFAULT, usage::add);
        io.memos4j.core.extraction.WindowExtraction extraction;
        try {
            extraction = run.runInterruptibly(() -> reader.extract(window));
        } catch (MemoryException e) {
            return failed(run, unread, usage, e);
        } catch (RuntimeException | StackOverflowError e) {
            String message = "The reading broke off: " + e;
            return failed(run, unread, usage, new MemoryException(ErrorCode.MODEL_FAILED, message, e));
        }
        AppliedProposals applied = run.commit(writer -> {
            setting.budget.recordSpending(writer, cube.key(), spending(usage));
            mark(writer, cube, unread);
            return setting.extractions.apply(writer, cube.key(), window, extraction.proposals(), setting.model.id());
        });
        indexes.catchUpIfOpen(cube);
        ExtractionResult made = new ExtractionResult(
                applied.added(),
                applied.updated(),
                applied.retired(),
                extraction.refusals().stream().map(ExtractTask::told).toList(),
                extraction.calls(),
                spending(usage).tokens(),
                true);
        return new Read(made, Optional.empty());
    }

    private static void mark(VaultWriter writer, CubeRow cube, List<InsertedItem> read) {
        long ordinal = read.getLast().ordinal();
        if (ordinal != ALREADY_PASSED) {
            writer.setMark(cube.key(), TaskKind.EXTRACT, ordinal);
        }
    }

    private static String told(ProposalRefusal refusal) {
        return refusal.reason() + " (" + refusal.what() + ")";
    }

    /**
     * Counts what a failed window cost. One that is passed over gets a task of its own, and its messages stay as they
     * are.
     */
    private Read failed(TaskRun run, List<InsertedItem> unread, List<ModelUsage> usage, MemoryException failure) {
        CubeRow cube = run.cube();
        boolean hopeless = run.task().attempts() >= TRIES
                || failure.code() == ErrorCode.TOO_LARGE
                || failure.code() == ErrorCode.MODEL_REFUSED && !passedOver(cube);
        boolean passesOver = hopeless && !named(run);
        run.commit(writer -> {
            setting.budget.recordSpending(writer, cube.key(), spending(usage));
            if (passesOver) {
                mark(writer, cube, unread);
                String subject =
                        unread.stream().map(each -> each.item().id().toString()).collect(Collectors.joining(" "));
                Instant now = setting.budget.now();
                TaskRequest later = TaskRequest.of(TaskKind.EXTRACT)
                        .about(subject)
                        .dueAt(now.plus(SECOND_CHANCE))
                        .because("reading failed: " + failure.getMessage());
                writer.tasks().enqueue(cube.key(), later, setting.ids.nextTaskId(), now);
            }
            return passesOver;
        });
        if (passesOver) {
            ExtractionResult nothing = new ExtractionResult(
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    usage.size(),
                    spending(usage).tokens(),
                    true);
            return new Read(nothing, Optional.of(failure));
        }
        throw failure;
    }

    /**
     * Whether a window waits for its second chance: a provider that refuses the next one too does not refuse what they
     * say, but us.
     */
    private boolean passedOver(CubeRow cube) {
        TaskQuery waiting = TaskQuery.ALL.of(cube.id()).kind(TaskKind.EXTRACT).in(TaskState.SCHEDULED, TaskState.READY);
        return vault.read(reader -> reader.tasks().list(waiting)).stream()
                .anyMatch(task -> !task.subject().isEmpty());
    }

    private static ModelSpending spending(List<ModelUsage> usage) {
        long tokens = usage.stream()
                .mapToLong(each -> (long) each.inputTokens() + each.outputTokens())
                .sum();
        return new ModelSpending(usage.size(), tokens);
    }

    /** The memories nearest to the window by their words: what it may change. */
    private List<MemoryItem> known(CubeRow cube, List<MemoryItem> messages) {
        StringBuilder text = new StringBuilder();
        messages.forEach(message -> text.append(
                        message.text(), 0, Math.min(500, message.text().length()))
                .append('\n'));
        LexicalQuery query = new LexicalQuery(text.toString(), CHANGEABLE, KNOWN, Duration.ofSeconds(2));
        List<ItemId> ids = indexes.use(cube, index -> index.lexical(query)).candidates().stream()
                .map(PassageCandidate::item)
                .distinct()
                .toList();
        return vault.read(reader -> reader.items(cube.key(), ids));
    }

    private static ExtractionResult sum(ExtractionResult a, ExtractionResult b) {
        return new ExtractionResult(
                joined(a.added(), b.added()),
                joined(a.updated(), b.updated()),
                joined(a.retired(), b.retired()),
                joined(a.refused(), b.refused()),
                a.calls() + b.calls(),
                a.tokens() + b.tokens(),
                a.complete() && b.complete());
    }

    private static <T> List<T> joined(List<T> a, List<T> b) {
        List<T> joined = new ArrayList<>(a);
        joined.addAll(b);
        return joined;
    }
}
