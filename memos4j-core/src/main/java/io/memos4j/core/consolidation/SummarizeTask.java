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
import io.memos4j.core.clock.ZoneResolver;
import io.memos4j.core.consolidation.DerivedMemoryWriter.Content;
import io.memos4j.core.consolidation.DerivedMemoryWriter.MemoryKey;
import io.memos4j.core.consolidation.DerivedMemoryWriter.WriteResult;
import io.memos4j.core.consolidation.LexRankSummarizer.Extract;
import io.memos4j.core.consolidation.LexRankSummarizer.Line;
import io.memos4j.core.extraction.ModelUsage;
import io.memos4j.core.history.ConsolidationMarker;
import io.memos4j.core.privacy.Redactor;
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
import java.util.function.Consumer;

/**
 * Maintains the summary of a session, the subject of the task, or without a subject that of the whole cube: a gist of
 * one line as title, and a few lines that were said, with day and speaker. The summary of the cube is made from those
 * of its sessions. A summary changes only when a better line was said, and names the items that its lines came from.
 * Thread-safe.
 */
public final class SummarizeTask implements TaskHandler {
    /** The fewest messages of a session that is summarized. */
    private static final int MIN_MESSAGES = 4;

    private static final int PAGE_SIZE = 300;
    private static final LexRankSummarizer SESSION_SUMMARIZER = new LexRankSummarizer(7, 120);
    private static final LexRankSummarizer CUBE_SUMMARIZER = new LexRankSummarizer(12, 300);
    private static final int MAX_TITLE_CHARS = 160;

    /** The summary of the cube waits for further sessions. */
    private static final Duration CUBE_DELAY = Duration.ofMinutes(5);

    private static final Filter MESSAGES = Filter.and(
            ConsolidationMarker.RECALLED_ORIGINALS,
            Filter.in("type", List.of(ItemType.MESSAGE.id(), ItemType.NOTE.id())));

    private static final Filter SESSION_SUMMARIES = Filter.and(
            Filter.type(ItemType.SUMMARY),
            Filter.eq("state", ItemState.ACTIVATED.id()),
            Filter.metadata(ConsolidationMarker.KEY, ConsolidationMarker.SESSION));

    private final Vault vault;
    private final InstantSource clock;
    private final IdGenerator ids;
    private final DerivedMemoryWriter memoryWriter;
    private final ZoneId zone;
    private final Optional<SummaryModel> model;

    /** The language model that writes summaries of sessions, within the budget shared by all tasks. */
    public record SummaryModel(LanguageModel model, ModelBudget budget) {}

    /**
     * @param zone of items that were said in none, in cubes without a zone
     * @param model if absent or failing, summaries consist of quoted sentences
     */
    public SummarizeTask(
            Vault vault,
            DerivedMemoryWriter memoryWriter,
            ZoneId zone,
            Optional<SummaryModel> model,
            InstantSource clock,
            IdGenerator ids) {
        this.vault = vault;
        this.memoryWriter = memoryWriter;
        this.clock = clock;
        this.ids = ids;
        this.zone = zone;
        this.model = model;
    }

    @Override
    public TaskOutcome run(TaskRun run) {
        String session = run.task().subject();
        if (session.isEmpty()) {
            MemoryKey key = new MemoryKey(ItemType.SUMMARY, ConsolidationMarker.CUBE, "");
            Material material = new Material(SESSION_SUMMARIES, Sort.OLDEST, CUBE_SUMMARIZER, 2);
            return write(run, key, content(run, key, material));
        }
        MemoryKey key = new MemoryKey(ItemType.SUMMARY, ConsolidationMarker.SESSION, session);
        return model.isPresent() ? summarizeWithModel(run, key, model.get()) : summarizeExtractively(run, key);
    }

    private static Filter messagesOf(String session) {
        return Filter.and(MESSAGES, Filter.session(session));
    }

