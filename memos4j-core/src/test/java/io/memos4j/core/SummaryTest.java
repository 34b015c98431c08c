package io.memos4j.core;

import io.memos4j.api.ItemId;
import io.memos4j.api.history.ItemExplanation;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.RelatedItem;
import io.memos4j.api.items.Selection;
import io.memos4j.api.items.SourceReference;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

/** Tests summaries and profiles without a model, and their explanations. */
class SummaryTest extends ConsolidationFixture {
    private String tellOfAKitchen(int messages) {
        for (int i = 0; i < messages; i++) {
            say(
                    List.of(
                                    "We are renovating the kitchen of our flat in Lyon.",
                                    "The renovation of the kitchen costs 12000 euros.",
                                    "The carpenter Paul builds the kitchen cupboards of oak.",
                                    "It rains all day here.",
                                    "The kitchen will be ready in May, says the carpenter.")
                            .get(i),
                    MARCH.plusSeconds(i));
        }
        return "s-" + MARCH.getEpochSecond() / 86_400;
    }

    @Test
    void aSessionGetsASummaryThatQuotesItsMessagesAndGoesWithThem() {
        String session = tellOfAKitchen(5);
        run(TaskKind.SUMMARIZE, session);
        MemoryItem summary = ofType(ItemType.SUMMARY).getFirst();
        assertThat(summary.text()).contains("2025-03-04 Alice: We are renovating the kitchen");
        assertThat(summary.title()).contains("kitchen");
        assertThat(summary.origin().sources()).isNotEmpty();
        ItemId source = ItemId.parse(summary.origin().sources().getFirst().id());
        assertThat(cube.delete(Selection.item(source)).derived()).contains(summary.id());
        run(TaskKind.SUMMARIZE, session);
        MemoryItem again = ofType(ItemType.SUMMARY).getFirst();
        assertThat(again.origin().sources()).extracting(SourceReference::id).doesNotContain(source.toString());
    }

    @Test
    void anErasedSourceAsksForItsSummaryAnew() {
        String session = tellOfAKitchen(5);
        run(TaskKind.SUMMARIZE, session);
        cube.delete(Selection.source(ofType(ItemType.SUMMARY).getFirst().id().toString()));
        assertThat(asked()).doesNotContain(session);
        cube.delete(Selection.item(ItemId.parse(ofType(ItemType.SUMMARY)
                .getFirst()
                .origin()
                .sources()
                .getFirst()
                .id())));
        assertThat(ofType(ItemType.SUMMARY)).isEmpty();
        assertThat(asked()).contains(session);
    }

    private List<String> asked() {
        return engine.storage.vault.<List<Task>>read(reader -> reader.tasks().list(TaskQuery.ALL)).stream()
                .filter(task -> task.kind() == TaskKind.SUMMARIZE)
                .map(Task::subject)
                .toList();
    }

    @Test
    void whyACubeSaysSomethingLeadsBackToTheMessages() {
        run(TaskKind.SUMMARIZE, tellOfAKitchen(5));
        run(TaskKind.SUMMARIZE);
        MemoryItem summary = ofType(ItemType.SUMMARY).getFirst();
        ItemExplanation explanation = cube.explain(summary.id());
        assertThat(explanation.sources()).hasSameSizeAs(summary.origin().sources());
        assertThat(explanation.history()).singleElement().satisfies(version -> {
            assertThat(version.actor().stored()).startsWith("task:summarize");
            assertThat(version.cause()).startsWith("made from");
        });
        assertThat(explanation.text())
                .contains("from message ", "We are renovating the kitchen", "made from 5 memories, by task:summarize");
        assertThat(cube.related(summary.id())).extracting(RelatedItem::kind).containsOnly(RelatedItem.Kind.SOURCE);
        ItemId message = ItemId.parse(summary.origin().sources().getFirst().id());
        assertThat(cube.related(message))
                .extracting(RelatedItem::kind, each -> each.item().id())
                .contains(tuple(RelatedItem.Kind.DERIVED, summary.id()));
    }

    @Test
    void aChainOfSourcesThatComesRoundAgainEnds() {
        ItemId one = cube.add(Note.of("The first note")).ids().getFirst();
        ItemId two = cube.add(Note.of("The second note")
                        .from(SourceReference.item(one), SourceReference.external("a letter")))
                .ids()
                .getFirst();
        assertThat(cube.explain(two).sources()).hasSize(2);
        assertThat(cube.explain(two).text()).contains("from a letter", "The first note");
        assertThatThrownBy(() -> cube.explain(new ItemId(UUID.randomUUID()))).hasMessageContaining("has no item");
    }

    @Test
    void aSummaryChangesOnlyIfThereIsSomethingNewToSay() {
        String session = tellOfAKitchen(4);
        run(TaskKind.SUMMARIZE, session);
        MemoryItem first = ofType(ItemType.SUMMARY).getFirst();
        run(TaskKind.SUMMARIZE, session);
        assertThat(ofType(ItemType.SUMMARY)).containsExactly(first);
        say("Paul the carpenter fell ill, so the kitchen in Lyon waits until June.", MARCH.plusSeconds(100));
        run(TaskKind.SUMMARIZE, session);
        MemoryItem second = ofType(ItemType.SUMMARY).getFirst();
        assertThat(second.version()).isEqualTo(2);
        assertThat(second.text()).contains("fell ill");
        assertThat(second.origin().sources())
                .hasSizeGreaterThan(first.origin().sources().size());
    }

