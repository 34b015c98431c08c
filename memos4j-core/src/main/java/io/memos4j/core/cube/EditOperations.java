package io.memos4j.core.cube;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemTimes;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.Engine;
import io.memos4j.core.history.Supersession;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.vault.VaultWriter;
import java.util.function.Function;

/** The changes of single items of a cube that a caller asks for. Every one is a new version, and can be undone. */
final class EditOperations {
    private final Engine engine;
    private final StoredMemCube cube;
    private final CubeKey key;

    EditOperations(Engine engine, StoredMemCube cube, CubeKey key) {
        this.engine = engine;
        this.cube = cube;
        this.key = key;
    }

    MemoryItem update(ItemId item, ItemEdit edit) {
        CubeRow row = cube.matching(cube.row());
        MemoryItem updated = engine.vault().write(writer -> {
            cube.require(writer);
            MemoryItem current = cube.item(writer, item);
            check(current, edit);
            MemoryItem next = engine.reader()
                    .revise(edit.applyTo(current, engine.reader().now()), "update")
                    .item();
            if (sameContent(current, next)) {
                return current;
            }
            writer.replace(key, engine.reader().revise(next, "update"));
            engine.triggers().onEdit(writer, key);
            engine.timeToLive().scheduleTasks(writer, key);
            return next;
        });
        engine.indexes().catchUp(row);
        return updated;
    }

    private static void check(MemoryItem current, ItemEdit edit) {
        edit.expectedVersion().filter(expected -> expected != current.version()).ifPresent(expected -> {
            throw new MemoryException(
                    ErrorCode.VERSION_CONFLICT,
                    "Item " + current.id() + " is at version " + current.version() + ", not " + expected
                            + ". Read it again and repeat the change.");
        });
        boolean thaws = edit.state().isPresent();
        if (current.state() == ItemState.FROZEN && !thaws) {
            throw StoredMemCube.frozen(current);
        }
        CubeRetention.require(current, edit);
    }

    private static boolean sameContent(MemoryItem a, MemoryItem b) {
        return a.text().equals(b.text())
                && a.title().equals(b.title())
                && a.tags().equals(b.tags())
                && a.metadata().equals(b.metadata())
                && a.state() == b.state()
                && a.times().expiresAt().equals(b.times().expiresAt())
                && a.times().validTo().equals(b.times().validTo());
    }

    MemoryItem supersede(ItemId former, ItemId successor, String reason) {
        return changed(writer -> {
            MemoryItem old = cube.unlocked(writer, former);
            MemoryItem by = cube.item(writer, successor);
            if (former.equals(successor)) {
                throw MemoryException.invalid("Item " + former + " cannot take its own place.");
            }
            SupersessionRecord succession =
                    new SupersessionRecord(former, successor, reason, by.times().occurredAt());
            return engine.successions().retire(writer, key, old, succession);
        });
    }

    MemoryItem reinstate(ItemId item) {
        return changed(writer -> {
            MemoryItem former = cube.unlocked(writer, item);
            boolean retired = former.times().validTo().isPresent()
                    || !former.state().isRecalled()
                    || former.isExpiredAt(engine.reader().now());
            return retired ? engine.successions().reinstate(writer, key, former, Supersession.REINSTATED) : former;
        });
    }

    MemoryItem restore(ItemId item, int version) {
        return changed(writer -> {
            MemoryItem current = cube.unlocked(writer, item);
            MemoryItem then = writer.versions(key, item).stream()
                    .map(ItemVersion::item)
                    .filter(each -> each.version() == version)
                    .findFirst()
                    .orElseThrow(() -> MemoryException.invalid("Item " + item + " has no version " + version
                            + "; it has 1 to " + current.version() + "."));
            MemoryItem next = ItemEdit.text(then.text())
                    .title(then.title())
                    .tags(then.tags())
                    .metadata(then.metadata())
                    .applyTo(current, engine.reader().now());
            MemoryItem restored = new MemoryItem(
                    next.cube(),
                    next.id(),
                    next.version(),
                    next.type(),
                    then.state(),
                    next.text(),
                    next.title(),
                    next.origin(),
                    new ItemTimes(
                            then.times().occurredAt(),
                            then.times().recordedAt(),
                            next.times().updatedAt(),
                            then.times().validFrom(),
                            then.times().validTo(),
                            then.times().expiresAt().filter(engine.reader().now()::isBefore)),
                    next.tags(),
                    next.metadata());
            writer.replace(key, engine.reader().revise(restored, "restored version " + version));
            engine.triggers().onTextChange(writer, key, "restore");
            if (then.times().validTo().isEmpty()) {
                writer.removeSupersession(key, item);
            }
            return restored;
        });
    }

    private MemoryItem changed(Function<VaultWriter, MemoryItem> change) {
        CubeRow row = cube.matching(cube.row());
        MemoryItem changed = engine.vault().write(writer -> {
            cube.require(writer);
            return change.apply(writer);
        });
        engine.indexes().catchUp(row);
        return changed;
    }
}
