package io.memos4j.core;

import io.memos4j.api.AddRequest;
import io.memos4j.api.AddResult;
import io.memos4j.api.Document;
import io.memos4j.api.Heat;
import io.memos4j.api.Input;
import io.memos4j.api.ItemEdit;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Message;
import io.memos4j.api.Note;
import io.memos4j.api.Policy;
import io.memos4j.api.SearchRequest;
import io.memos4j.api.SearchResult;
import io.memos4j.api.WorkingItem;
import io.memos4j.api.WorkingMemory;
import io.memos4j.core.lifecycle.HeatCurve;
import io.memos4j.core.lifecycle.Transitions;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.Held;
import io.memos4j.spi.Use;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the memories of a cube age and what its sessions have at hand: the doors and the notes behind them. */
final class CubeLife {
    private static final Duration LATELY = Duration.ofDays(1);

    private final Engine engine;
    private final EngineCube cube;
    private final CubeKey key;

    CubeLife(Engine engine, EngineCube cube, CubeKey key) {
        this.engine = engine;
        this.cube = cube;
        this.key = key;
    }

    Policy policy() {
        return engine.vault().read(reader -> {
            cube.require(reader);
            return reader.usage().policy(key);
        });
    }

    void policy(Policy policy) {
        engine.vault().write(writer -> {
            cube.require(writer);
            writer.usage().policy(key, policy);
            engine.timeToLive().plan(writer, key, policy);
            return policy;
        });
    }

    Heat heat(ItemId id) {
        engine.uses().flush();
        return engine.vault().read(reader -> {
            cube.require(reader);
            MemoryItem item = cube.item(reader, id);
            Use use = Optional.ofNullable(reader.usage().uses(key, List.of(id)).get(id))
                    .orElseGet(() -> HeatCurve.fresh(item.times().recordedAt()));
            HeatCurve curve = HeatCurve.of(reader.usage().policy(key));
            return new Heat(curve.at(use, engine.reader().now()), use.uses(), use.usedAt());
        });
    }

    WorkingMemory workingMemory(String session) {
        Instant now = engine.reader().now();
        return engine.vault().read(reader -> {
            cube.require(reader);
            List<Held> held = session.isEmpty() ? List.of() : engine.uses().held(reader, key, session, now);
            Map<ItemId, MemoryItem> items = new HashMap<>();
            reader.items(key, held.stream().map(Held::item).toList()).stream()
                    .filter(item -> item.state().recalled() && !item.expiredAt(now))
                    .forEach(item -> items.put(item.id(), item));
            return new WorkingMemory(
                    session,
                    held.stream()
                            .flatMap(each -> Optional.ofNullable(items.get(each.item()))
                                    .map(item -> new WorkingItem(item, each.heat(), each.touchedAt(), each.cause()))
                                    .stream())
                            .toList());
        });
    }

    /** Refuses an edit that the item's state does not allow. */
    static void require(MemoryItem current, ItemEdit edit) {
        edit.state().ifPresent(to -> Transitions.require(current, to, Transitions.By.EDIT));
        edit.expiresAt()
                .filter(at -> at.isAfter(Instant.parse("9999-12-31T23:59:59.999Z")) && !at.equals(ItemEdit.NEVER))
                .ifPresent(at -> {
                    throw MemoryException.invalid("The expiry " + at + " is later than year 9999.");
                });
    }

    SearchResult found(SearchRequest request, SearchResult result) {
        engine.uses()
                .used(
                        key,
                        request.session(),
                        result.hits().stream().map(hit -> hit.item().id()).toList(),
                        engine.reader().now());
        return result;
    }

    Optional<MemoryItem> got(Optional<MemoryItem> item) {
        item.ifPresent(each ->
                engine.uses().used(key, "", List.of(each.id()), engine.reader().now()));
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
        sessions.forEach((session, items) -> engine.uses().said(key, session, items, now));
        return result;
    }

    private static String session(Input input) {
        return switch (input) {
            case Message message -> message.session().strip();
            case Note note -> note.session().strip();
            case Document document -> "";
        };
    }

    private static boolean lately(Input input, Instant now) {
        Optional<Instant> time = switch (input) {
            case Message message -> message.time();
            case Note note -> note.time();
            case Document document -> document.time();
        };
        return time.map(now.minus(LATELY)::isBefore).orElse(true);
    }
}
