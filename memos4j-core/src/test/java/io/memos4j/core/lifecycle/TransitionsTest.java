package io.memos4j.core.lifecycle;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemState;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.core.lifecycle.Transitions.By;
import io.memos4j.testkit.SampleItems;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/** Which ways lead through the life of an item. */
class TransitionsTest {
    private static List<ItemState> ways(ItemState from, By by) {
        return Arrays.stream(ItemState.values())
                .filter(to -> to != from && Transitions.allowed(from, to, by))
                .toList();
    }

    @Test
    void frozenIsALockThatOnlyAnEditOpens() {
        assertThat(ways(ItemState.FROZEN, By.EDIT)).containsExactly(ItemState.ACTIVATED);
        assertThat(ways(ItemState.FROZEN, By.TASK)).isEmpty();
        assertThat(ways(ItemState.FROZEN, By.REINSTATEMENT)).isEmpty();
    }

    @Test
    void expiredAndMergedItemsComeBackByReinstatingAlone() {
        for (ItemState ended : List.of(ItemState.EXPIRED, ItemState.MERGED)) {
            assertThat(ways(ended, By.EDIT)).isEmpty();
            assertThat(ways(ended, By.TASK)).isEmpty();
            assertThat(ways(ended, By.REINSTATEMENT)).containsExactly(ItemState.ACTIVATED);
        }
    }

    @Test
    void nothingBecomesGeneratedAndOnlyTasksMerge() {
        for (ItemState from : ItemState.values()) {
            for (By by : By.values()) {
                assertThat(ways(from, by)).doesNotContain(ItemState.GENERATED);
            }
            assertThat(ways(from, By.EDIT)).doesNotContain(ItemState.MERGED);
        }
        assertThat(ways(ItemState.ACTIVATED, By.TASK))
                .containsExactly(ItemState.MERGED, ItemState.ARCHIVED, ItemState.EXPIRED);
    }

    @Test
    void aForbiddenWayIsRefusedWithTheWaysThatThereAre() {
        MemoryItem frozen = SampleItems.message(1, "locked").withState(ItemState.FROZEN);
        assertThatExceptionOfType(MemoryException.class)
                .isThrownBy(() -> Transitions.require(frozen, ItemState.ARCHIVED, By.EDIT))
                .withMessageContaining("frozen")
                .withMessageContaining("activated")
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        assertThatNoException().isThrownBy(() -> Transitions.require(frozen, ItemState.FROZEN, By.TASK));
    }
}
