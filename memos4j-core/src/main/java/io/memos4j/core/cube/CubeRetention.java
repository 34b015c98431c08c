package io.memos4j.core.cube;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.Document;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.MemoryInput;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.retention.ItemHeat;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.api.retention.WorkingMemory;
import io.memos4j.api.retention.WorkingMemoryItem;
import io.memos4j.core.Engine;
import io.memos4j.core.history.StateTransitions;
import io.memos4j.core.retention.HeatCurve;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.retention.UsageRecord;
import io.memos4j.spi.retention.WorkingMemoryEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the memories of a cube age and what its sessions have at hand: the doors and the notes behind them. */
final class CubeRetention {
    private static final Duration LATELY = Duration.ofDays(1);

    private final Engine engine;
    private final StoredMemCube cube;
    private final CubeKey key;

    CubeRetention(Engine engine, StoredMemCube cube, CubeKey key) {
        this.engine = engine;
        this.cube = cube;
        this.key = key;
    }

    RetentionPolicy policy() {
        return engine.vault().read(reader -> {
            cube.require(reader);
            return reader.usage().policy(key);
        });
    }

    void policy(RetentionPolicy policy) {
        engine.vault().write(writer -> {
            cube.require(writer);
            writer.usage().policy(key, policy);
            engine.timeToLive().scheduleTasks(writer, key, policy);
            return policy;
        });
    }

    ItemHeat heat(ItemId id) {
        engine.uses().flush();
        return engine.vault().read(reader -> {
            cube.require(reader);
            MemoryItem item = cube.item(reader, id);
            UsageRecord use = Optional.ofNullable(
                            reader.usage().itemUsage(key, List.of(id)).get(id))
                    .orElseGet(() -> HeatCurve.unused(item.times().recordedAt()));
            HeatCurve curve = HeatCurve.of(reader.usage().policy(key));
            return new ItemHeat(curve.heatAt(use, engine.reader().now()), use.uses(), use.usedAt());
        });
    }

    WorkingMemory workingMemory(String session) {
        Instant now = engine.reader().now();
        return engine.vault().read(reader -> {
            cube.require(reader);
            List<WorkingMemoryEntry> held =
                    session.isEmpty() ? List.of() : engine.uses().workingMemory(reader, key, session, now);
            Map<ItemId, MemoryItem> items = new HashMap<>();
            reader.items(key, held.stream().map(WorkingMemoryEntry::item).toList()).stream()
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

    /** Refuses an edit that the item's state does not allow. */
    static void require(MemoryItem current, ItemEdit edit) {
        edit.state().ifPresent(to -> StateTransitions.require(current, to, StateTransitions.Trigger.EDIT));
        edit.expiresAt()
                .filter(at -> at.isAfter(Instant.parse("9999-12-31T23:59:59.999Z")) && !at.equals(ItemEdit.NEVER))
                .ifPresent(at -> {
                    throw MemoryException.invalid("The expiry " + at + " is later than year 9999.");
                });
    }

    Optional<MemoryItem> got(Optional<MemoryItem> item) {
        item.ifPresent(each -> engine.uses()
                .recordUse(key, "", List.of(each.id()), engine.reader().now()));
        return item;
    }

    /** Notes what was said in which session. What is imported from longer ago is not being said now. */
    AddResult said(AddRequest request, AddResult result) {
        Instant now = engine.reader().now();
        Map<String, List<ItemId>> sessions = new LinkedHashMap<>();
        result.items().stream()
                .filter(added -> added.outcome() == AddResult.Outcome.ADDED && !result.replayed())
                .filter(added -> lately(request.inputs().get(added.input()), now))
                .forEach(added -> sessions.computeIfAbsent(
                                session(request.inputs().get(added.input())), session -> new ArrayList<>())
                        .add(added.id()));
        sessions.remove("");
        sessions.forEach((session, items) -> engine.uses().recordSaid(key, session, items, now));
        return result;
    }

    private static String session(MemoryInput input) {
        return switch (input) {
            case Message message -> message.session().strip();
            case Note note -> note.session().strip();
            case Document document -> "";
        };
    }

    private static boolean lately(MemoryInput input, Instant now) {
        Optional<Instant> time = switch (input) {
            case Message message -> message.time();
            case Note note -> note.time();
            case Document document -> document.time();
        };
        return time.map(now.minus(LATELY)::isBefore).orElse(true);
    }
}
