package io.memos4j.core.retention;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.core.clock.IdGenerator;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.core.tasks.TaskRun;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.retention.UsedItem;
import io.memos4j.spi.retention.WorkingMemoryEntry;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Preloads the working memory of a session, the subject of the task, with items that its next question will probably
 * need. No model is asked: a search with the last turns finds the first ones, standing memories among them; then come
 * items that other sessions held together with those of this one, and the hottest of the items that were used last.
 *
 * <p>They replace items that were preloaded for an earlier turn and not used since.
 */
public final class PreloadTask implements TaskHandler {
    /** The items to preload. */
    private static final int MAX_PRELOADED = SessionWorkingMemory.MOST_PRELOADED;

    /** The items among these that may come from earlier use. */
    private static final int MAX_CO_USED = 4;

    private static final int LAST_TURNS = 4;

    /** The characters of a turn in the query. */
    private static final int LEAD = 500;

    private static final int LAST_USED = 200;

    /** The pause after which a question and its answer are both there. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Vault vault;
    private final BiFunction<CubeRow, SearchRequest, SearchResult> search;
    private final InstantSource clock;

    /** @param search finds memories without counting them as used */
    public PreloadTask(Vault vault, BiFunction<CubeRow, SearchRequest, SearchResult> search, InstantSource clock) {
        this.vault = vault;
        this.search = search;
        this.clock = clock;
    }

    /** Enqueues this task a second after a session was touched, unless one is waiting. */
    public static UsageRecorder.SessionListener enqueuer(InstantSource clock, IdGenerator ids) {
        return (writer, cube, session) -> {
            Instant time = clock.instant();
            if (session.length() <= TaskRequest.MAX_SUBJECT) {
                TaskRequest preload = TaskRequest.of(TaskKind.PRELOAD)
                        .about(session)
                        .dueAt(time.plus(PAUSE))
                        .because("the session was touched");
                writer.tasks().enqueue(cube, preload, ids.nextTaskId(), time);
            }
        };
    }

    @Override
    public TaskOutcome run(TaskRun run) {
        String session = run.task().subject();
        CubeRow cube = run.cube();
        List<MemoryItem> turns = session.isEmpty() ? List.of() : lastTurns(cube.key(), session);
        List<WorkingMemoryEntry> held = vault.read(reader -> reader.usage().workingMemory(cube.key(), session));
        if (turns.isEmpty() && held.isEmpty()) {
            return TaskOutcome.done("the session is empty");
        }
        Set<ItemId> next = new LinkedHashSet<>(findLikely(cube, turns));
        run.check();
        Set<ItemId> said = new HashSet<>(turns.stream().map(MemoryItem::id).toList());
        List<ItemId> habits = vault.read(reader -> findHabitual(reader, cube.key(), session, held));
        habits.stream().filter(id -> !said.contains(id)).forEach(next::add);
        List<ItemId> chosen = next.stream().limit(MAX_PRELOADED).toList();
        return TaskOutcome.done(chosen.size() + " items preloaded", writer -> {
            Instant time = clock.instant();
            SessionWorkingMemory set =
                    new SessionWorkingMemory(writer.usage().workingMemory(cube.key(), session).stream()
                            .filter(each -> !each.cause().equals(SessionWorkingMemory.PRELOADED))
                            .toList());
            chosen.forEach(item -> set.preload(item, time));
            writer.usage().replaceWorkingMemory(cube.key(), session, set.toStored(time));
        });
    }

    private List<MemoryItem> lastTurns(CubeKey cube, String session) {
        ListRequest last = ListRequest.first()
                .where(Filter.and(Filter.session(session), Filter.eq("state", "activated")))
                .sortedBy(ListRequest.Sort.NEWEST)
                .limit(LAST_TURNS);
        return vault.read(reader -> reader.list(cube, last)).items();
    }

    /** The items that a search with the last turns finds, without those turns. */
    private List<ItemId> findLikely(CubeRow cube, List<MemoryItem> turns) {
        if (turns.isEmpty()) {
            return List.of();
        }
        StringBuilder query = new StringBuilder();
        turns.reversed()
                .forEach(turn -> query.append(
                                turn.text(), 0, Math.min(LEAD, turn.text().length()))
                        .append('\n'));
        Filter others = Filter.not(
                Filter.in("id", turns.stream().map(turn -> turn.id().toString()).toList()));
        SearchRequest request = SearchRequest.of(query.toString())
                .where(others)
                .limit(MAX_PRELOADED - MAX_CO_USED)
                .maxTokens(Integer.MAX_VALUE);
        return search.apply(cube, request).hits().stream()
                .map(hit -> hit.item().id())
                .toList();
    }

    private List<ItemId> findHabitual(
            VaultReader reader, CubeKey cube, String session, Collection<WorkingMemoryEntry> held) {
        List<ItemId> ids = held.stream().map(WorkingMemoryEntry::item).toList();
        Set<ItemId> habits = new LinkedHashSet<>(reader.usage().findCoOccurring(cube, session, ids, MAX_CO_USED));
        RetentionPolicy policy = reader.usage().policy(cube);
        Instant time = clock.instant();
        HeatCurve curve = HeatCurve.of(policy);
        Comparator<UsedItem> coldestFirst = Comparator.comparingDouble(each -> curve.heatAt(each.use(), time));
        reader.usage().lastUsed(cube, LAST_USED).stream()
                .sorted(coldestFirst.reversed())
                .limit(MAX_CO_USED)
                .forEach(each -> habits.add(each.item()));
        return habits.stream().limit(MAX_CO_USED).toList();
    }
}
