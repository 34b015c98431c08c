package io.memos4j.core.cube;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Warning;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.AddResult.Added;
import io.memos4j.api.items.AddResult.Forgotten;
import io.memos4j.api.items.AddResult.Outcome;
import io.memos4j.api.items.Filter;
import io.memos4j.api.privacy.PrivacyPolicy;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.core.cube.ItemIngestion.Ingested;
import io.memos4j.core.ingest.ContentFingerprint;
import io.memos4j.core.ingest.InputParser;
import io.memos4j.core.ingest.ParsedBatch;
import io.memos4j.core.ingest.ParsedInput;
import io.memos4j.core.ingest.document.GraphemeBoundaries;
import io.memos4j.core.privacy.SensitivityLabeler;
import io.memos4j.spi.index.CubeIndex;
import io.memos4j.spi.index.LexicalQuery;
import io.memos4j.spi.index.PassageCandidate;
import io.memos4j.spi.items.StoredAnswer;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Adds inputs to a cube: parses them outside the transaction, stores them inside it, and makes the result searchable.
 * Thread-safe.
 */
public final class AddOperation {
    private static final int MAX_KEY = 256;

    private static final String FORGOTTEN = "forgotten ";

    /** Passages that a wish to forget is compared with. */
    private static final int FORGETTABLE = 50;

    /** Memories that the answer to a request names where none is plainly meant, and their length in UTF-16 units. */
    private static final int NEAREST = 3;

    private static final int EXCERPT = 80;

    private final InputParser parser;
    private final ItemIngestion ingestion;
    private final InstantSource clock;

    public AddOperation(InputParser parser, ItemIngestion ingestion, InstantSource clock) {
        this.parser = parser;
        this.ingestion = ingestion;
        this.clock = clock;
    }

    AddResult add(CubeHandle cube, AddRequest request) {
        PrivacyPolicy privacy = cube.readyRow().privacy();
        request.idempotencyKey()
                .filter(key -> key.isBlank() || key.length() > MAX_KEY)
                .ifPresent(key -> {
                    throw MemoryException.invalid("An idempotency key has 1 to " + MAX_KEY + " characters.");
                });
        ParsedBatch reading = parser.parse(cube.id(), request);
        reading.drafts()
                .forEach(draft ->
                        SensitivityLabeler.requireAllowed(draft.item().item(), privacy, "Input " + draft.input()));
        ItemIngestion.Batch batch = ItemIngestion.Batch.of(reading, described(cube, reading), request.expiry());
        Stored stored = cube.write(writer -> store(writer, cube, request, batch));
        List<Warning> warnings = new ArrayList<>(reading.warnings());
        warnings.addAll(unheeded(cube, batch, stored.added));
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
        return new AddResult(stored.added, stored.forgotten, warnings, stored.replayed);
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
    private static List<Warning> unheeded(CubeHandle cube, ItemIngestion.Batch batch, List<Added> added) {
        Set<Integer> stored = added.stream()
                .filter(each -> each.outcome() == Outcome.ADDED)
                .map(Added::input)
                .collect(Collectors.toSet());
        return batch.reading().drafts().stream()
                .filter(draft -> draft.command().kind().forgets() && stored.contains(draft.input()))
                .map(draft -> new Warning(
                        "nothing_forgotten",
                        "Message " + draft.input() + " may ask to forget '"
                                + draft.command().what() + "', but describes no memory, or too many. Nothing was"
                                + " forgotten. Say it in the words of the memory, or delete it by its id."
                                + nearest(cube, batch, draft)))
                .toList();
    }

    /** The recalled memories that the request may mean, of nobody else: " Is one of these meant: ID 'text' …?". */
    private static String nearest(CubeHandle cube, ItemIngestion.Batch batch, ParsedInput request) {
        List<ItemId> described = batch.described().getOrDefault(request, List.of());
        String nearest = cube.read(reader -> reader.items(cube.key(), described)).stream()
                .filter(item -> item.state().isRecalled())
                .filter(item -> !item.sensitivity().isAbove(Sensitivity.INTERNAL))
                .filter(item ->
                        !ForgetRequests.isOfAnotherUser(item, request.item().item()))
                .limit(NEAREST)
                .map(item -> item.id() + " '" + GraphemeBoundaries.prefix(item.text(), EXCERPT) + "'")
                .collect(Collectors.joining(", "));
        return nearest.isEmpty() ? "" : " Is one of these meant: " + nearest + "?";
    }

    private static List<ItemId> candidates(CubeIndex index, LexicalQuery query) {
        return index.lexical(query).candidates().stream()
                .map(PassageCandidate::item)
                .distinct()
                .toList();
    }

    private record Stored(List<Added> added, List<Forgotten> forgotten, boolean replayed) {
        static Stored of(Ingested ingested) {
            return new Stored(ingested.added(), ingested.forgotten(), false);
        }
    }

    private Stored store(VaultWriter writer, CubeHandle cube, AddRequest request, ItemIngestion.Batch batch) {
        if (request.idempotencyKey().isEmpty()) {
            return Stored.of(ingestion.store(writer, cube.key(), batch, clock.instant()));
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
            return decode(earlier.get().answer());
        }
        Ingested ingested = ingestion.store(writer, cube.key(), batch, clock.instant());
        writer.storeAnswer(cube.key(), key, new StoredAnswer(hash, encode(ingested)), clock.instant());
        return Stored.of(ingested);
    }

    /** One line for each input, and one for each forgotten memory, which starts with {@link #FORGOTTEN}. */
    private static String encode(Ingested ingested) {
        return Stream.concat(
                        ingested.added().stream().map(each -> each.input() + " " + each.id() + " " + each.outcome()),
                        ingested.forgotten().stream()
                                .map(each -> FORGOTTEN + each.input() + " " + each.id() + " " + each.erasedAt()))
                .collect(Collectors.joining("\n"));
    }

    private static Stored decode(String answer) {
        List<Added> added = new ArrayList<>();
        List<Forgotten> forgotten = new ArrayList<>();
        answer.lines().forEach(line -> {
            boolean gone = line.startsWith(FORGOTTEN);
            String[] part = (gone ? line.substring(FORGOTTEN.length()) : line).split(" ", 3);
            int input = Integer.parseInt(part[0]);
            ItemId id = ItemId.parse(part[1]);
            if (gone) {
                forgotten.add(new Forgotten(input, id, Instant.parse(part[2])));
            } else {
                added.add(new Added(input, id, Outcome.valueOf(part[2])));
            }
        });
        return new Stored(added, forgotten, true);
    }
}
