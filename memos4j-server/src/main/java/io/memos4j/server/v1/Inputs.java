package io.memos4j.server.v1;

import io.memos4j.api.AddRequest;
import io.memos4j.api.Input;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemType;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Message;
import io.memos4j.api.Note;
import io.memos4j.api.Role;
import io.memos4j.api.SourceRef;
import io.memos4j.server.http.Body;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a client wants remembered, as JSON. */
final class Inputs {
    private Inputs() {}

    /** {@code text}, {@code messages} and {@code notes}, in this order; {@code session} holds for those that name none. */
    static AddRequest parse(Body body) {
        String session = body.text("session", "");
        List<Input> inputs = new ArrayList<>();
        body.textIfGiven("text").ifPresent(text -> inputs.add(Note.of(text).in(session)));
        body.objects("messages").forEach(each -> inputs.add(message(each, session)));
        body.objects("notes").forEach(each -> inputs.add(note(each, session)));
        AddRequest request = AddRequest.of(inputs);
        return body.instant("expires").map(request::expiring).orElse(request);
    }

    /** A message of a body; {@code session} holds if it names none. */
    static Message message(Body body, String session) {
        Message message = new Message(
                Role.parse(body.text("role", "user")),
                body.text("speaker", ""),
                body.text("session", session),
                body.textIfGiven("text")
                        .or(() -> body.textIfGiven("content"))
                        .orElseThrow(() -> MemoryException.invalid(
                                "Field '" + body.place("text") + "' is missing. Give what was said.")),
                body.instant("time"),
                body.map("metadata"));
        body.done();
        return message;
    }

    private static Note note(Body body, String session) {
        Note note = new Note(
                ItemType.parse(body.text("type", ItemType.NOTE.id())),
                body.text("title", ""),
                body.text("text"),
                body.text("session", session),
                body.instant("time"),
                Set.copyOf(body.texts("tags")),
                body.texts("sources").stream().map(Inputs::source).toList(),
                body.map("metadata"));
        body.done();
        return note;
    }

    /** The id of an item, or any other name of where something comes from. */
    private static SourceRef source(String id) {
        try {
            return SourceRef.item(ItemId.parse(id));
        } catch (MemoryException e) {
            return SourceRef.external(id);
        }
    }
}
