package io.memos4j.core.consolidation;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.ListRequest.Sort;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.core.clock.IdGenerator;
import io.memos4j.core.consolidation.DerivedMemoryWriter.Content;
import io.memos4j.core.consolidation.DerivedMemoryWriter.MemoryKey;
import io.memos4j.core.consolidation.DerivedMemoryWriter.WriteResult;
import io.memos4j.core.consolidation.LexRankSummarizer.Extract;
import io.memos4j.core.consolidation.LexRankSummarizer.Line;
import io.memos4j.core.extraction.ModelUsage;
import io.memos4j.core.history.ConsolidationMarker;
import io.memos4j.core.tasks.ModelBudget;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.core.tasks.TaskRun;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps the summary of a session, its subject, up to date, or that of the whole cube: a gist of one line as title, and
 * a few lines that were said, with their days and speakers. The summary of the cube is made from those of its sessions.
 * A summary changes only where a better line was said, and names the items that its lines came from. Thread-safe.
 */
public final class SummarizeTask implements TaskHandler {
    /** A session of fewer messages is its own summary. */
    private static final int SHORTEST_SESSION = 4;

    private static final int PAGE = 300;
    private static final LexRankSummarizer OF_A_SESSION = new LexRankSummarizer(7, 120);
    private static final LexRankSummarizer OF_A_CUBE = new LexRankSummarizer(12, 300);
    private static final int LONGEST_TITLE = 160;

    /** Sessions end now and then: the cube's summary waits for the next ones. */
    private static final Duration CUBE_AFTER = Duration.ofMinutes(5);

    private static final Filter SAID = Filter.and(
            ConsolidationMarker.RECALLED_ORIGINALS,
            Filter.in("type", List.of(ItemType.MESSAGE.id(), ItemType.NOTE.id())));

    private static final Filter SESSIONS = Filter.and(
            Filter.type(ItemType.SUMMARY),
            Filter.eq("state", ItemState.ACTIVATED.id()),
            Filter.metadata(ConsolidationMarker.KEY, ConsolidationMarker.SESSION));

    private final Vault vault;
    private final InstantSource clock;
    private final IdGenerator ids;
    private final DerivedMemoryWriter keeper;
    private final SentenceExtractor sentences;
    private final ZoneId zone;
    private final Optional<SummaryModel> telling;

    /** Who tells the summaries of sessions instead, within the budget that all tasks share. */
    public record SummaryModel(LanguageModel model, ModelBudget budget) {}

    /**
     * Makes summaries.
     *
     * @param zone of the days that a summary names
     * @param telling without it, or where it fails, summaries consist of sentences that were said
     */
    public SummarizeTask(
            Vault vault,
            DerivedMemoryWriter keeper,
            ZoneId zone,
            Optional<SummaryModel> telling,
            InstantSource clock,
            IdGenerator ids) {
        this.vault = vault;
        this.keeper = keeper;
        this.clock = clock;
        this.ids = ids;
        this.sentences = new SentenceExtractor(zone);
        this.zone = zone;
        this.telling = telling;
    }

    @Override
    public TaskOutcome run(TaskRun run) {
        String session = run.task().subject();
        if (session.isEmpty()) {
            MemoryKey place = new MemoryKey(ItemType.SUMMARY, ConsolidationMarker.CUBE, "");
            return write(run, place, content(run, place, new Material(SESSIONS, Sort.OLDEST, OF_A_CUBE, 2)));
        }
        MemoryKey place = new MemoryKey(ItemType.SUMMARY, ConsolidationMarker.SESSION, session);
        return telling.isPresent() ? summarizeWithModel(run, place, telling.get()) : summarizeExtractively(run, place);
    }

    private static Filter messagesOf(String session) {
        return Filter.and(SAID, Filter.session(session));
    }

    private TaskOutcome summarizeExtractively(TaskRun run, MemoryKey place) {
        Material material = new Material(messagesOf(place.subject()), Sort.INSERTED, OF_A_SESSION, SHORTEST_SESSION);
        return write(run, place, content(run, place, material));
    }

    private TaskOutcome write(TaskRun run, MemoryKey place, Content content) {
        WriteResult kept = run.commit(writer -> write(writer, run, place, content));
        return switch (kept) {
            case WRITTEN ->
                TaskOutcome.done(
                        content.isEmpty()
                                ? "nothing is left to tell"
                                : "summarised " + content.sources().size() + " of its items");
            case UNCHANGED -> TaskOutcome.done("nothing has changed");
            case LEFT_ALONE -> TaskOutcome.done("left alone: a user has changed the summary");
            case STALE -> TaskOutcome.more("the sources have changed meanwhile", writer -> {});
        };
    }

    private WriteResult write(VaultWriter writer, TaskRun run, MemoryKey place, Content content) {
        WriteResult done = keeper.write(writer, run.cube(), place, content);
        if (done == WriteResult.WRITTEN && place.rank().equals(ConsolidationMarker.SESSION)) {
            Instant now = clock.instant();
            TaskRequest ofCube = TaskRequest.of(TaskKind.SUMMARIZE)
                    .dueAt(now.plus(CUBE_AFTER))
                    .because("the summary of a session has changed");
            writer.tasks().enqueue(run.cube().key(), ofCube, ids.nextTaskId(), now);
        }
        return done;
    }

