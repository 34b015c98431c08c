package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.history.CubeView;
import io.memos4j.api.history.DiffRequest;
import io.memos4j.api.history.ItemChange;
import io.memos4j.api.history.RollbackResult;
import io.memos4j.api.history.Snapshot;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Selection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Looking at and comparing what a cube knew; snapshots and forks. */
class TimeMachineTest extends TimeMachineFixture {
    @Test
    void anItemIsSeenAsItWas() {
        ItemId tea = say("Tea is at four.");
        Instant then = mark();
        cube.update(tea, ItemEdit.text("Tea is at five.").tags(Set.of("moved")));
        say("Dinner is at eight.");
        CubeView view = time.recordedAt(then);
        assertThat(view.get(tea)).hasValueSatisfying(item -> {
            assertThat(item.text()).isEqualTo("Tea is at four.");
            assertThat(item.version()).isEqualTo(1);
        });
        assertThat(texts(view.list(ListRequest.first()).items())).containsExactly("Tea is at four.");
        assertThat(view.list(ListRequest.first().where(Filter.tag("moved"))).items())
                .isEmpty();
    }

    @Test
    void beforeTheCubeWasMadeItWasEmptyAndWhatIsToComeIsRefused() {
        ItemId tea = say("Tea is at four.");
        for (Instant before : List.of(START.minusMillis(2), Instant.MIN)) {
            CubeView view = time.recordedAt(before);
            assertThat(view.get(tea)).isEmpty();
            assertThat(view.list(ListRequest.first()).items()).isEmpty();
            assertThat(found(view, "tea")).isEmpty();
        }
        Instant tomorrow = START.plus(Duration.ofDays(1));
        refused(ErrorCode.INVALID_ARGUMENT, () -> time.recordedAt(tomorrow), "in the future");
        refused(ErrorCode.INVALID_ARGUMENT, () -> time.rollback(tomorrow), "in the future");
        refused(ErrorCode.INVALID_ARGUMENT, () -> time.diff(START, tomorrow), "in the future");
        refused(ErrorCode.INVALID_ARGUMENT, () -> time.fork(CubeId.of("b"), tomorrow), "in the future");
    }

    @Test
    void searchFindsTheTextAndTheStateOfThen() {
        ItemId office = say("The office of the company is in Paris.");
        ItemId printer = say("The printer stands on floor two.");
        say("The canteen opens at noon.");
        Instant then = mark();
        cube.update(office, ItemEdit.text("The office of the company is in Lyon."));
        cube.update(printer, ItemEdit.NOTHING.state(ItemState.ARCHIVED));
        say("The office of the lawyer is in Berlin.");
        CubeView view = time.recordedAt(then);
        assertThat(found(view, "Where is the office of the company?"))
                .startsWith("The office of the company is in Paris.")
                .doesNotContain("The office of the company is in Lyon.", "The office of the lawyer is in Berlin.");
        assertThat(found(view, "printer")).contains("The printer stands on floor two.");
        assertThat(found(view, "Paris")).startsWith("The office of the company is in Paris.");
        assertThat(view.search("office").context()).contains("[1] ").contains("in Paris.");
        assertThat(found(time.recordedAt(later()), "Where is the office of the company?"))
                .contains("The office of the company is in Lyon.")
                .doesNotContain("The office of the company is in Paris.");
    }

    @Test
    void aFilterReadsWhatWasThen() {
        ItemId tea = cube.add(Note.of("Tea is at four.").tagged("daily")).ids().getFirst();
        ItemId dinner =
                cube.add(Note.of("Dinner is at eight.").tagged("daily")).ids().getFirst();
        Instant then = mark();
        cube.update(tea, ItemEdit.NOTHING.tags(Set.of()));
        cube.update(dinner, ItemEdit.text("Dinner is at nine.").tags(Set.of("late")));
        assertThat(cube.awaitIdle(Duration.ofSeconds(30))).isTrue();
        var daily =
                io.memos4j.api.search.SearchRequest.of("When is tea or dinner?").where(Filter.tag("daily"));
        assertThat(time.recordedAt(then).search(daily).hits())
                .extracting(hit -> hit.item().text())
                .containsExactlyInAnyOrder("Tea is at four.", "Dinner is at eight.");
        var other = daily.where(Filter.not(Filter.tag("daily")));
        assertThat(time.recordedAt(then).search(other).hits()).isEmpty();
    }

    @Test
    void aLongFormerTextIsShownByThePassageThatAnswers() {
        String filler = "Nothing of note happened on that day in the village. ".repeat(30);
        ItemId diary = say(filler + "\n\nThe lighthouse keeper found a green bottle.\n\n" + filler);
        Instant then = mark();
        cube.update(diary, ItemEdit.text("gone"));
        assertThat(cube.awaitIdle(Duration.ofSeconds(30))).isTrue();
        assertThat(time.recordedAt(then)
                        .search("Who found the green bottle, the lighthouse keeper?")
                        .hits())
                .singleElement()
                .satisfies(hit -> {
                    assertThat(hit.excerpt()).contains("green bottle");
                    assertThat(hit.excerpt().length())
                            .isLessThan(hit.item().text().length());
                });
    }

