package io.memos4j.core;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.AddResult.Outcome;
import io.memos4j.api.items.Document;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Selection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** What comes again: requests, messages, whole histories, returned context, documents. */
class DuplicateInputTest extends MemOsFixture {
    @Test
    void anIdempotentRequestIsStoredOnce() {
        AddRequest request = AddRequest.of(List.of(Message.user("yes"))).withIdempotencyKey("k1");
        AddResult first = cube.add(request);
        AddResult again = cube.add(request);
        assertThat(again.items()).isEqualTo(first.items());
        assertThat(again.replayed()).isTrue();
        assertThat(cube.list(ListRequest.first()).items()).hasSize(1);
        refused(
                ErrorCode.IDEMPOTENCY_CONFLICT,
                () -> cube.add(AddRequest.of(List.of(Message.user("no"))).withIdempotencyKey("k1")));
    }

    @Test
    void aDatedMessageThatComesAgainIsADuplicate() {
        Message message = Message.user("ok").in("s").at(MARCH);
        ItemId first = cube.add(message).ids().getFirst();
        AddResult again = cube.add(message, message.at(MARCH.plusMillis(1)));
        assertThat(again.items())
                .extracting(AddResult.Added::outcome)
                .containsExactly(Outcome.DUPLICATE, Outcome.ADDED);
        assertThat(again.ids().getFirst()).isEqualTo(first);
    }

    @Test
    void aClientThatSendsItsWholeHistoryEachTimeAddsOnlyTheNewTurns() {
        Message one = Message.user("hello").in("s");
        Message two = Message.assistant("Hi! What can I do for you?").in("s");
        Message three = Message.user("Book a table").in("s");
        cube.add(one, two);
        AddResult second = cube.add(one, two, three);
        assertThat(second.items())
                .extracting(AddResult.Added::outcome)
                .containsExactly(Outcome.DUPLICATE, Outcome.DUPLICATE, Outcome.ADDED);
    }

    @Test
    void sayingTheSameAgainLaterIsHeard() {
        cube.add(Message.user("I live in Paris").in("s"));
        cube.add(Message.user("I live in Lyon").in("s"));
        assertThat(cube.add(Message.user("I live in Paris").in("s")).items())
                .extracting(AddResult.Added::outcome)
                .containsExactly(Outcome.ADDED);
        assertThat(cube.add(Message.user("ok").in("t"), Message.user("ok").in("t"))
                        .items())
                .extracting(AddResult.Added::outcome)
                .containsExactly(Outcome.ADDED, Outcome.ADDED);
    }

    @Test
    void aMessageThatOnlyRepeatsReturnedContextIsKeptButNotRecalled() {
        cube.add(Message.user("The boiler was serviced by Mr. Kowalski")
                .by("Alice")
                .at(MARCH));
        String context = cube.search("Who serviced the boiler?").context();
        AddResult echo = cube.add(Message.of(io.memos4j.api.items.Role.SYSTEM, context));
        assertThat(echo.items().getFirst().outcome()).isEqualTo(Outcome.ECHO);
        assertThat(cube.search("boiler").hits()).hasSize(1);
        assertThat(cube.get(echo.ids().getFirst()).orElseThrow().state()).isEqualTo(ItemState.ARCHIVED);
    }

    @Test
    void aDocumentThatComesAgainReplacesItsFormerSelfAndCanComeBack() {
        Document first = document("# Opening\n\nThe shop opens at nine.\n");
        Document second = document("# Opening\n\nThe shop opens at ten on weekdays.\n");
        cube.add(first);
        assertThat(cube.add(first).items()).extracting(AddResult.Added::outcome).containsOnly(Outcome.DUPLICATE);
        cube.add(second);
        assertThat(texts(cube.search("shop opens"))).singleElement().asString().contains("ten");
        cube.add(first);
        assertThat(texts(cube.search("shop opens"))).singleElement().asString().contains("nine");
        assertThat(cube.delete(Selection.source("hours.md")).selected()).hasSize(2);
        assertThat(cube.search("shop opens").hits()).isEmpty();
    }

    private static Document document(String text) {
        return Document.of("hours.md", Document.Format.MARKDOWN, text.getBytes(StandardCharsets.UTF_8));
    }
}