    /** Lets the model tell the summary on; until it can, there is one without it. */
    private TaskOutcome summarizeWithModel(TaskRun run, MemoryKey place, SummaryModel by) {
        CubeKey cube = run.cube().key();
        Optional<MemoryItem> told =
                vault.read(each -> keeper.find(each, cube, place)).filter(LlmSummarizer::isLlmSummary);
        List<MemoryItem> messages = messages(run, place.subject());
        List<MemoryItem> unseen = LlmSummarizer.unseenMessages(messages, told);
        if (messages.size() < SHORTEST_SESSION) {
            return summarizeExtractively(run, place);
        }
        if (unseen.isEmpty()) {
            return TaskOutcome.done("nothing has changed");
        }
        Optional<Instant> spent = vault.read(each -> by.budget.exhaustedUntil(each, cube));
        if (spent.isPresent()) {
            if (told.isEmpty()) {
                summarizeExtractively(run, place);
            }
            return TaskOutcome.wait(spent.get(), "the day's budget for language models is spent");
        }
        List<MemoryItem> sources = told.map(item -> vault.read(each -> each.items(cube, LlmSummarizer.sourceIds(item))))
                .orElse(List.of());
        List<ModelUsage> usage = new ArrayList<>();
        try {
            Content content = run.runInterruptibly(
                    () -> new LlmSummarizer(by.model, zone).summarize(unseen, told, sources, usage));
            WriteResult kept = run.commit(writer -> {
                by.budget.recordSpending(writer, cube, ModelUsage.sum(usage));
                return write(writer, run, place, content);
            });
            boolean goesOn = kept == WriteResult.STALE
                    || kept != WriteResult.LEFT_ALONE
                            && !unseen.getLast().id().equals(messages.getLast().id());
            String note = unseen.size() + " messages told by " + by.model.id();
            return goesOn ? TaskOutcome.more(note, writer -> {}) : TaskOutcome.done(note);
        } catch (MemoryException e) {
            return onModelFailure(run, place, told, new ModelFailure(e, by.budget, usage));
        }
    }

    private record ModelFailure(MemoryException failure, ModelBudget budget, List<ModelUsage> usage) {}

    /** What the model could not tell is quoted; a summary that it has told before stays, and is tried again. */
    private TaskOutcome onModelFailure(TaskRun run, MemoryKey place, Optional<MemoryItem> told, ModelFailure failed) {
        boolean models = switch (failed.failure.code()) {
            case MODEL_FAILED, MODEL_REFUSED, TIMEOUT, TOO_LARGE -> true;
            default -> false;
        };
        if (!models) {
            throw failed.failure;
        }
        run.commit(writer -> {
            failed.budget.recordSpending(writer, run.cube().key(), ModelUsage.sum(failed.usage));
            return true;
        });
        if (told.isPresent()) {
            throw failed.failure;
        }
        TaskOutcome quoted = summarizeExtractively(run, place);
        return quoted instanceof TaskOutcome.Done done
                ? TaskOutcome.done(done.note() + " without the model: " + failed.failure.getMessage())
                : quoted;
    }

    private List<MemoryItem> messages(TaskRun run, String session) {
        List<MemoryItem> messages = new ArrayList<>();
        ListRequest request = ListRequest.first().where(messagesOf(session)).limit(PAGE);
        Optional<String> cursor = Optional.of("");
        while (cursor.isPresent()) {
            run.check();
            ListRequest next = request.after(cursor.get());
            Page<MemoryItem> page = vault.read(each -> each.list(run.cube().key(), next));
            messages.addAll(page.items());
            cursor = page.next();
        }
        return messages;
    }

    /** What is summarised, how, and how many items are worth it. */
    private record Material(Filter filter, Sort sort, LexRankSummarizer digest, int fewest) {}

    /** Page by page: what was chosen from the pages before stands against the next page. */
    private Content content(TaskRun run, MemoryKey place, Material material) {
        Set<String> before =
                new HashSet<>(vault.read(each -> keeper.find(each, run.cube().key(), place))
                        .map(item -> item.text().lines().toList())
                        .orElse(List.of()));
        Map<ItemId, MemoryItem> origins = new HashMap<>();
        List<Line> kept = List.of();
        String gist = "";
        Optional<Instant> since = Optional.empty();
        int items = 0;
        ListRequest request = ListRequest.first()
                .where(material.filter)
                .sortedBy(material.sort)
                .limit(PAGE);
        Optional<String> cursor = Optional.of("");
        while (cursor.isPresent()) {
            run.check();
            ListRequest next = request.after(cursor.get());
            Page<MemoryItem> page = vault.read(each -> each.list(run.cube().key(), next));
            List<Line> pool = new ArrayList<>(kept);
            for (MemoryItem item : page.items()) {
                items++;
                origins.put(item.id(), item);
                pool.addAll(sentences.extract(item));
                Instant occurred = item.times().occurredAt();
                since = Optional.of(since.filter(occurred::isAfter).orElse(occurred));
            }
            kept.forEach(line -> before.add(line.rendered()));
            Extract chosen = material.digest.summarize(pool, before);
            kept = chosen.lines();
            gist = chosen.gist();
            Set<ItemId> quoted = new HashSet<>();
            kept.forEach(line -> quoted.add(line.source()));
            origins.keySet().retainAll(quoted);
            cursor = page.next();
        }
        boolean worth = items >= material.fewest;
        return new Content(
                worth ? title(gist) : "",
                worth ? text(kept) : "",
                origins.values().stream()
                        .sorted(Comparator.comparing(
                                        (MemoryItem item) -> item.times().occurredAt())
                                .thenComparing(MemoryItem::id))
                        .toList(),
                since.orElseGet(clock::instant),
                Map.of());
    }

    static String title(String gist) {
        return gist.length() <= LONGEST_TITLE
                ? gist
                : gist.substring(0, LONGEST_TITLE - 1).strip() + "…";
    }

    private static String text(List<Line> lines) {
        return String.join("\n", lines.stream().map(Line::rendered).distinct().toList());
    }
}
