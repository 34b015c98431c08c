package io.memos4j.core.cube;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.AddResult.Added;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.api.items.Selection;
import io.memos4j.core.history.Supersession;
import io.memos4j.core.ingest.DuplicateDetector;
import io.memos4j.core.ingest.DuplicateDetector.Decision;
import io.memos4j.core.ingest.InputParser;
import io.memos4j.core.ingest.ParsedBatch;
import io.memos4j.core.ingest.ParsedInput;
import io.memos4j.core.retention.TimeToLive;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Stores parsed inputs: leaves duplicates out, settles what they supersede, and queues the tasks that follow. Works
 * inside the caller's transaction.
 */
public final class ItemIngestion {
    /** A request that covers more memories than this is too vague to be carried out. */
    private static final int MOST_FORGOTTEN = 10;

    private final DuplicateDetector duplicates;
    private final InputParser parser;
    private final Supersession supersession;
    private final TimeToLive timeToLive;
    private final TaskTriggers triggers;

    public ItemIngestion(
            DuplicateDetector duplicates,
            InputParser parser,
            Supersession supersession,
            TimeToLive timeToLive,
            TaskTriggers triggers) {
        this.duplicates = duplicates;
        this.parser = parser;
        this.supersession = supersession;
        this.timeToLive = timeToLive;
        this.triggers = triggers;
    }

    /**
     * Parsed inputs of one request.
     *
     * @param described for each wish to forget, the memories that it may mean
     * @param expiry until when they are recalled; by the cube's policy if absent
     */
    public record Batch(ParsedBatch reading, Map<ParsedInput, List<ItemId>> described, Optional<Instant> expiry) {}

    /** Stores a batch; returns the outcome of each input, in order. */
    public List<Added> store(VaultWriter writer, CubeKey cube, Batch batch, Instant now) {
        Map<ParsedInput, List<MemoryItem>> forgotten = findForgotten(writer, cube, batch);
        Decision decision = duplicates.classify(writer, cube, batch.reading.drafts(), forgotten.keySet());
        List<StoredItem> meant = Supersession.withoutPretended(writer, cube, parser.stampRecorded(decision.fresh()));
        List<StoredItem> fresh = timeToLive.assign(writer, cube, meant, batch.expiry);
        writer.insert(cube, fresh);
        triggers.onAdd(writer, cube, fresh.stream().map(StoredItem::item).toList());
        supersession.supersede(writer, cube, fresh);
        forget(writer, cube, forgotten, decision.fresh());
        Set<ItemId> present = decision.added().stream().map(Added::id).collect(Collectors.toCollection(HashSet::new));
        batch.reading.documents().forEach(name -> replaceDocument(writer, cube, name, present, now));
        timeToLive.scheduleTasks(writer, cube);
        return decision.added();
    }

    /** Finds what each request to forget covers, among the memories and the messages before it; most cover nothing. */
    private static Map<ParsedInput, List<MemoryItem>> findForgotten(VaultReader reader, CubeKey cube, Batch batch) {
        Map<ParsedInput, List<MemoryItem>> forgotten = new LinkedHashMap<>();
        List<MemoryItem> before = new ArrayList<>();
        for (ParsedInput draft : batch.reading.drafts()) {
            if (draft.command().kind().forgets()) {
                List<MemoryItem> covered = Stream.concat(
                                reader.items(cube, batch.described.getOrDefault(draft, List.of())).stream(),
                                before.stream())
                        .filter(item -> item.state() == ItemState.ACTIVATED)
                        .filter(item -> !isOfAnotherUser(item, draft.item().item()))
                        .filter(item -> draft.command().covers(item.text()))
                        .toList();
                if (!covered.isEmpty() && covered.size() <= MOST_FORGOTTEN) {
                    forgotten.put(draft, covered);
                }
            }
            before.add(draft.item().item());
        }
        return forgotten;
    }

    /**
     * Returns whether another user said a memory: in a shared cube, nobody's words are forgotten at others' request.
     */
    private static boolean isOfAnotherUser(MemoryItem item, MemoryItem request) {
        return item.origin().role() == Role.USER
                && !item.origin().speaker().equals(request.origin().speaker());
    }

    private void forget(
            VaultWriter writer, CubeKey cube, Map<ParsedInput, List<MemoryItem>> forgotten, List<StoredItem> fresh) {
        Set<ItemId> inserted = fresh.stream().map(stored -> stored.item().id()).collect(Collectors.toSet());
        forgotten.forEach((draft, covered) -> {
            MemoryItem request = draft.item().item();
            if (inserted.contains(request.id())) {
                List<ItemId> ids = covered.stream().map(MemoryItem::id).toList();
                List<MemoryItem> stored = writer.items(cube, ids).stream()
                        .filter(item -> item.state() == ItemState.ACTIVATED)
                        .toList();
                supersession.forget(writer, cube, request, stored);
            }
        });
    }

    /**
     * Replaces a document by one of the same name: chunks that it no longer has are archived, and chunks that it has
     * again are recalled again.
     */
    private void replaceDocument(VaultWriter writer, CubeKey cube, String document, Set<ItemId> present, Instant now) {
        for (MemoryItem item : writer.items(cube, writer.select(cube, Selection.source(document)))) {
            if (item.type() != ItemType.DOCUMENT) {
                continue;
            }
            if (present.contains(item.id()) && item.state() == ItemState.ARCHIVED) {
                MemoryItem restored =
                        ItemEdit.NOTHING.state(ItemState.ACTIVATED).applyTo(item, now);
                writer.replace(cube, parser.revise(restored, "document restored"));
            } else if (!present.contains(item.id()) && item.state() == ItemState.ACTIVATED) {
                MemoryItem archived = ItemEdit.NOTHING.state(ItemState.ARCHIVED).applyTo(item, now);
                writer.replace(cube, parser.revise(archived, "document replaced"));
            }
        }
    }
}
