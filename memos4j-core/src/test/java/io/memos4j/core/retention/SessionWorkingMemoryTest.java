package io.memos4j.core.retention;

import io.memos4j.api.retention.WorkingMemory;
import io.memos4j.spi.retention.WorkingMemoryEntry;
import io.memos4j.testkit.SampleItems;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The heat of a session's working memory. */
class SessionWorkingMemoryTest {
    private static final Instant START = SampleItems.time(0);
    private final SessionWorkingMemory set = new SessionWorkingMemory(List.of());

    private static Instant minute(long number) {
        return START.plus(Duration.ofMinutes(number));
    }

    @Test
    void heatHalvesInHalfAnHourAndATouchAddsOne() {
        set.touch(SampleItems.id(1), SessionWorkingMemory.SAID, START);
        assertThat(set.rankedAt(minute(30)))
                .singleElement()
                .satisfies(held -> assertThat(held.heat()).isCloseTo(0.5, within(1e-9)));
        set.touch(SampleItems.id(1), SessionWorkingMemory.FOUND, minute(30));
        assertThat(set.rankedAt(minute(30)))
                .containsExactly(
                        new WorkingMemoryEntry(SampleItems.id(1), 1.5, minute(30), SessionWorkingMemory.FOUND));
    }

    @Test
    void theColdestMakeRoom() {
        for (int i = 0; i <= WorkingMemory.MAX_ITEMS; i++) {
            set.touch(SampleItems.id(i), SessionWorkingMemory.SAID, minute(i));
        }
        List<WorkingMemoryEntry> stored = set.toStored(minute(99));
        assertThat(stored).hasSize(WorkingMemory.MAX_ITEMS);
        assertThat(stored).extracting(WorkingMemoryEntry::item).doesNotContain(SampleItems.id(0));
        assertThat(stored.getFirst())
                .isEqualTo(new WorkingMemoryEntry(SampleItems.id(64), 1, minute(64), SessionWorkingMemory.SAID));
    }

    @Test
    void whatIsPreloadedIsHalfAsHotAndDoesNotAddUp() {
        set.touch(SampleItems.id(1), SessionWorkingMemory.SAID, START);
        set.preload(SampleItems.id(1), START);
        set.preload(SampleItems.id(2), START);
        set.preload(SampleItems.id(2), START);
        assertThat(set.rankedAt(START))
                .containsExactly(
                        new WorkingMemoryEntry(SampleItems.id(1), 1, START, SessionWorkingMemory.SAID),
                        new WorkingMemoryEntry(SampleItems.id(2), 0.5, START, SessionWorkingMemory.PRELOADED));
    }

    @Test
    void aLivelySessionLeavesRoomForWhatIsPreloaded() {
        for (int i = 0; i < 100; i++) {
            set.touch(SampleItems.id(i), SessionWorkingMemory.SAID, START);
        }
        for (int i = 100; i < 120; i++) {
            set.preload(SampleItems.id(i), START);
        }
        assertThat(set.rankedAt(START))
                .hasSize(WorkingMemory.MAX_ITEMS)
                .filteredOn(held -> held.cause().equals(SessionWorkingMemory.PRELOADED))
                .hasSize(SessionWorkingMemory.MOST_PRELOADED);
    }

    @Test
    void aClockThatGoesBackwardsDoesNotHeat() {
        set.touch(SampleItems.id(1), SessionWorkingMemory.SAID, minute(10));
        assertThat(set.rankedAt(START))
                .singleElement()
                .satisfies(held -> assertThat(held.heat()).isEqualTo(1));
    }
}
