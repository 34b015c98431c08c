package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.Selection;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.cube.StoredMemCube;
import io.memos4j.core.retention.DecayTask;
import io.memos4j.testkit.SampleAdapters;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests the effect of a memory's lifecycle on the adapters that were taught it. */
class TaughtMemoryLifecycleTest extends AgingFixture {
    private static final AdapterId LESSON = AdapterId.parse("lesson@1");

    private ItemId taught() {
        ItemId item = remember("The garden has roses.");
        Adapter adapter = SampleAdapters.recorded(LESSON, AdapterState.ACTIVE, List.of(item), now());
        assertThat(engine.storage.vault.<Boolean>write(
                        writer -> writer.adapters().record(row().key(), adapter)))
                .isTrue();
        return item;
    }

    private Adapter lesson() {
        return engine.storage
                .vault
                .read(reader -> reader.adapters().find(row().key(), LESSON))
                .orElseThrow();
    }

    @Test
    void coolingLeavesItInUse() {
        ItemId item = taught();
        cube.policy(RetentionPolicy.DEFAULT.archiveBelow(0.1));
        later(Duration.ofDays(150));
        new DirectTaskRun(engine, row(), TaskKind.DECAY, "")
                .with(new DecayTask(engine.storage.vault, engine.storage.clock));
        assertThat(state(item)).isEqualTo(ItemState.ARCHIVED);
        assertThat(lesson().state()).isEqualTo(AdapterState.ACTIVE);
    }

    @Test
    void whatTheOwnerArchivesOrCorrectsSuspendsIt() {
        ItemId item = taught();
        later(Duration.ofDays(1));
        cube.update(item, ItemEdit.NOTHING.state(ItemState.ARCHIVED));
        assertThat(lesson().state()).isEqualTo(AdapterState.SUSPENDED);
        assertThat(lesson().why()).isEqualTo("item " + item + " ceased to hold");
        assertThat(lesson().changedAt()).isEqualTo(last(item).recordedAt());
    }

    @Test
    void itsDeletionIsToldWithTheReceipt() {
        ItemId item = taught();
        later(Duration.ofDays(1));
        assertThat(cube.delete(Selection.item(item)).adapters()).containsExactly(LESSON);
        assertThat(lesson().state()).isEqualTo(AdapterState.SUSPENDED);
        assertThat(lesson().artifact()).isEmpty();
        assertThat(lesson().changedAt()).isAfterOrEqualTo(now());
    }

    @Test
    void whatIsMovedAwayTakesItsArtifact() {
        ItemId item = taught();
        StoredMemCube other = engine.cubes.factory.open(engine.catalog.findOrCreate(CubeId.of("other")));
        engine.cubes.transfers.move(cube.id(), other.id(), Selection.item(item));
        assertThat(lesson().state()).isEqualTo(AdapterState.SUSPENDED);
        assertThat(engine.storage.vault.<Set<String>>read(
                        reader -> reader.adapters().artifacts()))
                .isEmpty();
        assertThat(other.get(item)).isPresent();
    }

    @Test
    void aRollbackToBeforeItWasToldSuspendsIt() {
        later(Duration.ofDays(1));
        ItemId item = taught();
        later(Duration.ofDays(1));
        cube.time().rollback(now().minus(Duration.ofHours(36)));
        assertThat(state(item)).isEqualTo(ItemState.ARCHIVED);
        assertThat(lesson().state()).isEqualTo(AdapterState.SUSPENDED);
    }
}
