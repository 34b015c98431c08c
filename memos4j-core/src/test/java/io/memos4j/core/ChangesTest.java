package io.memos4j.core;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.Page;
import io.memos4j.api.history.ChangeId;
import io.memos4j.api.history.ChangeKind;
import io.memos4j.api.history.ChangeRecord;
import io.memos4j.api.history.ChangeRequest;
import io.memos4j.api.items.Feedback;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Selection;
import io.memos4j.core.retention.ExpireTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** The list of changes with their reasons, and the way back. */
class ChangesTest extends AgingFixture {
    private ItemId say(String text) {
        later(Duration.ofSeconds(1));
        return remember(Message.user(text));
    }

    private List<ChangeRecord> changes() {
        return cube.changes(ChangeRequest.LATEST).items();
    }

    private ChangeRecord latest(ItemId item) {
        return cube.changes(ChangeRequest.LATEST.of(item)).items().getFirst();
    }

    @Test
    void aRuleNamesItselfItsEvidenceAndItsConfidence() {
        ItemId lyon = say("I live in Lyon.");
        ItemId ghent = say("I moved to Ghent.");
        assertThat(changes()).singleElement().satisfies(change -> {
            assertThat(change.kind()).isEqualTo(ChangeKind.SUPERSEDED);
            assertThat(change.id()).isEqualTo(new ChangeId(lyon, 2));
            assertThat(change.former()).isEqualTo(new ChangeRecord.Side(ItemState.ACTIVATED, "I live in Lyon."));
            assertThat(change.current().state()).isEqualTo(ItemState.ARCHIVED);
            assertThat(change.rule()).isEqualTo("same-attribute");
            assertThat(change.confidence()).contains(0.95);
            assertThat(change.evidence()).containsExactly(new ChangeRecord.Evidence(ghent, "I moved to Ghent."));
            assertThat(change.undoable()).isTrue();
        });
        assertThat(cube.explain(lyon).text()).contains("rule same-attribute").contains("confidence 0.95");
        assertThat(cube.undo(new ChangeId(lyon, 2)).restored())
                .extracting(MemoryItem::state)
                .containsExactly(ItemState.ACTIVATED);
        assertThat(found("Where do I live?")).contains("I live in Lyon.", "I moved to Ghent.");
        assertThat(cube.supersessions(lyon)).isEmpty();
        assertThat(changes()).extracting(ChangeRecord::kind).containsExactly(ChangeKind.UNDONE, ChangeKind.SUPERSEDED);
        assertThat(changes().getLast().undoable()).isFalse();
    }

    @Test
    void everyKindOfChangeIsToldApart() {
        ItemId item = say("The gate is green.");
        cube.update(item, ItemEdit.text("The gate is blue."));
        cube.update(item, ItemEdit.NOTHING.state(ItemState.FROZEN));
        cube.update(item, ItemEdit.NOTHING.state(ItemState.ACTIVATED));
        cube.update(item, ItemEdit.NOTHING.state(ItemState.ARCHIVED));
        cube.reinstate(item);
        ItemId right = cube.feedback(Feedback.correction("No, the gate is red.", item))
                .stored()
                .orElseThrow();
        ItemId brief = rememberUntil("The door code is 12.", now().plusSeconds(60));
        later(Duration.ofMinutes(2));
        run(new ExpireTask(engine.services.deletion::erase, engine.storage.clock));
        assertThat(cube.changes(ChangeRequest.LATEST.of(item)).items().reversed())
                .extracting(ChangeRecord::kind)
                .containsExactly(
                        ChangeKind.EDITED,
                        ChangeKind.FROZEN,
                        ChangeKind.UNFROZEN,
                        ChangeKind.ARCHIVED,
                        ChangeKind.REINSTATED,
                        ChangeKind.CORRECTED);
        assertThat(latest(item).evidence())
                .extracting(ChangeRecord.Evidence::id)
                .containsExactly(right);
        assertThat(latest(brief)).satisfies(change -> {
            assertThat(change.kind()).isEqualTo(ChangeKind.EXPIRED);
            assertThat(change.rule()).isEqualTo("time-to-live");
            assertThat(change.confidence()).contains(1.0);
        });
        assertThat(cube.changes(ChangeRequest.LATEST.kinds(Set.of(ChangeKind.FROZEN, ChangeKind.EXPIRED)))
                        .items())
                .extracting(ChangeRecord::kind)
                .containsExactly(ChangeKind.EXPIRED, ChangeKind.FROZEN);
    }

