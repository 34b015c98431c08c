package io.memos4j.core.transfer;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Selection;
import io.memos4j.api.transfer.MergeReport;
import io.memos4j.api.transfer.MoveReport;
import io.memos4j.api.transfer.TransferConflict;
import io.memos4j.core.history.Supersession;
import io.memos4j.core.trust.TrustPolicy;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Merges cubes and moves items between them. The caller refreshes the indexes. Thread-safe.
 *
 * <p>A merge copies in transactions of {@value CubeMerge#BATCH_SIZE} items, in order of insertion, so that other
 * writers wait only milliseconds. Items keep their ids, so copied ones are recognized: repeating an interrupted merge
 * completes it, and repeating a complete one changes nothing. A move is one transaction, because an item must never be
 * in both cubes or in neither; other writers wait for all of it.
 */
public final class TransferService {
    private final Vault vault;
    private final Supersession supersession;
    private final TrustPolicy trust;
    private final InstantSource clock;

    /**
     * @param trust tells to whom the words of the owner are attributed in a cube of somebody else
     * @param clock the recording time
     */
    public TransferService(Vault vault, Supersession supersession, TrustPolicy trust, InstantSource clock) {
        this.vault = vault;
        this.supersession = supersession;
        this.trust = trust;
        this.clock = clock;
    }

    /** Copies the items that the target does not have. */
    public MergeReport merge(TransferRoute route) {
        CubeMerge merge =
                new CubeMerge(route, author(route), vault.read(reader -> ExtractionProgress.read(reader, route)));
        boolean more = true;
        while (more) {
            more = merge.record(vault.write(writer -> merge.copyNext(writer, supersession)));
        }
        return merge.report();
    }

    private String author(TransferRoute route) {
        return trust.authorElsewhere(route.from().id(), route.to().id());
    }

    /** Attributes copied words of the owner of the source, if the target has another owner. */
    static void attribute(VaultWriter writer, TransferRoute route, String author, List<ItemId> copied) {
        if (!author.isEmpty()) {
            writer.transfers().attribute(route.to().key(), copied, author);
        }
    }

    /** Reports what a merge would do, without doing it. */
    public MergeReport compare(TransferRoute route) {
        CubeMerge merge = new CubeMerge(route, author(route), new ExtractionProgress(route, 0));
        boolean more = true;
        while (more) {
            more = merge.record(vault.read(merge::next));
        }
        return merge.report();
    }

    /** Moves items, with everything derived from them, to the target cube. */
    public MoveReport move(TransferRoute route, Selection selection) {
        String author = author(route);
        return vault.write(writer -> move(writer, route, author, selection));
    }

    private MoveReport move(VaultWriter writer, TransferRoute route, String author, Selection selection) {
        route.requireExisting(writer);
        CubeKey from = route.from().key();
        CubeKey to = route.to().key();
        List<ItemId> selected = writer.select(from, selection);
        List<ItemId> derived = writer.derivedFrom(from, selected);
        List<ItemId> all = new ArrayList<>(selected);
        all.addAll(derived);
        checkMovable(writer, route, all);
        ExtractionProgress reading = ExtractionProgress.read(writer, route);
        List<TransferConflict> conflicts =
                author.isEmpty() ? ConflictResolver.find(writer, route, all, Set.of()) : List.of();
        List<ItemId> fresh = new ArrayList<>(all);
        writer.items(to, all).forEach(item -> fresh.remove(item.id()));
        reading.copyAndMark(writer, Long.MAX_VALUE - 1, () -> writer.transfers().copy(from, to, all));
        attribute(writer, route, author, fresh);
        writer.transfers().externalizeSources(to, all, "cube:" + route.from().id() + "/");
        ConflictResolver.resolve(writer, route, supersession, conflicts);
        supersession.reinstateReplacedBy(writer, from, all);
        writer.erase(from, all, clock.instant());
        return new MoveReport(route.from().id(), route.to().id(), selected, derived, conflicts);
    }

    /** Fails if an item is frozen, or exists in the target with another text. */
    private static void checkMovable(VaultReader reader, TransferRoute route, List<ItemId> all) {
        Map<ItemId, MemoryItem> there = new HashMap<>();
        reader.items(route.to().key(), all).forEach(item -> there.put(item.id(), item));
        for (MemoryItem item : reader.items(route.from().key(), all)) {
            if (item.state() == ItemState.FROZEN) {
                throw MemoryException.invalid(
                        "Item " + item.id() + " is frozen. Set its state to activated before moving it.");
            }
            MemoryItem other = there.get(item.id());
            if (other != null && !other.text().equals(item.text())) {
                throw new MemoryException(
                        ErrorCode.VERSION_CONFLICT,
                        "Item " + item.id() + " is already in cube '"
                                + route.to().id()
                                + "' with another text. Delete one of the two, or give both the same text.");
            }
        }
    }
}
