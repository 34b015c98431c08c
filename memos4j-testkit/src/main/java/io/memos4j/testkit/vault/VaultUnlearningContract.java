package io.memos4j.testkit.vault;

import io.memos4j.api.Actor;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterChange;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.spi.vault.VaultWriter;
import io.memos4j.testkit.SampleItems;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/** Contract of vaults for adapters whose sources change or are erased. */
abstract class VaultUnlearningContract extends VaultAdapterContract {
    private static MemoryItem next(MemoryItem item, String title, String tag) {
        return new MemoryItem(
                item.cube(),
                item.id(),
                item.version() + 1,
                item.type(),
                item.state(),
                item.text(),
                title,
                item.origin(),
                item.times(),
                Set.of(tag),
                Map.of(tag, true));
    }

    private static MemoryItem labeled(MemoryItem item) {
        return next(item, item.title(), "label");
    }

    private MemoryItem current(long number) {
        return vault.<List<MemoryItem>>read(reader -> reader.items(cube.key(), ids(number)))
                .getFirst();
    }

    private void replaced(VaultWriter writer, MemoryItem item) {
        writer.replace(cube.key(), new StoredItem(item, List.of(), "", Optional.empty(), "update"));
    }

    private static MemoryItem in(ItemState state, MemoryItem item) {
        return item.next(state, item.times().validTo(), SampleItems.time(9));
    }

    private static MemoryItem ended(MemoryItem item) {
        return item.next(item.state(), Optional.of(SampleItems.time(8)), SampleItems.time(9));
    }

    @Test
    void whatWasTaughtSomethingElseThanIsTrueNowIsNotRecorded() {
        insertMessages(1, 2, 3, 4, 5);
        replace(SampleItems.revised(current(1), "another text"));
        replace(ended(current(2)));
        replace(in(ItemState.EXPIRED, current(3)));
        erase(4);
        succeed(5, 1, "", 6);
        for (long changed : new long[] {1, 2, 3, 4, 5, 6}) {
            Adapter adapter = adapter("lesson@1", changed);
            assertThat(sourcesUnchanged(adapter)).as("item " + changed).isFalse();
            assertThat(recorded(adapter)).as("item " + changed).isFalse();
        }
        assertThat(adapters(cube)).isEmpty();
        assertThat(changes(cube)).isEmpty();
    }

    private boolean sourcesUnchanged(Adapter adapter) {
        return vault.<Boolean>read(reader -> reader.adapters().areSourcesUnchanged(cube.key(), adapter.taught()));
    }

    @Test
    void whatARetiredVersionWasTaughtIsSoUntilItIsDoneWith() {
        insertMessages(1, 2);
        Adapter retired = record("a@1", AdapterState.RETIRED, 1, 2);
        replace(labeled(current(1)));
        touched(task(TaskKind.DECAY, 7), writer -> replaced(writer, in(ItemState.ARCHIVED, current(2))));
        assertThat(sourcesUnchanged(retired)).as("labels and cooling").isTrue();
        replace(in(ItemState.ARCHIVED, current(1)));
        assertThat(sourcesUnchanged(retired)).isFalse();
        assertThat(state("a@1")).isEqualTo(AdapterState.RETIRED);
    }

    @Test
    void labelsThatChangeDuringATrainingDoNotSpoilIt() {
        insertMessages(1);
        replace(labeled(current(1)));
        assertThat(recorded(adapter("lesson@1", 1))).isTrue();
    }

    @Test
    void onlyWhatMayStillBeUsedIsSuspended() {
        insertMessages(1, 2);
        Adapter candidate = record("a@1", AdapterState.CANDIDATE, 1, 2);
        Adapter admitted = record("a@2", AdapterState.ADMITTED, 1, 2);
        Adapter active = record("a@3", AdapterState.ACTIVE, 1, 2);
        Adapter retired = record("a@4", AdapterState.RETIRED, 1, 2);
        Adapter suspended = record("a@5", AdapterState.SUSPENDED, 1, 2);
        assertThat(touched(Actor.USER, writer -> replaced(writer, SampleItems.revised(current(2), "another text"))))
                .containsExactlyInAnyOrder(touch("a@1"), touch("a@2"), touch("a@3"));
        Instant at = current(2).times().updatedAt();
        String why = "item " + SampleItems.id(2) + " got another text";
        assertThat(adapters(cube))
                .containsExactly(
                        suspended,
                        retired,
                        suspended(active, why, at),
                        suspended(admitted, why, at),
                        suspended(candidate, why, at));
    }

    private static Adapter suspended(Adapter adapter, String why, Instant at) {
        Adapter state = adapter.in(AdapterState.SUSPENDED, why, at);
        return new Adapter(
                state.id(),
                state.state(),
                state.why(),
                state.base(),
                state.lora(),
                state.taught(),
                state.training(),
                state.evaluation(),
                Optional.empty(),
                state.createdAt(),
                state.changedAt());
    }

    @Test
    void anotherTitleSuspends() {
        assertSuspends(1, "got another text", item -> next(item, "a title", "label"));
    }

    @Test
    void theEndOfASourceSuspends() {
        assertSuspends(1, "ceased to hold", VaultUnlearningContract::ended);
        assertSuspends(2, "ceased to hold", item -> in(ItemState.EXPIRED, item));
        assertSuspends(3, "ceased to hold", item -> in(ItemState.MERGED, item));
        assertSuspends(4, "ceased to hold", item -> in(ItemState.ARCHIVED, item));
    }

