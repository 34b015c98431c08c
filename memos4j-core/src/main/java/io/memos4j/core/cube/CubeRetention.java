package io.memos4j.core.cube;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.Document;
import io.memos4j.api.items.MemoryInput;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.retention.ItemHeat;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.api.retention.WorkingMemory;
import io.memos4j.api.retention.WorkingMemoryItem;
import io.memos4j.core.retention.HeatCurve;
import io.memos4j.core.retention.TimeToLive;
import io.memos4j.core.retention.UsageRecorder;
import io.memos4j.spi.retention.UsageRecord;
import io.memos4j.spi.retention.WorkingMemoryEntry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records the use of items, and answers about their heat, the policy of a cube and the working memory of its sessions.
 * Thread-safe.
 */
public final class CubeRetention {
    /** Inputs dated earlier are imported, not said now. */
    private static final Duration JUST_SAID = Duration.ofDays(1);

    private final UsageRecorder uses;
    private final TimeToLive timeToLive;
    private final InstantSource clock;

    public CubeRetention(UsageRecorder uses, TimeToLive timeToLive, InstantSource clock) {
        this.uses = uses;
        this.timeToLive = timeToLive;
        this.clock = clock;
    }

    RetentionPolicy policy(CubeHandle cube) {
        return cube.read(reader -> reader.usage().policy(cube.key()));
    }

    void policy(CubeHandle cube, RetentionPolicy policy) {
        cube.write(writer -> {
            writer.usage().policy(cube.key(), policy);
            timeToLive.scheduleTasks(writer, cube.key(), policy);
            return policy;
        });
    }

    ItemHeat heat(CubeHandle cube, ItemId id) {
        uses.flush();
        return cube.read(reader -> {
            MemoryItem item = cube.requireItem(reader, id);
            UsageRecord use = Optional.ofNullable(
                            reader.usage().itemUsage(cube.key(), List.of(id)).get(id))
                    .orElseGet(() -> HeatCurve.unused(item.times().recordedAt()));
            HeatCurve curve = HeatCurve.of(reader.usage().policy(cube.key()));
            return new ItemHeat(curve.heatAt(use, clock.instant()), use.uses(), use.usedAt());
        });
    }

    WorkingMemory workingMemory(CubeHandle cube, String session) {
        Instant now = clock.instant();
        return cube.read(reader -> {
            List<WorkingMemoryEntry> held =
                    session.isEmpty() ? List.of() : uses.workingMemory(reader, cube.key(), session, now);
            Map<ItemId, MemoryItem> items = new HashMap<>();
            reader.items(cube.key(), held.stream().map(WorkingMemoryEntry::item).toList()).stream()
                    .filter(item -> item.state().isRecalled() && !item.isExpiredAt(now))
                    .forEach(item -> items.put(item.id(), item));
            return new WorkingMemory(
                    session,
                    held.stream()
                            .flatMap(each -> Optional.ofNullable(items.get(each.item()))
                                    .map(item ->
                                            new WorkingMemoryItem(item, each.heat(), each.touchedAt(), each.cause()))
                                    .stream())
                            .toList());
        });
    }

    /** Records that the caller read an item. */
    void recordUse(CubeHandle cube, ItemId item) {
        uses.recordUse(cube.key(), "", List.of(item), clock.instant());
    }

    /** Records for each session the items that were just said in it; returns the result that it was given. */
    AddResult recordSaid(CubeHandle cube, AddRequest request, AddResult result) {
        Instant now = clock.instant();
        Map<String, List<ItemId>> sessions = new LinkedHashMap<>();
        result.items().stream()
                .filter(added -> added.outcome() == AddResult.Outcome.ADDED && !result.replayed())
                .filter(added -> isJustSaid(request.inputs().get(added.input()), now))
                .forEach(added -> sessions.computeIfAbsent(
                                session(request.inputs().get(added.input())), session -> new ArrayList<>())
                        .add(added.id()));
        sessions.remove("");
        sessions.forEach((session, items) -> uses.recordSaid(cube.key(), session, items, now));
        return result;
    }

    private static String session(MemoryInput input) {
        return switch (input) {
            case Message message -> message.session().strip();
            case Note note -> note.session().strip();
            case Document document -> "";
        };
    }

    private static boolean isJustSaid(MemoryInput input, Instant now) {
        Optional<Instant> time = switch (input) {
            case Message message -> message.time();
            case Note note -> note.time();
            case Document document -> document.time();
        };
        return time.map(now.minus(JUST_SAID)::isBefore).orElse(true);
    }
}
