package io.memos4j.core;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.history.RollbackResult;
import io.memos4j.api.history.Snapshot;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Selection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Going back to what a cube knew. */
class RollbackTest extends TimeMachineFixture {
    @Test
    void anItemGoesBackByOneMoreVersion() {
        ItemId tea = say("Tea is at four.");
        Instant then = mark();
        cube.update(tea, ItemEdit.text("Tea is at five.").metadata(java.util.Map.of("by", "Bob")));
        MemoryItem back = time.rollback(tea, then);
        assertThat(back.text()).isEqualTo("Tea is at four.");
        assertThat(back.version()).isEqualTo(3);
        assertThat(back.metadata()).isEmpty();
        assertThat(cube.get(tea)).contains(back);
        assertThat(cube.history(tea))
                .extracting(ItemVersion::cause)
                .containsExactly("add", "update", "rolled back to " + then);
        assertThat(time.rollback(tea, then).version()).isEqualTo(3);
        assertThat(found(time.recordedAt(later()), "Tea four")).contains("Tea is at four.");
        ItemId later = say("Later.");
        refused(ErrorCode.INVALID_ARGUMENT, () -> time.rollback(later, then), "was recorded at");
        refused(ErrorCode.ITEM_NOT_FOUND, () -> time.rollback(new ItemId(new java.util.UUID(0, 0)), then), "no item");
    }

    @Test
    void aFrozenItemIsNotRolledBack() {
        ItemId tea = say("Tea is at four.");
        Instant then = mark();
        cube.update(tea, ItemEdit.text("Tea is at five.").state(ItemState.FROZEN));
        ItemId dinner = say("Dinner is at eight.");
        cube.update(dinner, ItemEdit.NOTHING.state(ItemState.FROZEN));
        refused(ErrorCode.INVALID_ARGUMENT, () -> time.rollback(tea, then), "is frozen");
        RollbackResult rollback = time.rollback(then);
        assertThat(rollback.frozen()).containsExactly(tea, dinner);
        assertThat(rollback.restored()).isEmpty();
        assertThat(rollback.archived()).isEmpty();
        assertThat(recalled()).containsExactly("Tea is at five.", "Dinner is at eight.");
    }

    @Test
    void aCubeGoesBackAndForthAgain() {
        ItemId tea = say("Tea is at four.");
        ItemId paris = say("I live in Paris.");
        Instant then = mark();
        cube.update(tea, ItemEdit.text("Tea is at five."));
        ItemId lyon = say("I moved to Lyon.");
        List<String> before = recalled();
        assertThat(before).containsExactly("Tea is at five.", "I moved to Lyon.");

        RollbackResult rollback = time.rollback(then);
        assertThat(rollback.to()).isEqualTo(then);
        assertThat(rollback.restored()).containsExactly(tea, paris);
        assertThat(rollback.archived()).containsExactly(lyon);
        assertThat(recalled()).containsExactly("Tea is at four.", "I live in Paris.");
        assertThat(cube.supersessions(paris)).isEmpty();
        assertThat(found(time.recordedAt(later()), "Where does Alice live?"))
                .contains("I live in Paris.")
                .doesNotContain("I moved to Lyon.");
        assertThat(time.rollback(then).restored()).isEmpty();
        RollbackResult undone = time.rollback(rollback.before());
        assertThat(undone.restored()).containsExactly(tea, paris, lyon);
        assertThat(recalled()).isEqualTo(before);
        assertThat(cube.supersessions(paris))
                .singleElement()
                .extracting(SupersessionRecord::successor)
                .isEqualTo(lyon);
        assertThat(time.rollback(undone.before()).archived()).isEmpty();
        assertThat(recalled()).containsExactly("Tea is at four.", "I live in Paris.");
    }

    @Test
    void claimsFollowTheTextThatCameBack() {
        ItemId paris = say("I live in Paris.");
        Instant then = mark();
        cube.update(paris, ItemEdit.text("The sky is blue."));
        time.rollback(then);
        say("I moved to Lyon.");
        assertThat(cube.get(paris).orElseThrow().state()).isEqualTo(ItemState.ARCHIVED);
    }

    @Test
    void whatGaveWayToAnErasedItemIsRecalledAfterARollback() {
        ItemId paris = say("I live in Paris.");
        clock.advance(Duration.ofHours(1));
        ItemId lyon = say("I moved to Lyon.");
        Instant then = mark();
        say("I moved to Nice.");
        cube.delete(Selection.item(lyon));
        time.rollback(then);
        assertThat(recalled()).containsExactly("I live in Paris.");
        assertThat(cube.get(paris).orElseThrow().times().validTo()).isEmpty();
        assertThat(cube.history(paris).getLast().cause()).contains("its successor was erased");
        assertThat(time.recordedAt(then).get(lyon)).isEmpty();
    }

    @Test
    void timeDoesNotGoBackWhenTheClockDoes() {
        ItemId tea = say("Tea is at four.");
        Snapshot four = time.snapshot("four");
        close();
        clock.advance(Duration.ofDays(-1));
        open();
        cube.update(tea, ItemEdit.text("Tea is at five."));
        assertThat(recalled(time.recordedAt("four"))).containsExactly("Tea is at four.");
        assertThat(cube.get(tea).orElseThrow().times().updatedAt()).isAfter(four.takenAt());
        assertThat(time.rollback(four.takenAt()).restored()).containsExactly(tea);
    }
}