    private void assertSuspends(long number, String what, UnaryOperator<MemoryItem> change) {
        insertMessages(number);
        String id = "a" + number + "@1";
        record(id, AdapterState.ACTIVE, number);
        replace(change.apply(current(number)));
        assertThat(find(id).why()).isEqualTo("item " + SampleItems.id(number) + " " + what);
        assertThat(state(id)).isEqualTo(AdapterState.SUSPENDED);
        assertThat(find(id).artifact()).as("it is never used again").isEmpty();
    }

    @Test
    void aSuccessorSuspends() {
        insertMessages(1, 2);
        record("a@1", AdapterState.ACTIVE, 1);
        record("b@1", AdapterState.ACTIVE, 2);
        assertThat(touched(
                        Actor.USER,
                        writer -> writer.recordSupersession(cube.key(), succession(1, 2, "secret words", 5))))
                .containsExactly(touch("a@1"));
        assertThat(find("a@1").why())
                .isEqualTo("item " + SampleItems.id(1) + " was superseded by item " + SampleItems.id(2));
        assertThat(state("b@1")).isEqualTo(AdapterState.ACTIVE);
    }

    @Test
    void whatOnlyCoolsOrGetsLabelsOrIsFrozenSuspendsNothing() {
        insertMessages(1, 2, 3, 4);
        Adapter before = record("a@1", AdapterState.ACTIVE, 1, 2, 3, 4);
        assertThat(touched(task(TaskKind.DECAY, 7), writer -> replaced(writer, in(ItemState.ARCHIVED, current(1)))))
                .isEmpty();
        touched(task(TaskKind.CAPACITY, 8), writer -> replaced(writer, in(ItemState.ARCHIVED, current(2))));
        replace(labeled(current(1)));
        replace(in(ItemState.ACTIVATED, current(1)));
        replace(labeled(current(3)));
        replace(in(ItemState.FROZEN, current(4)));
        assertThat(find("a@1")).isEqualTo(before);
        touched(task(TaskKind.SUMMARIZE, 9), writer -> replaced(writer, in(ItemState.ARCHIVED, current(3))));
        assertThat(state("a@1")).as("another task is no cooling").isEqualTo(AdapterState.SUSPENDED);
    }

    @Test
    void anErasureTakesTheArtifactOfWhateverWasTaughtIt() {
        insertMessages(1, 2, 3);
        record("a@1", AdapterState.RETIRED, 1);
        record("a@2", AdapterState.SUSPENDED, 2);
        record("a@3", AdapterState.ACTIVE, 2, 1, 3);
        Adapter other = record("b@1", AdapterState.ACTIVE, 3);
        assertThat(touched(Actor.USER, writer -> {
                    writer.erase(cube.key(), ids(1, 2), SampleItems.time(9));
                    writer.erase(cube.key(), ids(1, 2), SampleItems.time(10));
                }))
                .containsExactlyInAnyOrder(touch("a@1"), touch("a@2"), touch("a@3"));
        String why = "item " + SampleItems.id(1) + " was erased";
        assertThat(adapters(cube))
                .extracting(each -> each.id().toString(), Adapter::state, Adapter::why)
                .containsExactly(
                        tuple("a@3", AdapterState.SUSPENDED, why + ", and 1 more that it was taught"),
                        tuple("a@2", AdapterState.SUSPENDED, "for the test"),
                        tuple("a@1", AdapterState.RETIRED, "for the test"),
                        tuple("b@1", AdapterState.ACTIVE, "for the test"));
        assertThat(artifacts()).containsExactly("b@1");
        assertThat(find("b@1")).isEqualTo(other);
        assertThat(find("a@3").taught()).as("bare ids stay").hasSize(3);
        assertThat(changes(cube))
                .contains(new AdapterChange(
                        AdapterId.parse("a@1"), AdapterState.RETIRED, why, Actor.USER, SampleItems.time(9)));
        assertThat(vault.verify()).isEmpty();
    }

    @Test
    void aCorrectionAndAnErasureInOneTransactionAreOneTouch() {
        insertMessages(1, 2);
        record("a@1", AdapterState.ACTIVE, 1, 2);
        assertThat(touched(Actor.USER, writer -> {
                    replaced(writer, SampleItems.revised(current(1), "another text"));
                    writer.erase(cube.key(), ids(2), SampleItems.time(9));
                }))
                .containsExactly(touch("a@1"));
        assertThat(touched(Actor.USER, writer -> writer.erase(cube.key(), ids(1), SampleItems.time(9))))
                .as("nothing is left to take")
                .isEmpty();
    }

    @Test
    void aSuccessorThatIsCopiedIntoTheCubeSuspends() {
        insertMessages(1);
        CubeRow other = other();
        vault.<Long>write(writer -> writer.transfers().copy(cube.key(), other.key(), ids(1)));
        record("a@1", AdapterState.ACTIVE, 1);
        touched(task(TaskKind.DECAY, 1), writer -> replaced(writer, in(ItemState.ARCHIVED, current(1))));
        write(writer -> writer.insert(other.key(), List.of(SampleItems.stored(SampleItems.message(2, "a newer one")))));
        write(writer -> writer.recordSupersession(other.key(), succession(1, 2, "", 5)));
        assertThat(state("a@1")).isEqualTo(AdapterState.ACTIVE);
        assertThat(touched(Actor.USER, writer -> writer.transfers().copy(other.key(), cube.key(), ids(2))))
                .containsExactly(touch("a@1"));
        assertThat(state("a@1")).isEqualTo(AdapterState.SUSPENDED);
    }
}
