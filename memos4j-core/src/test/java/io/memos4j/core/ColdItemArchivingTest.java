package io.memos4j.core;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.retention.ItemHeat;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.retention.CapacityTask;
import io.memos4j.core.retention.DecayTask;
import io.memos4j.core.tasks.TaskOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

/** Items cool, use keeps them warm, and what is too cold or too many is archived and can come back. */
class ColdItemArchivingTest extends AgingFixture {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final RetentionPolicy TENTH = RetentionPolicy.DEFAULT.archiveBelow(0.1);

    private TaskOutcome decay() {
        return run(new DecayTask(engine.storage.vault, engine.storage.clock));
    }

    private TaskOutcome reduce() {
        return run(new CapacityTask(engine.storage.vault, engine.storage.clock));
    }

    private long recalled() {
        return engine.storage.vault.<Long>read(reader -> reader.usage().countRecalled(row().key()));
    }

    @Test
    void searchesAndGetsHeatAnItem() {
        ItemId id = remember("The garden has roses.");
        assertThat(cube.heat(id)).isEqualTo(new ItemHeat(1, 0, START));
        later(MONTH);
        assertThat(cube.heat(id).value()).isCloseTo(0.5, within(1e-9));
        assertThat(found("garden")).hasSize(1);
        assertThat(cube.heat(id)).satisfies(heat -> {
            assertThat(heat.value()).isCloseTo(1.5, within(1e-9));
            assertThat(heat.uses()).isEqualTo(1);
            assertThat(heat.usedAt()).isEqualTo(now());
        });
        assertThat(cube.get(id)).isPresent();
        assertThat(cube.heat(id).uses()).isEqualTo(2);
        later(MONTH.multipliedBy(3));
        assertThat(cube.heat(id).value()).isCloseTo(1.25, within(1e-9));
    }

    @Test
    void useSurvivesARestart() {
        ItemId id = remember("The garden has roses.");
        assertThat(found("garden")).hasSize(1);
        reopen();
        assertThat(cube.heat(id).uses()).isEqualTo(1);
    }

    @Test
    void withoutAThresholdNothingIsArchived() {
        ItemId id = remember("The garden has roses.");
        later(MONTH.multipliedBy(1_000));
        assertThat(decay()).isInstanceOf(TaskOutcome.Done.class);
        assertThat(reduce()).isInstanceOf(TaskOutcome.Done.class);
        assertThat(state(id)).isEqualTo(ItemState.ACTIVATED);
    }

    @Test
    void whatCoolsBelowTheThresholdIsArchivedWithItsCauseAndUsedItemsStay() {
        cube.policy(TENTH);
        assertThat(waiting(TaskKind.DECAY)).hasSize(1);
        ItemId roses = remember("The garden has roses.");
        ItemId garage = remember("A garage key hangs there.");
        later(MONTH.multipliedBy(3));
        assertThat(decay()).isInstanceOf(TaskOutcome.Wait.class);
        assertThat(List.of(state(roses), state(garage))).containsOnly(ItemState.ACTIVATED);
        assertThat(cube.get(roses)).isPresent();
        engine.services.usage.flush();
        later(MONTH);
        assertThat(decay()).isInstanceOfSatisfying(TaskOutcome.Wait.class, wait -> {
            assertThat(wait.due()).isEqualTo(now().plus(Duration.ofDays(1)));
            assertThat(wait.note()).startsWith("1 item");
        });
        assertThat(List.of(state(roses), state(garage))).containsExactly(ItemState.ACTIVATED, ItemState.ARCHIVED);
        assertThat(last(garage).cause()).isEqualTo("cooled below 0.1");
        assertThat(last(garage).actor().isTask()).isTrue();
        assertThat(found("garage")).doesNotContain("A garage key hangs there.");
        assertThat(cube.reinstate(garage).state()).isEqualTo(ItemState.ACTIVATED);
        assertThat(found("garage")).contains("A garage key hangs there.");
    }