    @Test
    void aDiffTellsTwoInstantsApart() {
        ItemId tea = say("Tea is at four.");
        Instant first = mark();
        cube.update(tea, ItemEdit.text("Tea is at five."));
        ItemId dinner = say("Dinner is at eight.");
        Instant second = mark();
        assertThat(time.diff(first, second)).extracting(ItemChange::id).containsExactly(tea, dinner);
        assertThat(time.diff(second, second)).isEmpty();
        assertThat(time.diff(DiffRequest.between(second, first).limit(1)).items())
                .singleElement()
                .satisfies(change ->
                        assertThat(change.after().orElseThrow().text()).isEqualTo("Tea is at four."));
    }

    @Test
    void aSnapshotSeparatesWhatIsRecordedInTheSameMillisecond() {
        say("first");
        Snapshot snapshot = time.snapshot("Schnappschuß 照");
        say("second");
        Snapshot next = time.snapshot("next");
        say("third");
        assertThat(recalled(time.recordedAt("Schnappschuß 照"))).containsExactly("first");
        assertThat(recalled(time.recordedAt("next"))).containsExactly("first", "second");
        assertThat(time.snapshots()).containsExactly(snapshot, next);
        refused(ErrorCode.INVALID_ARGUMENT, () -> time.snapshot("next"), "'next'");
        refused(ErrorCode.INVALID_ARGUMENT, () -> time.snapshot(" next"), "white space");
        assertThat(time.rollback("next").archived()).hasSize(1);
        time.deleteSnapshot("next");
        refused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> time.recordedAt("next"), "Schnappschuß 照");
        refused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> time.deleteSnapshot("next"), "next");
    }

    @Test
    void aForkIsACubeOfItsOwn() {
        ItemId tea = say("Tea is at four.");
        ItemId office = say("The office is in Paris.");
        assertThat(cube.awaitIdle(Duration.ofSeconds(30))).isTrue();
        Instant then = mark();
        cube.update(office, ItemEdit.text("The office is in Lyon."));
        say("Dinner is at eight.");
        MemCube fork = time.fork(CubeId.of("was wäre wenn 如果"), then);
        cube.delete(Selection.item(tea));
        assertThat(fork.awaitIdle(Duration.ofSeconds(30))).isTrue();
        assertThat(fork.search("office Paris").hits().getFirst().item().id()).isEqualTo(office);
        assertThat(fork.search("tea").hits().getFirst().item().text()).isEqualTo("Tea is at four.");
        assertThat(texts(fork.list(ListRequest.first()).items()))
                .containsExactly("Tea is at four.", "The office is in Paris.");
        assertThat(fork.history(office)).singleElement().satisfies(version -> {
            assertThat(version.cause()).isEqualTo("forked from alice at " + then);
            assertThat(version.item().cube()).isEqualTo(fork.id());
        });
        fork.add("The office is in Rome.");
        assertThat(fork.describe().itemCount()).isEqualTo(3);
        assertThat(fork.describe().pendingVectors()).isLessThanOrEqualTo(1);
        assertThat(cube.list(ListRequest.first()).items()).hasSize(2);
        assertThat(fork.time().recordedAt(then).list(ListRequest.first()).items())
                .isEmpty();
        refused(ErrorCode.CUBE_EXISTS, () -> time.fork(fork.id(), then), "already exists");
    }

    @Test
    void aForkSettlesWhatItsClaimsSay() {
        ItemId paris = say("I live in Paris.");
        Instant then = mark();
        cube.update(paris, ItemEdit.text("I like tea."));
        MemCube fork = time.fork(CubeId.of("fork"), then);
        fork.add(Message.user("I moved to Lyon.").by("Alice").at(clock.instant()));
        assertThat(fork.get(paris).orElseThrow().state()).isEqualTo(ItemState.ARCHIVED);
    }

    @Test
    void anEmptyCubeGoesAnywhere() {
        assertThat(time.rollback(clock.instant()).restored()).isEmpty();
        assertThat(time.diff(START, clock.instant())).isEmpty();
        assertThat(time.recordedAt(START).search("anything").hits()).isEmpty();
        assertThat(time.fork(CubeId.of("empty too"), clock.instant()).describe().itemCount())
                .isZero();
        memos.delete(cube.id());
        refused(ErrorCode.CUBE_NOT_FOUND, () -> time.snapshots(), "was deleted");
        refused(ErrorCode.CUBE_NOT_FOUND, () -> time.recordedAt(START).list(ListRequest.first()), "was deleted");
    }

    @Test
    void fiveThousandItemsGoBackAtOnce() {
        List<Note> notes = IntStream.range(0, 5_000)
                .mapToObj(i -> Note.of("Note number " + i + " — 第" + i + "条 🎈"))
                .toList();
        List<ItemId> ids = cube.add(notes).ids();
        Instant then = mark();
        cube.update(ids.get(4_999), ItemEdit.text("changed"));
        cube.add(IntStream.range(0, 2_500)
                .mapToObj(i -> Note.of("Late note number " + i))
                .toList());
        RollbackResult rollback = time.rollback(then);
        assertThat(rollback.archived()).hasSize(2_500);
        assertThat(rollback.restored()).containsExactly(ids.getLast());
        assertThat(time.fork(CubeId.of("fork"), then).describe().itemCount()).isEqualTo(5_000);
        assertThat(time.diff(then, later())).hasSize(1_000);
    }
}
