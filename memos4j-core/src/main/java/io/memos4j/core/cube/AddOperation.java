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
import io.memos4j.core.ingest.ContentFingerprint;
import io.memos4j.core.ingest.InputParser;
import io.memos4j.core.ingest.ParsedBatch;
import io.memos4j.core.ingest.ParsedInput;
import io.memos4j.spi.index.CubeIndex;
import io.memos4j.spi.index.LexicalQuery;
import io.memos4j.spi.index.PassageCandidate;
import io.memos4j.spi.items.StoredAnswer;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Adds inputs to a cube: parses them outside the transaction, stores them inside it, and makes the result searchable.
 * Thread-safe.
 */
public final class AddOperation {
    private static final int MAX_KEY = 256;

    /** Passages that a wish to forget is compared with. */
    private static final int FORGETTABLE = 50;

    private final InputParser parser;
    private final ItemIngestion ingestion;
    private final InstantSource clock;

    public AddOperation(InputParser parser, ItemIngestion ingestion, InstantSource clock) {
        this.parser = parser;
        this.ingestion = ingestion;
        this.clock = clock;
    }

    AddResult add(CubeHandle cube, AddRequest request) {
        cube.readyRow();
        request.idempotencyKey()
                .filter(key -> key.isBlank() || key.length() > MAX_KEY)
                .ifPresent(key -> {
                    throw MemoryException.invalid("An idempotency key has 1 to " + MAX_KEY + " characters.");
                });
        ParsedBatch reading = parser.parse(cube.id(), request);
        ItemIngestion.Batch batch = new ItemIngestion.Batch(reading, described(cube, reading), request.expiry());
        Stored stored = cube.write(writer -> store(writer, cube, request, batch));
        List<Warning> warnings = new ArrayList<>(reading.warnings());
        warnings.addAll(unheeded(reading, stored.added));
        try {
            cube.catchUp();
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

    /** Finds for each wish to forget the memories that it may mean, by their words. */
    private static Map<ParsedInput, List<ItemId>> described(CubeHandle cube, ParsedBatch reading) {
        Map<ParsedInput, List<ItemId>> described = new HashMap<>();
        for (ParsedInput draft : reading.drafts()) {
            if (draft.command().kind().forgets()) {
                LexicalQuery query =
                        new LexicalQuery(draft.command().what(), Filter.ALL, FORGETTABLE, Duration.ofSeconds(2));
                described.put(draft, cube.useIndex(index -> candidates(index, query)));
            }
        }
        return described;
    }

    /** Warns of each request to forget that covers no memory, or too many: it was stored like other messages. */
    private static List<Warning> unheeded(ParsedBatch reading, List<Added> added) {
        Set<Integer> stored = added.stream()
                .filter(each -> each.outcome() == Outcome.ADDED)
                .map(Added::input)
                .collect(Collectors.toSet());
        return reading.drafts().stream()
                .filter(draft -> draft.command().kind().forgets() && stored.contains(draft.input()))
                .map(draft -> new Warning(
                        "nothing_forgotten",
                        "Message " + draft.input() + " may ask to forget '"
                                + draft.command().what() + "', but describes no memory, or too many. Nothing was"
                                + " forgotten. Say it in the words of the memory, or delete it by its id."))
                .toList();
    }

    private static List<ItemId> candidates(CubeIndex index, LexicalQuery query) {
        return index.lexical(query).candidates().stream()
                .map(PassageCandidate::item)
                .distinct()
                .toList();
    }

    private record Stored(List<Added> added, boolean replayed) {}

    private Stored store(VaultWriter writer, CubeHandle cube, AddRequest request, ItemIngestion.Batch batch) {
        if (request.idempotencyKey().isEmpty()) {
            return new Stored(ingestion.store(writer, cube.key(), batch, clock.instant()), false);
        }
        String key = request.idempotencyKey().get();
        String hash = ContentFingerprint.of(batch.reading().drafts().stream()
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
        List<Added> added = ingestion.store(writer, cube.key(), batch, clock.instant());
        writer.storeAnswer(cube.key(), key, new StoredAnswer(hash, encode(added)), clock.instant());
        return new Stored(added, false);
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
