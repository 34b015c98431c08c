package io.memos4j.core.cube;

import io.memos4j.api.Actor;
import io.memos4j.api.ItemId;
import io.memos4j.api.Page;
import io.memos4j.api.history.ChangeId;
import io.memos4j.api.history.ChangeKind;
import io.memos4j.api.history.ChangeReason;
import io.memos4j.api.history.ChangeRecord;
import io.memos4j.api.history.ChangeRecord.Evidence;
import io.memos4j.api.history.ChangeRecord.Side;
import io.memos4j.api.history.ChangeRequest;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.ingest.document.GraphemeBoundaries;
import io.memos4j.core.privacy.Redactor;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.history.VersionChange;
import io.memos4j.spi.vault.VaultReader;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Lists the changes of a cube, from one snapshot of the vault. For one use by one thread. */
final class ChangeListing {
    private final VaultReader vault;
    private final CubeKey cube;
    private final Redactor redactor;

    ChangeListing(VaultReader vault, CubeKey cube, Redactor redactor) {
        this.redactor = redactor;
        this.vault = vault;
        this.cube = cube;
    }

    Page<ChangeRecord> page(ChangeRequest request) {
        boolean withheld = request.item().isPresent() || request.kinds().equals(Set.of(ChangeKind.FORGOTTEN));
        Page<VersionChange> page = vault.history().changes(cube, request);
        return new Page<>(
                page.items().stream().map(change -> record(change, withheld)).toList(), page.next());
    }

    /** @param withheld whether to show the text of what is to be forgotten */
    private ChangeRecord record(VersionChange change, boolean withheld) {
        ItemVersion made = change.made();
        MemoryItem current = change.current();
        boolean shown = withheld || current.state() != ItemState.FORGOTTEN;
        return new ChangeRecord(
                new ChangeId(current.id(), made.item().version()),
                made.recordedAt(),
                made.item().type(),
                side(change.former().item(), shown),
                side(made.item(), shown),
                change.kind(),
                rule(made),
                made.reason().confidence(),
                redactor.redact(made.item(), made.cause()),
                made.actor(),
                evidence(made, withheld),
                obstacle(change));
    }

    private Side side(MemoryItem item, boolean shown) {
        return new Side(item.state(), shown ? excerpt(item) : "");
    }

    private String excerpt(MemoryItem item) {
        String text = redactor.redact(item).text().strip().replaceAll("\\s+", " ");
        return text.length() <= ChangeRecord.MAX_EXCERPT
                ? text
                : GraphemeBoundaries.prefix(text, ChangeRecord.MAX_EXCERPT - 1) + "…";
    }

    private static String rule(ItemVersion made) {
        String rule = made.reason().rule();
        return rule.equals(ChangeReason.USER) && !made.actor().equals(Actor.USER)
                ? rule + ":" + made.actor().stored()
                : rule;
    }

    private List<Evidence> evidence(ItemVersion made, boolean withheld) {
        Set<ItemId> ids = new LinkedHashSet<>();
        made.succession().map(SupersessionRecord::successor).ifPresent(ids::add);
        made.reason().evidence().ifPresent(ids::add);
        return ids.stream()
                .map(id -> new Evidence(
                        id,
                        vault.findItem(cube, id)
                                .filter(item -> withheld || item.state() != ItemState.FORGOTTEN)
                                .map(this::excerpt)
                                .orElse("")))
                .toList();
    }

    private Optional<String> obstacle(VersionChange change) {
        if (!change.inForce()) {
            return Optional.of("The item was changed again, or the change was undone.");
        }
        if (change.former().item().state() == ItemState.FORGOTTEN) {
            return Optional.of("It was a wish to forget that was undone; delete the item instead.");
        }
        return change.former()
                .succession()
                .map(SupersessionRecord::successor)
                .filter(successor -> vault.findItem(cube, successor).isEmpty())
                .map(successor -> "Its successor " + successor + " was erased.");
    }
}
