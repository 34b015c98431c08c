package io.memos4j.core;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Selection;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.retention.ExpireTask;
import io.memos4j.core.tasks.TaskOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Expiry of items, which only the user undoes. */
class TimeToLiveTest extends AgingFixture {
    private static final Duration DAY = Duration.ofDays(1);

    private TaskOutcome expire() {
        return run(new ExpireTask((writer, key, items) -> writer.erase(key, items, now()), engine.storage.clock));
    }

    @Test
    void anItemIsFoundUntilItsTimeToLiveEndsAndNoLongerEvenBeforeTheTaskRuns() {
        ItemId code = rememberUntil("The door code is 4711.", START.plus(DAY));
        ItemId kept = remember("The door is green.");
        later(DAY.minusMillis(1));
        assertThat(found("door")).hasSize(2);
        later(Duration.ofMillis(1));
        assertThat(found("door")).containsExactly("The door is green.");
        assertThat(cube.search("door").context()).doesNotContain("4711");
        assertThat(state(code)).isEqualTo(ItemState.ACTIVATED);
        assertThat(state(kept)).isEqualTo(ItemState.ACTIVATED);
    }

    @Test
    void theTaskMakesAVersionWithItsCauseAndWaitsForTheNextEnd() {
        ItemId first = rememberUntil("The door code is 4711.", START.plus(DAY));
        rememberUntil("The gate code is 1234.", START.plus(DAY.multipliedBy(2)));
        assertThat(expire())
                .isInstanceOfSatisfying(
                        TaskOutcome.Wait.class, wait -> assertThat(wait.due()).isEqualTo(START.plus(DAY)));
        later(DAY);
        assertThat(expire())
                .isInstanceOfSatisfying(
                        TaskOutcome.Wait.class,
                        wait -> assertThat(wait.due()).isEqualTo(START.plus(DAY.multipliedBy(2))));
        assertThat(last(first).item().state()).isEqualTo(ItemState.EXPIRED);
        assertThat(last(first).cause()).isEqualTo("time to live ended");
        assertThat(last(first).actor().isTask()).isTrue();
        later(DAY);
        assertThat(expire()).isInstanceOf(TaskOutcome.Done.class);
        assertThat(found("code")).isEmpty();
        assertThat(found(SearchRequest.of("code").withInactive())).hasSize(2);
    }

    @Test
    void anAddAsksForTheTaskAtTheEarliestEnd() {
        rememberUntil("one", START.plus(DAY.multipliedBy(3)));
        rememberUntil("two", START.plus(DAY));
        rememberUntil("three", START.plus(DAY.multipliedBy(2)));
        assertThat(waiting(TaskKind.EXPIRE))
                .singleElement()
                .satisfies(task -> assertThat(task.due()).isEqualTo(START.plus(DAY)));
    }

    @Test
    void anEditSetsAndTakesAwayTheEnd() {
        ItemId id = remember("The door code is 4711.");
        cube.update(id, ItemEdit.NOTHING.expiresAt(START.plus(DAY)));
        assertThat(waiting(TaskKind.EXPIRE)).hasSize(1);
        MemoryItem lasting = cube.update(id, ItemEdit.NOTHING.neverExpiring());
        assertThat(lasting.times().expiresAt()).isEmpty();
        assertThat(lasting.version()).isEqualTo(3);
        later(DAY);
        assertThat(found("door")).hasSize(1);
        assertThat(expire()).isInstanceOf(TaskOutcome.Done.class);
        assertThat(state(id)).isEqualTo(ItemState.ACTIVATED);
    }

    @Test
    void whatAnExpiredItemHadReplacedStaysReplaced() {
        ItemId paris = remember(Message.user("I live in Paris.").by("Alice").at(START));
        later(DAY);
        ItemId lyon = cube.add(AddRequest.of(List.of(
                                Message.user("I moved to Lyon.").by("Alice").at(now())))
                        .expiring(now().plus(DAY)))
                .ids()
                .getFirst();
        later(DAY);
        assertThat(expire()).isInstanceOf(TaskOutcome.Done.class);
        assertThat(List.of(state(paris), state(lyon))).containsExactly(ItemState.ARCHIVED, ItemState.EXPIRED);
        assertThat(found("Where does Alice live?")).isEmpty();
    }

    @Test
    void erasingTheSuccessorDoesNotBringBackWhatHasExpired() {
        ItemId paris = cube.add(AddRequest.of(List.of(
                                Message.user("I live in Paris.").by("Alice").at(START)))
                        .expiring(START.plus(DAY)))
                .ids()
                .getFirst();
        ItemId lyon = remember(Message.user("I moved to Lyon.").by("Alice").at(START.plusSeconds(60)));
        later(DAY);
        expire();
        assertThat(cube.delete(new Selection.Item(lyon)).selected()).contains(lyon);
        assertThat(state(paris)).isEqualTo(ItemState.EXPIRED);
    }

    @Test
    void anExpiredItemComesBackByReinstatingAlone() {
        ItemId id = rememberUntil("The door code is 4711.", START.plus(DAY));
        later(DAY);
        expire();
        assertThat(cube.reinstate(id).times().expiresAt()).isEmpty();
        assertThat(found("door")).hasSize(1);
        assertThat(expire()).isInstanceOf(TaskOutcome.Done.class);
        assertThat(state(id)).isEqualTo(ItemState.ACTIVATED);
    }

