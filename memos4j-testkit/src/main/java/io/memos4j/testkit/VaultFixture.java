package io.memos4j.testkit;

import io.memos4j.api.MemoryItem;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.Passage;
import io.memos4j.spi.PassageVector;
import io.memos4j.spi.PendingItem;
import io.memos4j.spi.StoredItem;
import io.memos4j.spi.Vault;
import io.memos4j.spi.VaultReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An open vault with one cube, and short forms of what tests do to it. */
abstract class VaultFixture {
    static final String EMBEDDER = "embedder-a";

    @TempDir
    protected Path directory;

    protected Vault vault;
    CubeRow cube;

    /** Opens the vault under test. */
    protected abstract Vault open(Path folder);

    @BeforeEach
    void openVault() {
        vault = open(directory);
        cube = vault.write(writer -> writer.createCube(SampleItems.CUBE, EMBEDDER, 2, SampleItems.EPOCH));
    }

    @AfterEach
    void closeVault() {
        vault.close();
    }

    void insert(MemoryItem item) {
        vault.write(writer -> {
            writer.insert(cube.key(), List.of(SampleItems.stored(item)));
            return true;
        });
    }

    void replace(MemoryItem item) {
        vault.write(writer -> {
            writer.replace(
                    cube.key(),
                    new StoredItem(
                            item, List.of(new Passage(0, 0, item.text().length())), "", Optional.empty(), "update"));
            return true;
        });
    }

    void store(MemoryItem item, int version, Optional<byte[]> vector) {
        vault.write(writer -> {
            writer.storeVectors(List.of(new PassageVector(cube.key(), item.id(), version, 0, vector)));
            return true;
        });
    }

    List<PendingItem> pending() {
        return vault.read(reader -> reader.pending(EMBEDDER, 10));
    }

    CubeRow row() {
        return vault.read(this::row);
    }

    CubeRow row(VaultReader reader) {
        return reader.cube(cube.key()).orElseThrow();
    }

    static List<String> texts(List<MemoryItem> items) {
        return items.stream().map(MemoryItem::text).toList();
    }
}
