package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.Page;
import io.memos4j.api.Warning;
import io.memos4j.api.history.ChangeKind;
import io.memos4j.api.history.ChangeRecord;
import io.memos4j.api.history.ChangeRequest;
import io.memos4j.api.history.UndoResult;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.AddResult.Outcome;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.SourceReference;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.retention.ExpireTask;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** What was asked to be forgotten: withheld at once, given back if that is undone, erased after the grace period. */
class ForgettingTest extends AgingFixture {
    private static final Duration GRACE = RetentionPolicy.DEFAULT_FORGET_AFTER;
    private static final ListRequest FORGOTTEN =
            ListRequest.first().where(Filter.eq("state", ItemState.FORGOTTEN.id()));

    private ItemId say(String text) {
        later(Duration.ofSeconds(1));
        return remember(Message.user(text).in("talk"));
    }

    private AddResult ask(String text) {
        later(Duration.ofSeconds(1));
        return cube.add(Message.user(text).in("talk"));
    }

    private List<String> listed(ListRequest request) {
        return cube.list(request).items().stream().map(MemoryItem::text).toList();
    }

    private void expire() {
        run(new ExpireTask(engine.services.deletion::erase, engine.storage.clock));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Forget my PIN.|My PIN is 4711.",
                "Vergiss meine PIN.|Meine PIN ist 4711.",
                "Olvida mi PIN.|Mi PIN es 4711.",
                "Oublie mon code.|Mon code est 4711.",
                "把我的密码忘掉|我的密码是4711"
            })
    void whatIsAskedToBeForgottenIsWithheldAndErasedAfterTheGracePeriod(String example) {
        String[] parts = example.split("\\|");
        ItemId pin = say(parts[1]);
        AddResult asked = ask(parts[0]);
        assertThat(asked.items().getFirst().outcome()).isEqualTo(Outcome.HEEDED);
        assertThat(asked.warnings()).isEmpty();
        assertThat(asked.forgotten()).extracting(AddResult.Forgotten::id).contains(pin);
        assertThat(asked.forgotten())
                .allSatisfy(each -> assertThat(each.erasedAt()).isEqualTo(now().plus(GRACE)));
        assertThat(state(pin)).isEqualTo(ItemState.FORGOTTEN);
        assertThat(waiting(TaskKind.EXPIRE))
                .anySatisfy(task -> assertThat(task.due()).isEqualTo(now().plus(GRACE)));
        reopen();
        later(GRACE.minusMillis(1));
        expire();
        assertThat(cube.get(pin)).isPresent();
        later(Duration.ofMillis(1));
        expire();
        assertThat(cube.get(pin)).isEmpty();
        assertThat(cube.get(asked.ids().getFirst())).isEmpty();
        assertThat(cube.history(pin)).isEmpty();
        assertThat(cube.changes(ChangeRequest.LATEST).items()).isEmpty();
    }

    @Test
    void nothingShowsWhatIsWithheldUnlessItIsAskedFor() {
        say("The garden gate is green.");
        Instant before = now();
        ItemId pin = say("My PIN is 4711.");
        ItemId note = remember(Note.of("A card with the number 4711.").from(SourceReference.item(pin)));
        Instant after = cube.time().mark();
        ItemId request = ask("Forget my PIN.").ids().getFirst();
        assertThat(List.of(state(pin), state(note), state(request))).containsOnly(ItemState.FORGOTTEN);

        for (SearchRequest search : List.of(
                SearchRequest.of("PIN 4711"),
                SearchRequest.of("What was my former PIN 4711?"),
                SearchRequest.of("PIN 4711").withInactive(),
                SearchRequest.of("PIN 4711").validAt(after))) {
            assertThat(found(search)).noneMatch(text -> text.contains("4711") || text.contains("PIN"));
            assertThat(cube.search(search).context()).doesNotContain("4711").doesNotContain("PIN");
        }
        assertThat(listed(ListRequest.first())).containsExactly("The garden gate is green.");
        assertThat(listed(FORGOTTEN)).contains("My PIN is 4711.", "Forget my PIN.");
        assertThat(cube.time().recordedAt(after).list(ListRequest.first()).items())
                .extracting(MemoryItem::text)
                .containsExactly("The garden gate is green.");
        assertThat(cube.time().recordedAt(after).get(pin)).isEmpty();
        assertThat(cube.time().recordedAt(after).search("PIN 4711").hits())
                .noneMatch(hit -> hit.item().text().contains("4711"));
        assertThat(cube.time().diff(before, after)).isEmpty();
        assertThat(cube.workingMemory("talk").items())
                .noneMatch(each -> each.item().text().contains("PIN"));
        Page<ChangeRecord> changes = cube.changes(ChangeRequest.LATEST);
        assertThat(changes.items()).hasSize(2).allSatisfy(change -> {
            assertThat(change.kind()).isEqualTo(ChangeKind.FORGOTTEN);
            assertThat(change.former().text()
                            + change.current().text()
                            + change.evidence().getFirst().text())
                    .isEmpty();
        });
        assertThat(cube.changes(ChangeRequest.LATEST.kinds(Set.of(ChangeKind.FORGOTTEN)))
                        .items())
                .extracting(change -> change.former().text())
                .contains("My PIN is 4711.");
    }

    @Test
    void earlierValuesAndCopiesAreForgottenToo() {
        ItemId first = say("My PIN is 4711.");
        ItemId second = say("My PIN is 9911.");
        cube.supersede(first, second, "changed");
        ItemId copy = say("My PIN is 9911.");
        ask("Forget my PIN.");
        assertThat(List.of(state(first), state(second), state(copy))).containsOnly(ItemState.FORGOTTEN);
        later(GRACE);
        expire();
        assertThat(cube.list(ListRequest.first()).items()).isEmpty();
    }

    @Test
    void undoingTheRequestGivesEverythingBackAndReinstatingOneMemory() {
        ItemId pin = say("My PIN is 4711.");
        ItemId derived = remember(Note.of("A card with the number 4711.").from(SourceReference.item(pin)));
        ItemId other = say("My PIN is 4711, for the blue card.");
        ItemId request = ask("Forget my PIN.").ids().getFirst();
        cube.reinstate(pin);
        assertThat(List.of(state(pin), state(derived), state(other)))
                .containsExactly(ItemState.ACTIVATED, ItemState.ACTIVATED, ItemState.FORGOTTEN);
        ChangeRecord change =
                cube.changes(ChangeRequest.LATEST.of(other)).items().getFirst();
        assertThat(change.rule()).isEqualTo("request-to-forget");
        assertThat(change.evidence()).extracting(ChangeRecord.Evidence::id).containsExactly(request);
        UndoResult undone = cube.undo(change.id());
        assertThat(undone.restored()).extracting(MemoryItem::id).containsExactlyInAnyOrder(other, request);
        assertThat(List.of(state(pin), state(other), state(request)))
                .containsExactly(ItemState.ACTIVATED, ItemState.ACTIVATED, ItemState.ARCHIVED);
        assertThat(found("PIN")).contains("My PIN is 4711.");
        assertThat(cube.undo(change.id()).repeated()).isTrue();
        later(GRACE.multipliedBy(2));
        expire();
        assertThat(state(pin)).isEqualTo(ItemState.ACTIVATED);
    }

    @Test
    void withoutAGracePeriodItIsErasedInTheCall() {
        cube.policy(cube.policy().forgetAfter(Duration.ZERO));
        ItemId pin = say("My PIN is 4711.");
        ItemId kept = say("The garden gate is green.");
        AddResult asked = ask("Forget my PIN.");
        assertThat(asked.forgotten()).extracting(AddResult.Forgotten::id).containsExactly(pin);
        assertThat(asked.forgotten().getFirst().erasedAt()).isEqualTo(now());
        assertThat(cube.get(pin)).isEmpty();
        assertThat(cube.get(asked.ids().getFirst())).isEmpty();
        assertThat(cube.get(kept)).isPresent();
        assertThat(found("PIN 4711")).noneMatch(text -> text.contains("PIN"));
    }

    @Test
    void theReplyToARequestIsWithheldWithIt() {
        say("My PIN is 4711.");
        later(Duration.ofSeconds(1));
        AddResult talk = cube.add(
                Message.user("Forget my PIN.").in("talk"),
                Message.assistant("Fine, I no longer know that your PIN was 4711.")
                        .in("talk"));
        assertThat(talk.items()).extracting(AddResult.Added::outcome).containsExactly(Outcome.HEEDED, Outcome.HEEDED);
        assertThat(found("PIN 4711")).noneMatch(text -> text.contains("PIN"));
        AddResult quiet = cube.add(
                Message.user("My gate code is 6120, but don't save that.").in("talk"),
                Message.assistant("I will not save 6120.").in("talk"),
                Message.user("The gate is green.").in("talk"),
                Message.assistant("A good color.").in("talk"));
        assertThat(quiet.items())
                .extracting(AddResult.Added::outcome)
                .containsExactly(Outcome.WITHHELD, Outcome.WITHHELD, Outcome.ADDED, Outcome.ADDED);
        assertThat(listed(ListRequest.first())).noneMatch(text -> text.contains("6120"));
    }

    @Test
    void aRequestThatCoversNothingSaysSoAndNamesTheNearestOfTheCaller() {
        ItemId near =
                remember(Message.user("I changed my PIN in the branch office.").by("Ann"));
        remember(Message.user("Nobody guesses a PIN of four digits.").by("Bob"));
        AddResult asked = cube.add(Message.user("Forget my PIN.").by("Ann"));
        assertThat(asked.items().getFirst().outcome()).isEqualTo(Outcome.ADDED);
        assertThat(asked.forgotten()).isEmpty();
        assertThat(asked.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.code()).isEqualTo("nothing_forgotten");
            assertThat(warning.message())
                    .contains(near + " 'I changed my PIN in the branch office.'")
                    .doesNotContain("guesses");
        });
        AddResult again = cube.add(Message.user("Forget my PIN!").by("Ann"));
        assertThat(again.warnings()).extracting(Warning::code).containsExactly("nothing_forgotten");
    }

    @Test
    void aRequestIsReplayedWithItsKey() {
        say("My PIN is 4711.");
        AddRequest request =
                AddRequest.of(List.of(Message.user("Forget my PIN."))).withIdempotencyKey("once");
        AddResult first = cube.add(request);
        AddResult second = cube.add(request);
        assertThat(second.replayed()).isTrue();
        assertThat(second.forgotten()).isEqualTo(first.forgotten()).isNotEmpty();
    }

    @Test
    void whatIsForgottenCannotBeChangedAndIsLeftOutOfForksAndRollbacks() {
        say("The garden gate is green.");
        ItemId pin = say("My PIN is 4711.");
        Instant then = cube.time().mark();
        ask("Forget my PIN.");
        refused(ErrorCode.INVALID_ARGUMENT, () -> cube.update(pin, ItemEdit.text("My PIN is 1.")), "to be forgotten");
        refused(ErrorCode.INVALID_ARGUMENT, () -> cube.restore(pin, 1), "to be forgotten");
        refused(ErrorCode.INVALID_ARGUMENT, () -> cube.time().rollback(pin, then), "to be forgotten");
        cube.time().rollback(then);
        assertThat(state(pin)).isEqualTo(ItemState.FORGOTTEN);
        assertThat(cube.time()
                        .fork(new CubeId("copy"), then)
                        .list(ListRequest.first())
                        .items())
                .extracting(MemoryItem::text)
                .containsExactly("The garden gate is green.");
    }
}
