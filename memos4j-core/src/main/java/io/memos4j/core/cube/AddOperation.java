package io.memos4j.core.cube;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Warning;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.AddResult.Added;
import io.memos4j.api.items.AddResult.Outcome;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Selection;
import io.memos4j.core.Engine;
import io.memos4j.core.ingest.ContentFingerprint;
import io.memos4j.core.ingest.DuplicateDetector.Decision;
import io.memos4j.core.ingest.ParsedBatch;
import io.memos4j.core.ingest.ParsedInput;
import io.memos4j.core.language.MemoryCommand;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.LexicalQuery;
import io.memos4j.spi.index.PassageCandidate;
import io.memos4j.spi.items.StoredAnswer;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One add: reads the inputs outside the transaction, decides and stores inside it, and makes the result searchable. */
final class AddOperation {
    private static final int MAX_KEY = 256;

    /** Passages that a wish to forget is compared with. */
    private static final int FORGETTABLE = 50;

    private final Engine engine;
    private final CubeRow cube;

    AddOperation(Engine engine, CubeRow cube) {
        this.engine = engine;
        this.cube = cube;
    }

    AddResult run(AddRequest request) {
        request.idempotencyKey()
                .filter(key -> key.isBlank() || key.length() > MAX_KEY)
                .ifPresent(key -> {
                    throw MemoryException.invalid("An idempotency key has 1 to " + MAX_KEY + " characters.");
                });
        ParsedBatch reading = engine.reader().parse(cube.id(), request);
        Map<ParsedInput, List<ItemId>> described = described(reading);
        Stored stored =
                engine.vault().write(writer -> store(writer, request, new Plan(reading, described, request.expiry())));
        List<Warning> warnings = new ArrayList<>(reading.warnings());
        try {
            engine.indexes().catchUp(cube);
        } catch (MemoryException e) {
            if (e.code() != ErrorCode.STORAGE_FULL && e.code() != ErrorCode.STORAGE_FAILED) {
                throw e;
            }
            warnings.add(new Warning(
                    "index_behind",
                    "Stored durably, but not searchable until the index can follow: " + e.getMessage()));
        }
        return new AddResult(stored.added, warnings, stored.replayed);
    }

    /** What was read, which memories its wishes to forget may mean, and until when it is recalled. */
    private record Plan(ParsedBatch reading, Map<ParsedInput, List<ItemId>> described, Optional<Instant> expiry) {}

    /** The memories that each wish to forget may mean, by their words. */
    private Map<ParsedInput, List<ItemId>> described(ParsedBatch reading) {
        Map<ParsedInput, List<ItemId>> described = new HashMap<>();
        for (ParsedInput draft : reading.drafts()) {
            if (draft.command().kind() == MemoryCommand.Kind.FORGET) {
                LexicalQuery query =
                        new LexicalQuery(draft.command().what(), Filter.ALL, FORGETTABLE, Duration.ofSeconds(2));
                described.put(
                        draft,
                        engine.indexes().use(cube, index -> index.lexical(query)).candidates().stream()
                                .map(PassageCandidate::item)
                                .distinct()
                                .toList());
            }
        }
        return described;
    }

    private record Stored(List<Added> added, boolean replayed) {}

    private Stored store(VaultWriter writer, AddRequest request, Plan plan) {
        if (writer.findCube(cube.key()).isEmpty()) {
            throw new MemoryException(ErrorCode.CUBE_NOT_FOUND, "Cube '" + cube.id() + "' was deleted.");
        }
        if (request.idempotencyKey().isEmpty()) {
            return new Stored(decideAndStore(writer, plan), false);
        }
        String key = request.idempotencyKey().get();
        String hash = ContentFingerprint.of(plan.reading.drafts().stream()
                .map(draft -> draft.item().fingerprint())
                .toArray(String[]::new));
        var earlier = writer.findAnswer(cube.key(), key);
        if (earlier.isPresent()) {
            if (!earlier.get().requestHash().equals(hash)) {
                throw new MemoryException(
                        ErrorCode.IDEMPOTENCY_CONFLICT,
                        "Idempotency key '" + key
                                + "' was used before with other inputs. Use a new key for a new request.");
            }
            return new Stored(decode(earlier.get().answer()), true);
        }
        List<Added> added = decideAndStore(writer, plan);
        writer.storeAnswer(
                cube.key(),
                key,
                new StoredAnswer(hash, encode(added)),
                engine.reader().now());
        return new Stored(added, false);
    }