    private TaskOutcome summarizeExtractively(TaskRun run, MemoryKey key) {
        Material material = new Material(messagesOf(key.subject()), Sort.INSERTED, SESSION_SUMMARIZER, MIN_MESSAGES);
        return write(run, key, content(run, key, material));
    }

    private TaskOutcome write(TaskRun run, MemoryKey key, Content content) {
        WriteResult result = run.commit(writer -> write(writer, run, key, content));
        return switch (result) {
            case WRITTEN ->
                TaskOutcome.done(
                        content.isEmpty()
                                ? "nothing is left to summarize"
                                : "summarized " + content.sources().size() + " of its items");
            case UNCHANGED -> TaskOutcome.done("nothing has changed");
            case LEFT_ALONE -> TaskOutcome.done("left alone: a user has changed the summary");
            case STALE -> TaskOutcome.more("the sources have changed meanwhile");
        };
    }

    private WriteResult write(VaultWriter writer, TaskRun run, MemoryKey key, Content content) {
        WriteResult done = memoryWriter.write(writer, run.cube(), key, content);
        if (done == WriteResult.WRITTEN && key.rank().equals(ConsolidationMarker.SESSION)) {
            Instant now = clock.instant();
            TaskRequest ofCube = TaskRequest.of(TaskKind.SUMMARIZE)
                    .dueAt(now.plus(CUBE_DELAY))
                    .because("the summary of a session has changed");
            writer.tasks().enqueue(run.cube().key(), ofCube, ids.nextTaskId(), now);
        }
        return done;
    }

    /** Updates the summary with the model; until it has answered once, there is an extractive summary. */
    private TaskOutcome summarizeWithModel(TaskRun run, MemoryKey key, SummaryModel by) {
        CubeKey cube = run.cube().key();
        Optional<MemoryItem> previous =
                vault.read(each -> memoryWriter.find(each, cube, key)).filter(LlmSummarizer::isLlmSummary);
        List<MemoryItem> messages = messages(run, key.subject());
        List<MemoryItem> unseen = LlmSummarizer.unseenMessages(messages, previous);
        if (messages.size() < MIN_MESSAGES) {
            return summarizeExtractively(run, key);
        }
        if (unseen.isEmpty()) {
            return TaskOutcome.done("nothing has changed");
        }
        Optional<Instant> spent = vault.read(each -> by.budget.exhaustedUntil(each, cube));
        if (spent.isPresent()) {
            if (previous.isEmpty()) {
                summarizeExtractively(run, key);
            }
            return TaskOutcome.wait(spent.get(), "the day's budget for language models is spent");
        }
        List<MemoryItem> sources = previous.map(
                        item -> vault.read(each -> each.items(cube, LlmSummarizer.sourceIds(item))))
                .orElse(List.of());
        List<ModelUsage> usage = new ArrayList<>();
        try {
            Content content =
                    run.runInterruptibly(() -> new LlmSummarizer(by.model, ZoneResolver.resolve(run.cube(), zone))
                            .summarize(unseen, previous, sources, usage));
            WriteResult result = run.commit(writer -> {
                by.budget.recordSpending(writer, cube, ModelUsage.sum(usage));
                return write(writer, run, key, content);
            });
            boolean goesOn = result == WriteResult.STALE
                    || result != WriteResult.LEFT_ALONE
                            && !unseen.getLast().id().equals(messages.getLast().id());
            String note = unseen.size() + " messages summarized by " + by.model.id();
            return goesOn ? TaskOutcome.more(note) : TaskOutcome.done(note);
        } catch (MemoryException e) {
            return onModelFailure(run, key, previous, new ModelFailure(e, by.budget, usage));
        }
    }

    private record ModelFailure(MemoryException failure, ModelBudget budget, List<ModelUsage> usage) {}

