package io.memos4j.core.consolidation;

import io.memos4j.api.Filter;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemState;
import io.memos4j.api.ItemType;
import io.memos4j.api.ListRequest;
import io.memos4j.api.ListRequest.Sort;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Page;
import io.memos4j.api.TaskId;
import io.memos4j.api.TaskKind;
import io.memos4j.api.TaskRequest;
import io.memos4j.core.consolidation.Digest.Chosen;
import io.memos4j.core.consolidation.Digest.Line;
import io.memos4j.core.consolidation.Keeper.Content;
import io.memos4j.core.consolidation.Keeper.Kept;
import io.memos4j.core.consolidation.Keeper.Place;
import io.memos4j.core.lifecycle.Consolidated;
import io.memos4j.core.reader.InputReader;
import io.memos4j.core.reader.fine.Usage;
import io.memos4j.core.scheduler.ModelBudget;
import io.memos4j.core.scheduler.Outcome;
import io.memos4j.core.scheduler.TaskHandler;
import io.memos4j.core.scheduler.TaskRun;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.LanguageModel;
import io.memos4j.spi.Vault;
import io.memos4j.spi.VaultWriter;
import java.time.Duration;
import java.time.Instant;
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
 * Keeps the summary of a session, its subject, up to date, or that of the whole cube: a gist of one line as title, and a few lines that were
 * said, with their days and speakers. The summary of the cube is made from those of its sessions. A summary changes only where a better line
 * was said, and names the items that its lines came from. Thread-safe.
 */
public final class SummarizeTask implements TaskHandler {
    /** A session of fewer messages is its own summary. */
    private static final int SHORTEST_SESSION = 4;

    private static final int PAGE = 300;
    private static final Digest OF_A_SESSION = new Digest(7, 120);
    private static final Digest OF_A_CUBE = new Digest(12, 300);
    private static final int LONGEST_TITLE = 160;

    /** Sessions end now and then: the cube's summary waits for the next ones. */
    private static final Duration CUBE_AFTER = Duration.ofMinutes(5);

    private static final Filter SAID =
            Filter.and(Consolidated.ORIGINAL, Filter.in("type", List.of(ItemType.MESSAGE.id(), ItemType.NOTE.id())));

    private static final Filter SESSIONS = Filter.and(
            Filter.type(ItemType.SUMMARY),
            Filter.eq("state", ItemState.ACTIVATED.id()),
            Filter.metadata(Consolidated.KEY, Consolidated.SESSION));

    private final Vault vault;
    private final InputReader reader;
    private final Keeper keeper;
    private final SentenceLines sentences;
    private final ZoneId zone;
    private final Optional<Telling> telling;

    /** Who tells the summaries of sessions instead, within the budget that all tasks share. */
    public record Telling(LanguageModel model, ModelBudget budget) {}

    /**
     * Makes summaries.
     *
     * @param zone of the days that a summary names
     * @param telling without it, or where it fails, summaries consist of sentences that were said
     */
    public SummarizeTask(Vault vault, InputReader reader, ZoneId zone, Optional<Telling> telling) {
        this.vault = vault;
        this.reader = reader;
        this.keeper = new Keeper(reader);
        this.sentences = new SentenceLines(zone);
        this.zone = zone;
        this.telling = telling;
    }

    @Override
    public Outcome run(TaskRun run) {
        String session = run.task().subject();
        if (session.isEmpty()) {
            Place place = new Place(ItemType.SUMMARY, Consolidated.CUBE, "");
            return keep(run, place, content(run, place, new Material(SESSIONS, Sort.OLDEST, OF_A_CUBE, 2)));
        }
        Place place = new Place(ItemType.SUMMARY, Consolidated.SESSION, session);
        return telling.isPresent() ? tell(run, place, telling.get()) : quote(run, place);
    }

    private static Filter said(String session) {
        return Filter.and(SAID, Filter.session(session));
    }

    private Outcome quote(TaskRun run, Place place) {
        Material material = new Material(said(place.subject()), Sort.INSERTED, OF_A_SESSION, SHORTEST_SESSION);
        return keep(run, place, content(run, place, material));
    }

    private Outcome keep(TaskRun run, Place place, Content content) {
        Kept kept = run.commit(writer -> keep(writer, run, place, content));
        return switch (kept) {
            case WRITTEN ->
                Outcome.done(
                        content.isEmpty()
                                ? "nothing is left to tell"
                                : "summarised " + content.sources().size() + " of its items");
            case UNCHANGED -> Outcome.done("nothing has changed");
            case LEFT_ALONE -> Outcome.done("left alone: a user has changed the summary");
            case STALE -> Outcome.more("the sources have changed meanwhile", writer -> {});
        };
    }

