package io.memos4j.core.cube;

import io.memos4j.api.ItemId;
import io.memos4j.api.history.ChangeReason;
import io.memos4j.api.items.AddResult.Added;
import io.memos4j.api.items.AddResult.Forgotten;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Selection;
import io.memos4j.api.items.SourceReference;
import io.memos4j.core.history.Supersession;
import io.memos4j.core.ingest.DuplicateDetector;
import io.memos4j.core.ingest.DuplicateDetector.Decision;
import io.memos4j.core.ingest.InputParser;
import io.memos4j.core.ingest.ParsedBatch;
import io.memos4j.core.ingest.ParsedInput;
import io.memos4j.core.privacy.SensitivityLabeler;
import io.memos4j.core.retention.TimeToLive;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Stores parsed inputs: leaves duplicates out, settles what they supersede, and queues the tasks that follow. Works
 * inside the caller's transaction.
 */
public final class ItemIngestion {
    private static final ChangeReason DOCUMENT = ChangeReason.of("document-replaced", 1);

    private final DuplicateDetector duplicates;
    private final InputParser parser;
    private final Supersession supersession;
    private final ForgetOperation forgetting;
    private final TimeToLive timeToLive;
    private final TaskTriggers triggers;

    public ItemIngestion(
            DuplicateDetector duplicates,
            InputParser parser,
            Supersession supersession,
            ForgetOperation forgetting,
            TimeToLive timeToLive,
            TaskTriggers triggers) {
        this.duplicates = duplicates;
        this.parser = parser;
        this.supersession = supersession;
        this.forgetting = forgetting;
        this.timeToLive = timeToLive;
        this.triggers = triggers;
    }

    /**
     * Parsed inputs of one request.
     *
     * @param described for each wish to forget, the memories that it may mean
     * @param expiry until when they are recalled; by the cube's policy if absent
     * @param effects what they may change
     */
    public record Batch(
            ParsedBatch reading,
            Map<ParsedInput, List<ItemId>> described,
            Optional<Instant> expiry,
            Map<ItemId, Supersession.Effect> effects) {
        /** Reads the effects of the inputs. */
        static Batch of(ParsedBatch reading, Map<ParsedInput, List<ItemId>> described, Optional<Instant> expiry) {
            return new Batch(
                    reading,
                    described,
                    expiry,
                    Supersession.readEffects(
                            reading.drafts().stream().map(draft -> draft.item().item())));
        }
    }

    /** The outcome of each input, in order, and what the requests among them asked to forget. */
    public record Ingested(List<Added> added, List<Forgotten> forgotten) {}

    /** Stores a batch. */
    public Ingested store(VaultWriter writer, CubeKey cube, Batch batch, Instant now) {
        ForgetRequests requests = ForgetRequests.find(writer, cube, batch);
        Decision decision = duplicates.classify(writer, cube, batch.reading.drafts(), Set.copyOf(requests.heeded()));
        List<StoredItem> labeled = decision.fresh().stream()
                .map(stored -> inheriting(writer, cube, stored))
                .toList();
        List<StoredItem> meant = Supersession.withoutPretended(writer, cube, parser.stampRecorded(labeled));
        List<StoredItem> fresh = withhold(writer, cube, requests, timeToLive.assign(writer, cube, meant, batch.expiry));
        writer.insert(cube, fresh);
        triggers.onAdd(writer, cube, fresh.stream().map(StoredItem::item).toList());
        supersession.supersede(writer, cube, fresh, batch.effects);
        List<Forgotten> forgotten = forget(writer, cube, requests, decision.fresh());
        Set<ItemId> present = decision.added().stream().map(Added::id).collect(Collectors.toCollection(HashSet::new));
        batch.reading.documents().forEach(name -> replaceDocument(writer, cube, name, present, now));
        timeToLive.scheduleTasks(writer, cube);
        return new Ingested(decision.added(), forgotten);
    }

    /** A note that names its sources is as sensitive as they are. */
    private static StoredItem inheriting(VaultReader vault, CubeKey cube, StoredItem stored) {
        List<ItemId> sources = stored.item().origin().sources().stream()
                .filter(source -> source.kind() == SourceReference.Kind.ITEM)
                .map(source -> ItemId.parse(source.id()))
                .toList();
        return sources.isEmpty()
                ? stored
                : stored.with(
                        SensitivityLabeler.labelReworded(stored.item(), vault.items(cube, sources)), stored.cause());
    }

    private List<Forgotten> forget(
            VaultWriter writer, CubeKey cube, ForgetRequests requests, Collection<StoredItem> fresh) {
        Set<ItemId> inserted = fresh.stream().map(stored -> stored.item().id()).collect(Collectors.toSet());
        List<Forgotten> forgotten = new ArrayList<>();
        requests.covered().forEach((draft, covered) -> {
            ItemId request = draft.item().item().id();
            if (inserted.contains(request)) {
                List<ItemId> ids = covered.stream().map(MemoryItem::id).toList();
                List<MemoryItem> stored = writer.items(cube, ids).stream()
                        .filter(item -> item.state() != ItemState.FORGOTTEN && item.state() != ItemState.FROZEN)
                        .toList();
                forgotten.addAll(forgetting.forget(writer, cube, draft.input(), request, stored));
            }
        });
        return forgotten;
    }

    /** Withholds the messages that carry or answer a request to forget. */
    private List<StoredItem> withhold(
            VaultWriter writer, CubeKey cube, ForgetRequests requests, List<StoredItem> fresh) {
        if (requests.heeded().isEmpty()) {
            return fresh;
        }
        Instant erasedAt = forgetting.erasureTime(writer, cube);
        return fresh.stream()
                .map(stored -> requests.requestOf(stored.item())
                        .map(request -> forgetting.withhold(stored, request, erasedAt))
                        .orElse(stored))
                .toList();
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
                writer.replace(
                        cube, parser.revise(restored, "document restored").because(DOCUMENT));
            } else if (!present.contains(item.id()) && item.state() == ItemState.ACTIVATED) {
                MemoryItem archived = ItemEdit.NOTHING.state(ItemState.ARCHIVED).applyTo(item, now);
                writer.replace(
                        cube, parser.revise(archived, "document replaced").because(DOCUMENT));
            }
        }
    }
}
