package io.memos4j.core;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemEdit;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemState;
import io.memos4j.api.ItemVersion;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Succession;
import io.memos4j.api.Times;
import io.memos4j.core.lifecycle.Successions;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.VaultWriter;
import java.util.function.Function;

/** The changes of single items of a cube that a caller asks for. Every one is a new version, and can be undone. */
final class CubeEdits {
    private final Engine engine;
    private final EngineCube cube;
    private final CubeKey key;

    CubeEdits(Engine engine, EngineCube cube, CubeKey key) {
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
            engine.triggers().edited(writer, key);
            engine.timeToLive().plan(writer, key);
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
            throw EngineCube.frozen(current);
        }
        CubeLife.require(current, edit);
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
            Succession succession =
                    new Succession(former, successor, reason, by.times().occurredAt());
            return engine.successions().retire(writer, key, old, succession);
        });
    }

    MemoryItem reinstate(ItemId item) {
        return changed(writer -> {
            MemoryItem former = cube.unlocked(writer, item);
            boolean retired = former.times().validTo().isPresent()
                    || !former.state().recalled()
                    || former.expiredAt(engine.reader().now());
            return retired ? engine.successions().reinstate(writer, key, former, Successions.REINSTATED) : former;
        });
    }

    MemoryItem restore(ItemId item, int version) {
        return changed(writer -> {
            MemoryItem current = cube.unlocked(writer, item);
            MemoryItem then = writer.history(key, item).stream()
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
                    new Times(
                            then.times().occurredAt(),
                            then.times().recordedAt(),
                            next.times().updatedAt(),
                            then.times().validFrom(),
                            then.times().validTo(),
                            then.times().expiresAt().filter(engine.reader().now()::isBefore)),
                    next.tags(),
                    next.metadata());
            writer.replace(key, engine.reader().revise(restored, "restored version " + version));
            engine.triggers().changed(writer, key, "restore");
            if (then.times().validTo().isEmpty()) {
                writer.unsucceed(key, item);
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
