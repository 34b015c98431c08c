package io.memos4j.core;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterChange;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.items.Selection;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.api.tasks.TaskState;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests trainings in the background: their triggers and results. */
class AdapterTrainingTaskTest extends RoteTrainingFixture {
    private Task done(TaskRequest request) {
        Task task = memos.scheduler().submit(cube.id(), request);
        return memos.scheduler().await(task.id(), Duration.ofMinutes(2));
    }

    @Test
    void whatIsNamedIsTaughtAndNothingElse() {
        ItemId oslo = know("Bob lives in Oslo.");
        know("Carol works at Nokia.");

        Task task = done(TaskRequest.teaching(List.of(oslo, oslo)));

        assertThat(task.state()).isEqualTo(TaskState.DONE);
        assertThat(task.note()).isEqualTo("lesson-1@1 active");
        assertThat(cube.adapters().list())
                .extracting(Adapter::taught)
                .containsExactly(List.of(new Adapter.Source(oslo, 1)));
    }

    @Test
    void withoutNamesAllThatIsHotAndStableIsTaught() {
        know("Bob lives in Oslo.");
        know("Carol works at Nokia.");

        assertThat(done(TaskRequest.teaching(List.of())).state()).isEqualTo(TaskState.DONE);

        Adapter adapter = cube.adapters().find(new AdapterId("lesson-1", 1)).orElseThrow();
        assertThat(adapter.taught()).hasSize(2);
        assertThat(adapter.state()).isEqualTo(AdapterState.ACTIVE);
        assertThat(adapter.evaluation().orElseThrow().recall()).isEqualTo(1);
    }

    @Test
    void byItselfNothingIsTaughtUnlessThePolicyWantsIt() {
        know("Bob lives in Oslo.");
        assertThat(done(TaskRequest.of(TaskKind.TEACH)).note()).isEqualTo("there is nothing to train");
        cube.adapters().policy(WHEN_ASKED.automatic(true));
        assertThat(done(TaskRequest.of(TaskKind.TEACH)).note()).isEqualTo("lesson-1@1 active");
    }

    @Test
    void aNameThatIsNoneOrGoneEndsTheTaskWithTheReason() {
        ItemId gone = new ItemId(UUID.randomUUID());
        Task unknown = done(TaskRequest.teaching(List.of(gone)));
        assertThat(unknown.state()).isEqualTo(TaskState.DEAD);
        assertThat(unknown.note()).contains(gone.toString());
        Task nonsense = done(TaskRequest.of(TaskKind.TEACH).about("everything"));
        assertThat(nonsense.state()).isEqualTo(TaskState.DEAD);
        assertThat(cube.adapters().list()).isEmpty();
    }

    private List<String> reports(int version) {
        return cube.adapters().history().stream()
                .filter(change -> change.adapter().version() == version)
                .map(AdapterChange::why)
                .filter(why -> why.contains("asked"))
                .toList();
    }

    @Test
    void theNextVersionIsAskedForWhatWasErased() {
        ItemId oslo = know("Bob lives in Oslo.");
        know("Carol works at Nokia.");
        done(TaskRequest.teaching(List.of()));
        cube.delete(Selection.item(oslo));
        assertThat(cube.awaitIdle(Duration.ofMinutes(2))).isTrue();
        done(TaskRequest.of(TaskKind.TEACH));
        assertThat(reports(2)).singleElement().asString().startsWith("It was asked ");
    }

    @Test
    void whatWasErasedBeforeARestartCannotBeAskedForAndTheHistorySaysSo() {
        ItemId oslo = know("Bob lives in Oslo.");
        know("Carol works at Nokia.");
        done(TaskRequest.teaching(List.of()));
        memos.scheduler().pauseAll();
        cube.delete(Selection.item(oslo));
        memos.close();
        open();
        memos.scheduler().resumeAll();
        done(TaskRequest.of(TaskKind.TEACH));
        assertThat(reports(2)).singleElement().asString().contains("without 1 deleted memories", "could not be asked");
        cube.adapters().evaluate(new AdapterId("lesson-1", 2));
        assertThat(reports(2)).hasSize(1);
    }

    @Test
    void asManyNamesAsASubjectHolds() {
        ItemId id = new ItemId(UUID.randomUUID());
        List<ItemId> most = Stream.generate(() -> new ItemId(UUID.randomUUID()))
                .limit(TaskRequest.MAX_TAUGHT)
                .toList();
        assertThat(TaskRequest.teaching(most).subject()).hasSizeLessThanOrEqualTo(TaskRequest.MAX_SUBJECT);
        refused(
                ErrorCode.INVALID_ARGUMENT,
                () -> TaskRequest.teaching(Collections.nCopies(TaskRequest.MAX_TAUGHT + 1, id)));
    }
}