    @Test
    void standingMemoriesCurrentValuesAndFrozenItemsNeverCoolOut() {
        cube.policy(TENTH);
        List<ItemId> lasting = new ArrayList<>();
        for (ItemType type : List.of(ItemType.INSTRUCTION, ItemType.PREFERENCE, ItemType.PROFILE)) {
            lasting.add(remember(Note.of("Lasting " + type.id() + ".").as(type)));
        }
        lasting.add(remember(Message.user("I live in Paris.").by("Alice")));
        lasting.add(remember(Message.user("My train is late. Please always answer in German.")));
        ItemId frozen = remember("Locked.");
        cube.update(frozen, ItemEdit.NOTHING.state(ItemState.FROZEN));
        later(MONTH.multipliedBy(100));
        decay();
        assertThat(lasting).allSatisfy(id -> assertThat(state(id)).isEqualTo(ItemState.ACTIVATED));
        assertThat(state(frozen)).isEqualTo(ItemState.FROZEN);
    }

    @Test
    void beyondTheCapacityTheColdestAreArchivedAndTheOldestAmongEquals() {
        List<ItemId> ids = cube.add(IntStream.range(0, 10)
                        .mapToObj(i -> Note.of("fact number " + i).at(START.minus(Duration.ofDays(i))))
                        .toList())
                .ids();
        assertThat(cube.get(ids.get(9))).isPresent();
        engine.services.usage.flush();
        later(Duration.ofHours(2));
        cube.policy(RetentionPolicy.DEFAULT.capacity(7));
        assertThat(waiting(TaskKind.CAPACITY)).hasSize(1);
        assertThat(reduce()).isInstanceOf(TaskOutcome.Done.class);
        assertThat(recalled()).isEqualTo(7);
        assertThat(ids).filteredOn(id -> state(id) == ItemState.ARCHIVED).isEqualTo(ids.subList(6, 9));
        assertThat(last(ids.get(8)).cause()).contains("capacity of 7");
    }

    @Test
    void whatWasStoredWithinTheLastHourIsNeverArchived() {
        cube.policy(RetentionPolicy.DEFAULT.capacity(1));
        remember("one");
        remember("two");
        assertThat(waiting(TaskKind.CAPACITY)).hasSize(1);
        assertThat(reduce())
                .isInstanceOfSatisfying(
                        TaskOutcome.Wait.class,
                        wait -> assertThat(wait.due()).isEqualTo(START.plus(Duration.ofHours(1))));
        assertThat(recalled()).isEqualTo(2);
        later(Duration.ofHours(2));
        assertThat(reduce()).isInstanceOf(TaskOutcome.Done.class);
        assertThat(recalled()).isEqualTo(1);
    }

    @Test
    void thousandsBeyondTheCapacityGoInSeveralRuns() {
        cube.add(IntStream.range(0, 6_000).mapToObj(i -> Note.of("fact " + i)).toList());
        later(Duration.ofHours(2));
        cube.policy(RetentionPolicy.DEFAULT.capacity(100));
        assertThat(reduce()).isInstanceOf(TaskOutcome.Done.class);
        assertThat(recalled()).isEqualTo(100);
    }

    @Test
    void aPolicyOutOfBoundsIsRefused() {
        for (Runnable wrong : List.<Runnable>of(
                () -> cube.policy(RetentionPolicy.DEFAULT.archiveBelow(1.5)),
                () -> cube.policy(RetentionPolicy.DEFAULT.archiveBelow(Double.NaN)),
                () -> cube.policy(RetentionPolicy.DEFAULT.capacity(0)),
                () -> cube.policy(RetentionPolicy.DEFAULT.halfLife(Duration.ZERO)),
                () -> cube.policy(RetentionPolicy.DEFAULT.timeToLive(Duration.ofDays(-1))))) {
            assertThatExceptionOfType(MemoryException.class).isThrownBy(wrong::run);
        }
        assertThat(cube.policy()).isEqualTo(RetentionPolicy.DEFAULT);
    }

    @Test
    void aForbiddenTransitionIsRefused() {
        ItemId id = remember("The garden has roses.");
        cube.update(id, ItemEdit.NOTHING.state(ItemState.EXPIRED));
        assertThatExceptionOfType(MemoryException.class)
                .isThrownBy(() -> cube.update(id, ItemEdit.NOTHING.state(ItemState.ACTIVATED)))
                .withMessageContaining("Reinstate");
        assertThat(cube.reinstate(id).state()).isEqualTo(ItemState.ACTIVATED);
    }
}