    @Test
    void reinstatingWorksBeforeTheTaskHasRun() {
        ItemId id = rememberUntil("The door code is 4711.", START.plus(DAY));
        later(DAY);
        assertThat(cube.reinstate(id).times().expiresAt()).isEmpty();
        assertThat(found("door")).hasSize(1);
    }

    @Test
    void aFrozenItemIsLockedAgainstExpiry() {
        ItemId id = rememberUntil("The door code is 4711.", START.plus(DAY));
        cube.update(id, ItemEdit.NOTHING.state(ItemState.FROZEN));
        rememberUntil("The gate code is 1234.", START.plus(DAY));
        later(DAY);
        assertThat(found("code")).containsExactly("The door code is 4711.");
        expire();
        assertThat(state(id)).isEqualTo(ItemState.FROZEN);
        cube.update(id, ItemEdit.NOTHING.state(ItemState.ACTIVATED));
        assertThat(found("code")).isEmpty();
    }

    @Test
    void anArchivedItemExpiresToo() {
        ItemId id = rememberUntil("The door code is 4711.", START.plus(DAY));
        cube.update(id, ItemEdit.NOTHING.state(ItemState.ARCHIVED));
        later(DAY);
        expire();
        assertThat(state(id)).isEqualTo(ItemState.EXPIRED);
    }

    @Test
    void theCubesPolicyGivesATimeToLiveWhereTheRequestGivesNone() {
        cube.policy(RetentionPolicy.DEFAULT.timeToLive(DAY));
        ItemId usual = remember("usual");
        ItemId special = rememberUntil("special", START.plusSeconds(5));
        assertThat(cube.get(usual).orElseThrow().times().expiresAt()).contains(START.plus(DAY));
        assertThat(cube.get(special).orElseThrow().times().expiresAt()).contains(START.plusSeconds(5));
        cube.policy(RetentionPolicy.DEFAULT);
        assertThat(cube.get(remember("later")).orElseThrow().times().expiresAt())
                .isEmpty();
    }

    @Test
    void anInstructionInAMessageExpiresWithIt() {
        Instant end = START.plus(DAY);
        ItemId said = cube.add(AddRequest.of(
                                List.of(Message.user("We talked about the garden. Always answer me in short sentences.")
                                        .by("Alice")))
                        .expiring(end))
                .ids()
                .getFirst();
        assertThat(cube.list(ListRequest.first().where(Filter.type(ItemType.INSTRUCTION)))
                        .items())
                .singleElement()
                .satisfies(item -> assertThat(item.times().expiresAt()).contains(end));
        later(DAY);
        assertThat(cube.search("What about the garden?").hits()).isEmpty();
        assertThat(state(said)).isEqualTo(ItemState.ACTIVATED);
    }

    @Test
    void aListCanLeaveOutWhatHasEnded() {
        rememberUntil("The door code is 4711.", START.plus(DAY));
        remember("The door is green.");
        Filter alive = Filter.not(new Filter.Compare("expires", Filter.Operator.LTE, START.plus(DAY)));
        assertThat(cube.list(ListRequest.first().where(alive)).items())
                .extracting(MemoryItem::text)
                .containsExactly("The door is green.");
    }

    @Test
    void aClockThatGoesBackwardsBringsNothingBackThatHasExpired() {
        ItemId id = rememberUntil("The door code is 4711.", START.plus(DAY));
        later(DAY);
        expire();
        later(DAY.negated());
        assertThat(found("door")).isEmpty();
        expire();
        assertThat(state(id)).isEqualTo(ItemState.EXPIRED);
        assertThat(cube.history(id)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1000000000-01-01T00:00:00Z", "0000-12-31T23:59:59Z", "+10000-01-01T00:00:00Z"})
    void anEndOutsideTheYearsThatCanBeStoredIsRefused(Instant end) {
        refused(
                ErrorCode.INVALID_ARGUMENT,
                () -> cube.add(AddRequest.of(List.of(Note.of("x"))).expiring(end)));
        ItemId id = remember("The door code is 4711.");
        refused(ErrorCode.INVALID_ARGUMENT, () -> cube.update(id, ItemEdit.NOTHING.expiresAt(end)));
        refused(ErrorCode.INVALID_ARGUMENT, () -> cube.update(id, ItemEdit.NOTHING.validTo(end)));
        assertThat(cube.history(id)).hasSize(1);
    }

    @Test
    void theEndSurvivesARestart() {
        ItemId id = rememberUntil("The door code is 4711.", START.plus(DAY));
        reopen();
        assertThat(waiting(TaskKind.EXPIRE)).hasSize(1);
        later(DAY);
        assertThat(found("door")).isEmpty();
        expire();
        reopen();
        assertThat(state(id)).isEqualTo(ItemState.EXPIRED);
    }

    @Test
    void tenThousandItemsExpireInSlicesEachOnce() {
        List<Note> notes =
                IntStream.range(0, 10_000).mapToObj(i -> Note.of("code " + i)).toList();
        List<ItemId> ids =
                cube.add(AddRequest.of(notes).expiring(START.plus(DAY))).ids();
        later(DAY);
        assertThat(found("code")).isEmpty();
        assertThat(expire()).isInstanceOf(TaskOutcome.Done.class);
        assertThat(ids).allSatisfy(id -> assertThat(cube.history(id)).hasSize(2));
        assertThat(cube.list(ListRequest.first().where(Filter.eq("state", "activated")))
                        .items())
                .isEmpty();
        assertThat(engine.storage.vault.<Optional<Instant>>read(
                        reader -> reader.usage().nextExpiry(row().key())))
                .isEmpty();
    }
}