    @Test
    void changesArePagedAndLimitedToATime() {
        ItemId item = say("Version 1.");
        List<Integer> versions = new ArrayList<>();
        for (int i = 2; i <= 8; i++) {
            later(Duration.ofSeconds(1));
            cube.update(item, ItemEdit.text("Version " + i + "."));
        }
        Instant middle = now().minusSeconds(3);
        ChangeRequest request = ChangeRequest.LATEST.limit(3);
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            Page<ChangeRecord> page = cube.changes(request.after(next.get()));
            assertThat(page.items()).hasSizeBetween(1, 3);
            page.items().forEach(change -> versions.add(change.id().version()));
            next = page.next();
        }
        assertThat(versions).containsExactly(8, 7, 6, 5, 4, 3, 2);
        assertThat(cube.changes(ChangeRequest.LATEST.since(middle)).items()).hasSize(4);
        refused(ErrorCode.INVALID_ARGUMENT, () -> cube.changes(request.after("nonsense")), "not a cursor of changes");
        refused(ErrorCode.INVALID_ARGUMENT, () -> ChangeRequest.LATEST.limit(0), "1 to 1000");
    }

    @Test
    void aLaterChangeStandsInTheWayUntilItIsUndone() {
        ItemId item = say("The gate is green.");
        cube.update(item, ItemEdit.text("The gate is blue."));
        cube.update(item, ItemEdit.text("The gate is red."));
        ChangeId blue = new ChangeId(item, 2);
        refused(ErrorCode.INVALID_ARGUMENT, () -> cube.undo(blue), "changed again", "c_" + item + "_3");
        cube.undo(new ChangeId(item, 3));
        assertThat(cube.undo(new ChangeId(item, 3)).repeated()).isTrue();
        cube.undo(blue);
        assertThat(cube.get(item).orElseThrow().text()).isEqualTo("The gate is green.");
        cube.undo(latest(item).id());
        assertThat(cube.get(item).orElseThrow().text()).isEqualTo("The gate is blue.");
        refused(ErrorCode.INVALID_ARGUMENT, () -> cube.undo(new ChangeId(item, 99)), "There is no change");
        refused(ErrorCode.INVALID_ARGUMENT, () -> ChangeId.parse("c_1"), "not the id of a change");
        refused(ErrorCode.INVALID_ARGUMENT, () -> new ChangeId(item, 1), "version 2");
    }

    @Test
    void aSuccessorThatWasErasedCannotComeBack() {
        ItemId lyon = say("I live in Lyon.");
        ItemId ghent = say("I moved to Ghent.");
        cube.undo(new ChangeId(lyon, 2));
        ChangeId undoing = latest(lyon).id();
        cube.delete(Selection.item(ghent));
        assertThat(latest(lyon).obstacle())
                .hasValueSatisfying(why -> assertThat(why).contains("was erased"));
        refused(ErrorCode.INVALID_ARGUMENT, () -> cube.undo(undoing), "was erased");
        assertThat(state(lyon)).isEqualTo(ItemState.ACTIVATED);
    }

    /** What a cube should hold of an item. */
    private record Expected(String text, ItemState state, Optional<ItemId> successor) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void anySequenceOfChangesIsUndoneStepByStep(long seed) {
        Random random = new Random(seed);
        Map<ItemId, List<Expected>> model = new HashMap<>();
        List<ItemId> items = new ArrayList<>();
        for (int step = 0; step < 120; step++) {
            if (items.size() < 3 || random.nextInt(8) == 0) {
                String text = "Shelf " + items.size() + " of the workshop holds box " + step + ".";
                ItemId item = say(text);
                items.add(item);
                model.put(item, new ArrayList<>(List.of(new Expected(text, ItemState.ACTIVATED, Optional.empty()))));
                continue;
            }
            ItemId item = items.get(random.nextInt(items.size()));
            List<Expected> stack = model.get(item);
            Expected now = stack.getLast();
            switch (random.nextInt(5)) {
                case 0 -> {
                    String text = "Shelf of the workshop, edited in step " + step + ".";
                    cube.update(item, ItemEdit.text(text));
                    stack.add(new Expected(text, now.state, now.successor));
                }
                case 1 -> {
                    ItemId other = items.get(random.nextInt(items.size()));
                    if (!other.equals(item)) {
                        cube.supersede(item, other, "step " + step);
                        stack.add(new Expected(now.text, ItemState.ARCHIVED, Optional.of(other)));
                    }
                }
                case 2 -> {
                    if (now.state == ItemState.ARCHIVED) {
                        cube.reinstate(item);
                        stack.add(new Expected(now.text, ItemState.ACTIVATED, Optional.empty()));
                    }
                }
                default -> {
                    if (stack.size() > 1) {
                        ChangeRecord change = cube.changes(ChangeRequest.LATEST.of(item)).items().stream()
                                .filter(ChangeRecord::undoable)
                                .filter(each -> each.kind() != ChangeKind.UNDONE)
                                .findFirst()
                                .orElseThrow();
                        cube.undo(change.id());
                        stack.removeLast();
                    }
                }
            }
            check(item, stack.getLast());
        }
        items.forEach(item -> {
            while (model.get(item).size() > 1) {
                cube.undo(cube.changes(ChangeRequest.LATEST.of(item)).items().stream()
                        .filter(change -> change.undoable() && change.kind() != ChangeKind.UNDONE)
                        .findFirst()
                        .orElseThrow()
                        .id());
                model.get(item).removeLast();
                check(item, model.get(item).getLast());
            }
            assertThat(found(model.get(item).getFirst().text))
                    .contains(model.get(item).getFirst().text);
        });
    }

    private void check(ItemId item, Expected expected) {
        MemoryItem is = last(item).item();
        Optional<ItemId> successor = cube.supersessions(item).stream()
                .filter(each -> each.former().equals(item))
                .map(each -> each.successor())
                .findFirst();
        assertThat(new Expected(is.text(), is.state(), successor)).isEqualTo(expected);
    }
}
