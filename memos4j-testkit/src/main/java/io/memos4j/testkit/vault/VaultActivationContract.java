package io.memos4j.testkit.vault;

import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.kvcache.ActivationSource;
import io.memos4j.spi.kvcache.PromotedItem;
import io.memos4j.spi.kvcache.StoredActivation;
import io.memos4j.spi.kvcache.StoredActivation.Compatibility;
import io.memos4j.spi.retention.UsageRecord;
import io.memos4j.testkit.SampleItems;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Contract of vaults for promoted items and saved KV caches. */
abstract class VaultActivationContract extends VaultAccessContract {
    private StoredActivation activation(CubeRow owner, String file, ActivationSource... sources) {
        return new StoredActivation(
                owner.key(),
                file,
                new Compatibility("model", "F16 keys and F16 values", "a runtime"),
                512,
                12_000_000,
                Duration.ofMillis(1_400),
                SampleItems.time(1),
                SampleItems.time(1),
                0,
                Optional.of(SampleItems.time(90)),
                Arrays.asList(sources));
    }

    private ActivationSource source(long number) {
        return new ActivationSource(cube.key(), SampleItems.id(number), 1);
    }

    private boolean recorded(StoredActivation activation) {
        return vault.<Boolean>write(writer -> writer.activations().record(activation));
    }

    private List<StoredActivation> all() {
        return vault.<List<StoredActivation>>read(reader -> reader.activations().all());
    }

    private List<PromotedItem> promoted() {
        return vault.<List<PromotedItem>>read(reader -> reader.activations().promoted(cube.key()));
    }

    private static PromotedItem promotion(long number, int version) {
        return new PromotedItem(SampleItems.id(number), version, "asked for in 40 %", SampleItems.time(3));
    }

    private MemoryItem item(long number) {
        return vault.<List<MemoryItem>>read(reader -> reader.items(cube.key(), ids(number)))
                .getFirst();
    }

    @Test
    void anActivationIsFoundAsItWasRecorded() {
        insertMessages(1, 2);
        StoredActivation stored = activation(cube, "a", source(2), source(1));
        assertThat(recorded(stored)).isTrue();
        assertThat(all()).containsExactly(stored);
        vault.close();
        vault = open(directory);
        assertThat(vault.<List<StoredActivation>>read(
                        reader -> reader.activations().of(cube.key())))
                .containsExactly(stored);
        assertThat(vault.<List<StoredActivation>>read(
                        reader -> reader.activations().of(other().key())))
                .isEmpty();
    }

    @Test
    void aUseIsCountedAndTheSameFileReplacesTheFormerRecord() {
        insertMessages(1);
        recorded(activation(cube, "a", source(1)));
        write(writer -> writer.activations().recordUse(cube.key(), "a", SampleItems.time(7)));
        assertThat(all()).extracting(StoredActivation::uses).containsExactly(1L);
        assertThat(all()).extracting(StoredActivation::usedAt).containsExactly(SampleItems.time(7));
        recorded(activation(cube, "a", source(1)));
        assertThat(all()).extracting(StoredActivation::uses).containsExactly(0L);
        write(writer -> writer.activations().drop(cube.key(), "a"));
        assertThat(all()).isEmpty();
    }

    @Test
    void whatWasComputedFromAFormerVersionIsNotRecorded() {
        insertMessages(1);
        replace(SampleItems.revised(item(1), "another text"));
        assertThat(recorded(activation(cube, "a", source(1)))).isFalse();
        assertThat(recorded(activation(cube, "a", source(9)))).isFalse();
        assertThat(all()).isEmpty();
    }

    @Test
    void aChangedSourceEndsWhatWasComputedFromIt() {
        insertMessages(1, 2, 3);
        recorded(activation(cube, "a", source(1), source(2)));
        recorded(activation(cube, "b", source(3)));
        recorded(activation(cube, "c"));
        replace(SampleItems.revised(item(2), "another text"));
        assertThat(all()).extracting(StoredActivation::file).containsExactly("b", "c");
    }

    @Test
    void anErasedOrSucceededSourceEndsWhatWasComputedFromIt() {
        insertMessages(1, 2, 3);
        recorded(activation(cube, "a", source(1)));
        recorded(activation(cube, "b", source(2)));
        erase(1);
        assertThat(all()).extracting(StoredActivation::file).containsExactly("b");
        write(writer -> writer.recordSupersession(
                cube.key(), new SupersessionRecord(SampleItems.id(2), SampleItems.id(3), "", SampleItems.time(5))));
        assertThat(all()).isEmpty();
    }

    @Test
    void aSourceInAnotherCubeEndsItToo() {
        CubeRow owner = other();
        insertMessages(1);
        recorded(activation(owner, "a", source(1)));
        erase(1);
        assertThat(all()).isEmpty();
        insertMessages(2);
        recorded(activation(owner, "b", source(2)));
        write(writer -> writer.deleteCube(cube.key()));
        assertThat(all()).isEmpty();
    }

    @Test
    void aDeletedCubeTakesItsOwn() {
        insertMessages(1);
        recorded(activation(other(), "a", source(1)));
        CubeKey key = all().getFirst().cube();
        write(writer -> writer.deleteCube(key));
        assertThat(all()).isEmpty();
    }

    @Test
    void aTransactionTellsInWhichCubesItChangedSomethingOld() {
        assertThat(vault.<Set<CubeKey>>write(writer -> {
                    writer.insert(cube.key(), List.of(SampleItems.stored(SampleItems.message(1, "new"))));
                    return writer.activations().changedCubes();
                }))
                .isEmpty();
        MemoryItem item = item(1);
        write(writer -> {
            writer.recordSupersession(
                    cube.key(), new SupersessionRecord(item.id(), SampleItems.id(9), "", SampleItems.time(5)));
            assertThat(writer.activations().changedCubes()).containsExactly(cube.key());
            assertThat(writer.activations().erasedCubes()).isEmpty();
        });
        write(writer -> {
            writer.erase(cube.key(), ids(1), SampleItems.time(60));
            assertThat(writer.activations().changedCubes()).containsExactly(cube.key());
            assertThat(writer.activations().erasedCubes()).containsExactly(cube.key());
        });
    }

    @Test
    void promotionsKeepTheirOrderAndGoWithTheirVersion() {
        insertMessages(1, 2, 3);
        write(writer -> writer.activations()
                .replacePromoted(cube.key(), List.of(promotion(3, 1), promotion(1, 1), promotion(2, 2))));
        assertThat(promoted()).containsExactly(promotion(3, 1), promotion(1, 1));
        replace(SampleItems.revised(item(3), "another text"));
        assertThat(promoted()).containsExactly(promotion(1, 1));
        erase(1);
        assertThat(promoted()).isEmpty();
    }

    @Test
    void howOftenACubeWasAskedIsKept() {
        UsageRecord use = new UsageRecord(7, 3.5, SampleItems.time(4));
        assertThat(vault.<Optional<UsageRecord>>read(reader -> reader.usage().cubeUsage(cube.key())))
                .isEmpty();
        write(writer -> writer.usage().recordQueries(cube.key(), use));
        assertThat(vault.<Optional<UsageRecord>>read(reader -> reader.usage().cubeUsage(cube.key())))
                .contains(use);
        write(writer -> writer.deleteCube(cube.key()));
        assertThat(vault.<Optional<UsageRecord>>read(reader -> reader.usage().cubeUsage(cube.key())))
                .isEmpty();
    }
}
