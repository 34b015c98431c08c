package io.memos4j.testkit.vault;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.Passage;
import io.memos4j.spi.items.ClaimedValue;
import io.memos4j.spi.items.PassageVector;
import io.memos4j.spi.items.PendingItem;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.spi.items.StoredItem.Claim;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import io.memos4j.testkit.SampleItems;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An open vault with one cube, with shorthands for tests. */
public abstract class VaultFixture {
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
        vault.change(writer -> writer.insert(cube.key(), List.of(SampleItems.stored(item))));
    }

    void replace(MemoryItem item) {
        vault.change(writer -> writer.replace(
                cube.key(),
                new StoredItem(
                        item, List.of(new Passage(0, 0, item.text().length())), "", Optional.empty(), "update")));
    }

    void store(MemoryItem item, int version, Optional<byte[]> vector) {
        vault.change(
                writer -> writer.storeVectors(List.of(new PassageVector(cube.key(), item.id(), version, 0, vector))));
    }

    List<PendingItem> pending() {
        return vault.read(reader -> reader.pending(cube.key(), 10));
    }

    CubeRow row() {
        return vault.read(this::row);
    }

    CubeRow row(VaultReader reader) {
        return reader.findCube(cube.key()).orElseThrow();
    }

    static List<String> texts(List<MemoryItem> items) {
        return items.stream().map(MemoryItem::text).toList();
    }

    void write(Consumer<VaultWriter> work) {
        vault.change(work);
    }

    CubeRow other() {
        return vault.write(writer -> writer.createCube(CubeId.of("other"), EMBEDDER, 2, SampleItems.EPOCH));
    }

    void insertMessages(long... numbers) {
        LongStream.of(numbers).forEach(number -> insert(SampleItems.message(number, "message " + number)));
    }

    static StoredItem claiming(MemoryItem item, String key, String value) {
        return new StoredItem(
                item, List.of(new Passage(0, 0, item.text().length())), "", Optional.of(new Claim(key, value)), "add");
    }

    MemoryItem claim(long number, String key, String value) {
        MemoryItem item = SampleItems.message(number, key + " is " + value);
        write(writer -> writer.insert(cube.key(), List.of(claiming(item, key, value))));
        return item;
    }

    List<ClaimedValue> claimants(String key) {
        return vault.read(reader -> reader.findClaims(cube.key(), key));
    }

    static SupersessionRecord succession(long former, long successor, String reason, long minute) {
        return new SupersessionRecord(
                SampleItems.id(former), SampleItems.id(successor), reason, SampleItems.time(minute));
    }

    SupersessionRecord succeed(long former, long successor, String reason, long minute) {
        SupersessionRecord succession = succession(former, successor, reason, minute);
        write(writer -> writer.recordSupersession(cube.key(), succession));
        return succession;
    }

    static List<ItemId> ids(long... numbers) {
        return LongStream.of(numbers).mapToObj(SampleItems::id).toList();
    }

    List<SupersessionRecord> successions(long... numbers) {
        return vault.read(reader -> reader.supersessions(cube.key(), ids(numbers)));
    }

    List<PassageVector> vectors(long... numbers) {
        return vault.read(reader -> reader.vectors(cube.key(), ids(numbers)));
    }

    static String bytes(Optional<byte[]> vector) {
        return Arrays.toString(vector.orElseThrow());
    }

    void erase(long... numbers) {
        write(writer -> writer.erase(cube.key(), ids(numbers), SampleItems.time(60)));
    }
}