    /** Falls back to an extractive summary; a summary that the model wrote before is kept and retried. */
    private TaskOutcome onModelFailure(TaskRun run, MemoryKey key, Optional<MemoryItem> previous, ModelFailure failed) {
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
        if (previous.isPresent()) {
            throw failed.failure;
        }
        TaskOutcome quoted = summarizeExtractively(run, key);
        return quoted instanceof TaskOutcome.Done done
                ? TaskOutcome.done(done.note() + " without the model: " + failed.failure.getMessage())
                : quoted;
    }

    private List<MemoryItem> messages(TaskRun run, String session) {
        List<MemoryItem> messages = new ArrayList<>();
        forEachPage(run, ListRequest.first().where(messagesOf(session)), messages::addAll);
        return messages;
    }

    private void forEachPage(TaskRun run, ListRequest request, Consumer<List<MemoryItem>> action) {
        Redactor prompts = Redactor.forPrompts(run.cube().privacy());
        Optional<String> cursor = Optional.of("");
        while (cursor.isPresent()) {
            run.check();
            ListRequest next = request.limit(PAGE_SIZE).after(cursor.get());
            Page<MemoryItem> page = vault.read(each -> each.list(run.cube().key(), next));
            action.accept(page.items().stream()
                    .filter(item -> !prompts.hidesWhole(item))
                    .map(prompts::redact)
                    .toList());
            cursor = page.next();
        }
    }

    /** The items to summarize, the summarizer, and the fewest items worth a summary. */
    private record Material(Filter filter, Sort sort, LexRankSummarizer digest, int fewest) {}

    private Content content(TaskRun run, MemoryKey key, Material material) {
        Extraction extraction = new Extraction(
                material,
                ZoneResolver.resolve(run.cube(), zone),
                vault.read(each -> memoryWriter.find(each, run.cube().key(), key))
                        .map(item -> item.text().lines().toList())
                        .orElse(List.of()));
        ListRequest request = ListRequest.first().where(material.filter).sortedBy(material.sort);
        forEachPage(run, request, extraction::add);
        return extraction.content();
    }

    /** Summarizes page by page: the lines selected from the pages before compete with those of the next page. */
    private final class Extraction {
        private final Material material;
        private final ZoneId days;
        private final Set<String> before;
        private final Map<ItemId, MemoryItem> origins = new HashMap<>();
        private Extract chosen = Extract.NOTHING;
        private Optional<Instant> since = Optional.empty();
        private int items;

        Extraction(Material material, ZoneId days, List<String> former) {
            this.material = material;
            this.days = days;
            this.before = new HashSet<>(former);
        }

        void add(List<MemoryItem> page) {
            List<Line> pool = new ArrayList<>(chosen.lines());
            for (MemoryItem item : page) {
                items++;
                origins.put(item.id(), item);
                pool.addAll(SentenceExtractor.extract(item, days));
                Instant occurred = item.times().occurredAt();
                since = Optional.of(since.filter(occurred::isAfter).orElse(occurred));
            }
            chosen.lines().forEach(line -> before.add(line.rendered()));
            chosen = material.digest.summarize(pool, before);
            Set<ItemId> quoted = new HashSet<>();
            chosen.lines().forEach(line -> quoted.add(line.source()));
            origins.keySet().retainAll(quoted);
        }

        Content content() {
            boolean worth = items >= material.fewest;
            return new Content(
                    worth ? title(chosen.gist()) : "",
                    worth ? text(chosen.lines()) : "",
                    origins.values().stream()
                            .sorted(Comparator.comparing(
                                            (MemoryItem item) -> item.times().occurredAt())
                                    .thenComparing(MemoryItem::id))
                            .toList(),
                    since.orElseGet(clock::instant),
                    Map.of());
        }
    }

    static String title(String gist) {
        return gist.length() <= MAX_TITLE_CHARS
                ? gist
                : gist.substring(0, MAX_TITLE_CHARS - 1).strip() + "…";
    }

    private static String text(List<Line> lines) {
        return String.join("\n", lines.stream().map(Line::rendered).distinct().toList());
    }
}
