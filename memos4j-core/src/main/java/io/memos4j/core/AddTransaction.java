package io.memos4j.core;

import io.memos4j.api.AddRequest;
import io.memos4j.api.AddResult;
import io.memos4j.api.AddResult.Added;
import io.memos4j.api.AddResult.Outcome;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemEdit;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemState;
import io.memos4j.api.ItemType;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Selection;
import io.memos4j.api.Warning;
import io.memos4j.core.reader.Admission.Decision;
import io.memos4j.core.reader.Fingerprint;
import io.memos4j.core.reader.Reading;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.StoredAnswer;
import io.memos4j.spi.VaultWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** One add: reads the inputs outside the transaction, decides and stores inside it, and makes the result searchable. */
final class AddTransaction {
    private static final int MAX_KEY = 256;

    private final Engine engine;
    private final CubeRow cube;

    AddTransaction(Engine engine, CubeRow cube) {
        this.engine = engine;
        this.cube = cube;
    }

    AddResult run(AddRequest request) {
        request.idempotencyKey()
                .filter(key -> key.isBlank() || key.length() > MAX_KEY)
                .ifPresent(key -> {
                    throw MemoryException.invalid("An idempotency key has 1 to " + MAX_KEY + " characters.");
                });
        Reading reading = engine.reader().read(cube.id(), request);
        Stored stored = engine.vault().write(writer -> store(writer, request, reading));
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

    private record Stored(List<Added> added, boolean replayed) {}

    private Stored store(VaultWriter writer, AddRequest request, Reading reading) {
        if (writer.cube(cube.key()).isEmpty()) {
            throw new MemoryException(ErrorCode.CUBE_NOT_FOUND, "Cube '" + cube.id() + "' was deleted.");
        }
        if (request.idempotencyKey().isEmpty()) {
            return new Stored(decideAndStore(writer, reading), false);
        }
        String key = request.idempotencyKey().get();
        String hash = Fingerprint.of(reading.drafts().stream()
                .map(draft -> draft.item().fingerprint())
                .toArray(String[]::new));
        var earlier = writer.answer(cube.key(), key);
        if (earlier.isPresent()) {
            if (!earlier.get().requestHash().equals(hash)) {
                throw new MemoryException(
                        ErrorCode.IDEMPOTENCY_CONFLICT,
                        "Idempotency key '" + key
                                + "' was used before with other inputs. Use a new key for a new request.");
            }
            return new Stored(decode(earlier.get().answer()), true);
        }
        List<Added> added = decideAndStore(writer, reading);
        writer.remember(
                cube.key(),
                key,
                new StoredAnswer(hash, encode(added)),
                engine.reader().now());
        return new Stored(added, false);
    }

    private List<Added> decideAndStore(VaultWriter writer, Reading reading) {
        Decision decision = engine.admission().decide(writer, cube.key(), reading.drafts());
        writer.insert(cube.key(), decision.fresh());
        Set<ItemId> present = new HashSet<>();
        decision.added().forEach(each -> present.add(each.id()));
        reading.documents().forEach(name -> replaceDocument(writer, name, present));
        return decision.added();
    }

    /**
     * A document that comes again under the same name replaces the former: chunks that it no longer has are archived, and chunks that it has
     * again are recalled again.
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