    private Kept keep(VaultWriter writer, TaskRun run, Place place, Content content) {
        Kept done = keeper.keep(writer, run.cube(), place, content);
        if (done == Kept.WRITTEN && place.rank().equals(Consolidated.SESSION)) {
            Instant now = reader.now();
            TaskRequest ofCube = TaskRequest.of(TaskKind.SUMMARIZE)
                    .dueAt(now.plus(CUBE_AFTER))
                    .because("the summary of a session has changed");
            writer.tasks()
                    .enqueue(run.cube().key(), ofCube, new TaskId(reader.newId().value()), now);
        }
        return done;
    }

    /** Lets the model tell the summary on; until it can, there is one without it. */
    private Outcome tell(TaskRun run, Place place, Telling by) {
        CubeKey cube = run.cube().key();
        Optional<MemoryItem> told =
                vault.read(each -> keeper.find(each, cube, place)).filter(ToldSummary::isTold);
        List<MemoryItem> messages = messages(run, place.subject());
        List<MemoryItem> unseen = ToldSummary.unseen(messages, told);
        if (messages.size() < SHORTEST_SESSION) {
            return quote(run, place);
        }
        if (unseen.isEmpty()) {
            return Outcome.done("nothing has changed");
        }
        Optional<Instant> spent = vault.read(each -> by.budget.spentUntil(each, cube));
        if (spent.isPresent()) {
            if (told.isEmpty()) {
                quote(run, place);
            }
            return Outcome.wait(spent.get(), "the day's budget for language models is spent");
        }
        List<MemoryItem> sources = told.map(item -> vault.read(each -> each.items(cube, ToldSummary.sourcesOf(item))))
                .orElse(List.of());
        List<Usage> usage = new ArrayList<>();
        try {
            Content content = run.waiting(() -> new ToldSummary(by.model, zone).content(unseen, told, sources, usage));
            Kept kept = run.commit(writer -> {
                by.budget.spend(writer, cube, Usage.sum(usage));
                return keep(writer, run, place, content);
            });
            boolean goesOn = kept == Kept.STALE
                    || kept != Kept.LEFT_ALONE
                            && !unseen.getLast().id().equals(messages.getLast().id());
            String note = unseen.size() + " messages told by " + by.model.id();
            return goesOn ? Outcome.more(note, writer -> {}) : Outcome.done(note);
        } catch (MemoryException e) {
            return fallen(run, place, told, new Failed(e, by.budget, usage));
        }
    }

    private record Failed(MemoryException failure, ModelBudget budget, List<Usage> usage) {}

    /** What the model could not tell is quoted; a summary that it has told before stays, and is tried again. */
    private Outcome fallen(TaskRun run, Place place, Optional<MemoryItem> told, Failed failed) {
        boolean models = switch (failed.failure.code()) {
            case MODEL_FAILED, MODEL_REFUSED, TIMEOUT, TOO_LARGE -> true;
            default -> false;
        };
        if (!models) {
            throw failed.failure;
        }
        run.commit(writer -> {
            failed.budget.spend(writer, run.cube().key(), Usage.sum(failed.usage));
            return true;
        });
        if (told.isPresent()) {
            throw failed.failure;
        }
        Outcome quoted = quote(run, place);
        return quoted instanceof Outcome.Done done
                ? Outcome.done(done.note() + " without the model: " + failed.failure.getMessage())
                : quoted;
    }

    private List<MemoryItem> messages(TaskRun run, String session) {
        List<MemoryItem> messages = new ArrayList<>();
        ListRequest request = ListRequest.first().where(said(session)).limit(PAGE);
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
    private record Material(Filter filter, Sort sort, Digest digest, int fewest) {}

    /** Page by page: what was chosen from the pages before stands against the next page. */
    private Content content(TaskRun run, Place place, Material material) {
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
                pool.addAll(sentences.of(item));
                Instant occurred = item.times().occurredAt();
                since = Optional.of(since.filter(occurred::isAfter).orElse(occurred));
            }
            kept.forEach(line -> before.add(line.shown()));
            Chosen chosen = material.digest.choose(pool, before);
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
                since.orElseGet(reader::now),
                Map.of());
    }

    static String title(String gist) {
        return gist.length() <= LONGEST_TITLE
                ? gist
                : gist.substring(0, LONGEST_TITLE - 1).strip() + "…";
    }

    private static String text(List<Line> lines) {
        return String.join("\n", lines.stream().map(Line::shown).distinct().toList());
    }
}