    @Test
    void aSummaryIsNotFoundUnlessItsTypeIsAskedFor() {
        run(TaskKind.SUMMARIZE, tellOfAKitchen(5));
        assertThat(cube.search("the kitchen in Lyon").hits())
                .extracting(hit -> hit.item().type())
                .containsOnly(ItemType.MESSAGE);
        assertThat(cube.search(SearchRequest.of("the kitchen in Lyon").where(Filter.type(ItemType.SUMMARY)))
                        .hits())
                .extracting(hit -> hit.item().type())
                .containsOnly(ItemType.SUMMARY);
    }

    @Test
    void aSummaryThatAUserHasRewrittenIsTheUsers() {
        String session = tellOfAKitchen(4);
        run(TaskKind.SUMMARIZE, session);
        ItemId id = ofType(ItemType.SUMMARY).getFirst().id();
        cube.update(id, ItemEdit.text("The kitchen."));
        say("Paul the carpenter fell ill, so the kitchen in Lyon waits until June.", MARCH.plusSeconds(100));
        run(TaskKind.SUMMARIZE, session);
        assertThat(cube.get(id).orElseThrow().text()).isEqualTo("The kitchen.");
    }

    @Test
    void aSourceThatChangesWhileASummaryIsMadeIsReadAgain() {
        String session = tellOfAKitchen(5);
        ItemId first = cube.list(ListRequest.first()).items().getFirst().id();
        run(new DirectTaskRun(engine, row, TaskKind.SUMMARIZE, session)
                .disturbedBy(() -> cube.update(first, ItemEdit.text("We are renovating the kitchen in Nice."))));
        assertThat(ofType(ItemType.SUMMARY).getFirst().text()).contains("Nice").doesNotContain("in Lyon.");
    }

    @Test
    void theSummaryOfACubeIsMadeOfThoseOfItsSessions() {
        run(TaskKind.SUMMARIZE, tellOfAKitchen(5));
        for (String text : List.of(
                "I am training for the marathon in Hamburg.",
                "The marathon plan has five runs a week.",
                "My knee hurts after the long run.",
                "The marathon in Hamburg starts at nine.")) {
            say(text, JUNE);
        }
        run(TaskKind.SUMMARIZE, "s-" + JUNE.getEpochSecond() / 86_400);
        run(TaskKind.SUMMARIZE);
        assertThat(ofType(ItemType.SUMMARY)).hasSize(3);
        MemoryItem whole = ofType(ItemType.SUMMARY).getLast();
        assertThat(whole.text()).contains("kitchen").contains("marathon").contains("2025-06-01 Alice: ");
        assertThat(whole.origin().sources()).hasSize(2);
    }

    @Test
    void aLongSessionIsSummarisedWithinBounds() {
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            messages.add(Message.user("Note " + i + ": the sensor in room " + i % 40 + " of the brewery shows " + i % 97
                            + " degrees.")
                    .by("Alice")
                    .in("long")
                    .at(MARCH.plusSeconds(i)));
        }
        for (int from = 0; from < messages.size(); from += 1_000) {
            cube.add(messages.subList(from, from + 1_000));
        }
        run(TaskKind.SUMMARIZE, "long");
        assertThat(ofType(ItemType.SUMMARY).getFirst().text().length()).isBetween(50, 800);
    }

    @Test
    void aProfileTellsTheNewestThatAPersonSaysOfThemselves() {
        say("I live in Paris.", MARCH);
        ItemId lyon = say("I now live in Lyon.", JUNE);
        say("My favourite colour is blue", MARCH);
        say("Bob", "I work at Acme", MARCH);
        run(TaskKind.PROFILE);
        assertThat(ofType(ItemType.PROFILE))
                .extracting(MemoryItem::text)
                .containsExactlyInAnyOrder(
                        "Alice: I now live in Lyon. My favourite colour is blue.", "Bob: I work at Acme.");
        assertThat(cube.search("Where does Alice live?").hits())
                .extracting(hit -> hit.item().type())
                .doesNotContain(ItemType.PROFILE);
        cube.delete(Selection.item(lyon));
        run(TaskKind.PROFILE);
        assertThat(ofType(ItemType.PROFILE))
                .extracting(MemoryItem::text)
                .anyMatch(text -> text.contains("I live in Paris."));
    }

    @Test
    void aProfileOfWhichNothingIsLeftIsArchived() {
        ItemId paris = say("I live in Paris.", MARCH);
        run(TaskKind.PROFILE);
        cube.update(paris, ItemEdit.NOTHING.state(ItemState.ARCHIVED));
        run(TaskKind.PROFILE);
        assertThat(ofType(ItemType.PROFILE)).extracting(MemoryItem::state).containsExactly(ItemState.ARCHIVED);
    }
}