    private List<Added> decideAndStore(VaultWriter writer, Plan plan) {
        ParsedBatch reading = plan.reading;
        Decision decision = engine.admission().classify(writer, cube.key(), reading.drafts());
        List<StoredItem> both = new ArrayList<>(engine.reader().stampRecorded(decision.fresh()));
        both.addAll(remarks(writer, decision.fresh()));
        List<StoredItem> fresh = engine.timeToLive().assign(writer, cube.key(), both, plan.expiry);
        writer.insert(cube.key(), fresh);
        engine.triggers()
                .onAdd(writer, cube.key(), fresh.stream().map(StoredItem::item).toList());
        engine.successions().supersede(writer, cube.key(), fresh);
        forget(writer, plan, decision.fresh());
        Set<ItemId> present = new HashSet<>();
        decision.added().forEach(each -> present.add(each.id()));
        reading.documents().forEach(name -> replaceDocument(writer, name, present));
        engine.timeToLive().scheduleTasks(writer, cube.key());
        return decision.added();
    }

    /**
     * What fresh messages say about how their user wants to be treated, unless it was said before in the same words.
     */
    private List<StoredItem> remarks(VaultWriter writer, List<StoredItem> fresh) {
        Map<String, StoredItem> remarks = new LinkedHashMap<>();
        fresh.stream()
                .map(StoredItem::item)
                .filter(item -> item.state() == ItemState.ACTIVATED)
                .flatMap(item -> engine.reader().findPreferences(item).stream())
                .forEach(remark -> remarks.putIfAbsent(remark.fingerprint(), remark));
        if (remarks.isEmpty()) {
            return List.of();
        }
        remarks.keySet()
                .removeAll(
                        writer.findByFingerprint(cube.key(), remarks.keySet()).keySet());
        return List.copyOf(remarks.values());
    }

    private void forget(VaultWriter writer, Plan plan, List<StoredItem> fresh) {
        Set<ItemId> inserted = fresh.stream().map(stored -> stored.item().id()).collect(Collectors.toSet());
        plan.described.forEach((draft, candidates) -> {
            MemoryItem wish = draft.item().item();
            if (inserted.contains(wish.id())) {
                Set<ItemId> all = new LinkedHashSet<>(candidates);
                all.addAll(inserted);
                engine.successions()
                        .expireDescribed(
                                writer, cube.key(), wish, draft.command().what(), all);
            }
        });
    }

    /**
     * A document that comes again under the same name replaces the former: chunks that it no longer has are archived,
     * and chunks that it has again are recalled again.
     */
    private void replaceDocument(VaultWriter writer, String document, Set<ItemId> present) {
        for (MemoryItem item : writer.items(cube.key(), writer.select(cube.key(), Selection.source(document)))) {
            if (item.type() != ItemType.DOCUMENT) {
                continue;
            }
            if (present.contains(item.id()) && item.state() == ItemState.ARCHIVED) {
                move(writer, item, ItemState.ACTIVATED, "document restored");
            } else if (!present.contains(item.id()) && item.state() == ItemState.ACTIVATED) {
                move(writer, item, ItemState.ARCHIVED, "document replaced");
            }
        }
    }

    private void move(VaultWriter writer, MemoryItem item, ItemState state, String cause) {
        MemoryItem moved =
                ItemEdit.NOTHING.state(state).applyTo(item, engine.reader().now());
        writer.replace(cube.key(), engine.reader().revise(moved, cause));
    }

    private static String encode(List<Added> added) {
        return added.stream()
                .map(each -> each.input() + " " + each.id() + " " + each.outcome())
                .collect(Collectors.joining("\n"));
    }

    private static List<Added> decode(String answer) {
        return answer.lines()
                .map(line -> line.split(" ", 3))
                .map(part -> new Added(Integer.parseInt(part[0]), ItemId.parse(part[1]), Outcome.valueOf(part[2])))
                .toList();
    }
}
