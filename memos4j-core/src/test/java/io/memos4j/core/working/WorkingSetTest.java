package io.memos4j.core.working;

import io.memos4j.api.WorkingMemory;
import io.memos4j.spi.Held;
import io.memos4j.testkit.SampleItems;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** How a session's working set warms and cools. */
class WorkingSetTest {
    private static final Instant START = SampleItems.time(0);
    private final WorkingSet set = new WorkingSet(List.of());

    private static Instant minute(long number) {
        return START.plus(Duration.ofMinutes(number));
    }

    @Test
    void heatHalvesInHalfAnHourAndATouchAddsOne() {
        set.touch(SampleItems.id(1), WorkingSet.SAID, START);
        assertThat(set.at(minute(30)))
                .singleElement()
                .satisfies(held -> assertThat(held.heat()).isCloseTo(0.5, within(1e-9)));
        set.touch(SampleItems.id(1), WorkingSet.FOUND, minute(30));
        assertThat(set.at(minute(30))).containsExactly(new Held(SampleItems.id(1), 1.5, minute(30), WorkingSet.FOUND));
    }

    @Test
    void theColdestMakeRoom() {
        for (int i = 0; i <= WorkingMemory.MOST; i++) {
            set.touch(SampleItems.id(i), WorkingSet.SAID, minute(i));
        }
        List<Held> stored = set.stored(minute(99));
        assertThat(stored).hasSize(WorkingMemory.MOST);
        assertThat(stored).extracting(Held::item).doesNotContain(SampleItems.id(0));
        assertThat(stored.getFirst()).isEqualTo(new Held(SampleItems.id(64), 1, minute(64), WorkingSet.SAID));
    }

    @Test
    void whatIsPreloadedIsHalfAsHotAndDoesNotAddUp() {
        set.touch(SampleItems.id(1), WorkingSet.SAID, START);
        set.preload(SampleItems.id(1), START);
        set.preload(SampleItems.id(2), START);
        set.preload(SampleItems.id(2), START);
        assertThat(set.at(START))
                .containsExactly(
                        new Held(SampleItems.id(1), 1, START, WorkingSet.SAID),
                        new Held(SampleItems.id(2), 0.5, START, WorkingSet.PRELOADED));
    }

    @Test
    void aLivelySessionLeavesRoomForWhatIsPreloaded() {
        for (int i = 0; i < 100; i++) {
            set.touch(SampleItems.id(i), WorkingSet.SAID, START);
        }
        for (int i = 100; i < 120; i++) {
            set.preload(SampleItems.id(i), START);
        }
        assertThat(set.at(START))
                .hasSize(WorkingMemory.MOST)
                .filteredOn(held -> held.cause().equals(WorkingSet.PRELOADED))
                .hasSize(WorkingSet.MOST_PRELOADED);
    }

    @Test
    void aClockThatGoesBackwardsDoesNotHeat() {
        set.touch(SampleItems.id(1), WorkingSet.SAID, minute(10));
        assertThat(set.at(START))
                .singleElement()
                .satisfies(held -> assertThat(held.heat()).isEqualTo(1));
    }
}
