package io.memos4j.core.history;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.history.StateTransitions.Trigger;
import io.memos4j.testkit.SampleItems;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/** The transitions between the states of an item. */
class StateTransitionsTest {
    private static List<ItemState> ways(ItemState from, Trigger by) {
        return Arrays.stream(ItemState.values())
                .filter(to -> to != from && StateTransitions.isAllowed(from, to, by))
                .toList();
    }

    @Test
    void frozenIsALockThatOnlyAnEditOpens() {
        assertThat(ways(ItemState.FROZEN, Trigger.EDIT)).containsExactly(ItemState.ACTIVATED);
        assertThat(ways(ItemState.FROZEN, Trigger.TASK)).isEmpty();
        assertThat(ways(ItemState.FROZEN, Trigger.REINSTATEMENT)).isEmpty();
    }

    @Test
    void expiredAndMergedItemsComeBackByReinstatingAlone() {
        for (ItemState ended : List.of(ItemState.EXPIRED, ItemState.MERGED)) {
            assertThat(ways(ended, Trigger.EDIT)).isEmpty();
            assertThat(ways(ended, Trigger.TASK)).isEmpty();
            assertThat(ways(ended, Trigger.REINSTATEMENT)).containsExactly(ItemState.ACTIVATED);
        }
    }

    @Test
    void nothingBecomesGeneratedAndOnlyTasksMerge() {
        for (ItemState from : ItemState.values()) {
            for (Trigger by : Trigger.values()) {
                assertThat(ways(from, by)).doesNotContain(ItemState.GENERATED);
            }
            assertThat(ways(from, Trigger.EDIT)).doesNotContain(ItemState.MERGED);
        }
        assertThat(ways(ItemState.ACTIVATED, Trigger.TASK))
                .containsExactly(ItemState.MERGED, ItemState.ARCHIVED, ItemState.EXPIRED);
    }

    @Test
    void aForbiddenWayIsRefusedWithTheWaysThatThereAre() {
        MemoryItem frozen = SampleItems.message(1, "locked").withState(ItemState.FROZEN);
        assertThatExceptionOfType(MemoryException.class)
                .isThrownBy(() -> StateTransitions.require(frozen, ItemState.ARCHIVED, Trigger.EDIT))
                .withMessageContaining("frozen")
                .withMessageContaining("activated")
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        assertThatNoException().isThrownBy(() -> StateTransitions.require(frozen, ItemState.FROZEN, Trigger.TASK));
    }
}
