package io.memos4j.server.v1;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.TimeZones;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryInput;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Role;
import io.memos4j.api.items.SourceReference;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.JsonBody;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Parses requests to add memories. */
final class AddRequestParser {
    private AddRequestParser() {}

    /**
     * Parses {@code text}, {@code messages} and {@code notes}, in this order; {@code session}, {@code time_zone} and
     * {@code sensitivity} apply to those that name none.
     */
    static AddRequest parse(JsonBody body) {
        String session = body.text("session", "");
        Sensitivity label = sensitivity(body).orElse(Sensitivity.INTERNAL);
        List<MemoryInput> inputs = new ArrayList<>();
        body.optionalText("text")
                .ifPresent(text -> inputs.add(Note.of(text).in(session).labeled(label)));
        body.objects("messages").forEach(each -> inputs.add(message(each, session, label)));
        body.objects("notes").forEach(each -> inputs.add(note(each, session, label)));
        AddRequest plain = AddRequest.of(inputs);
        AddRequest request = body.timeZone("time_zone").map(plain::inZone).orElse(plain);
        return body.instant("expires").map(request::expiring).orElse(request);
    }

    /** Returns the request with the client's {@code Idempotency-Key}, if it sent one. */
    static AddRequest withIdempotencyKey(HttpExchange exchange, AddRequest request) {
        return exchange.header("Idempotency-Key")
                .map(request::withIdempotencyKey)
                .orElse(request);
    }

    /** The label that a body names, if it does. */
    static Optional<Sensitivity> sensitivity(JsonBody body) {
        return body.optionalText("sensitivity").map(Sensitivity::parse);
    }

    /**
     * @param session applies if the message names none
     * @param label applies if the message names none
     */
    static Message message(JsonBody body, String session, Sensitivity label) {
        Optional<OffsetDateTime> time = body.time("time");
        Message message = new Message(
                Role.parse(body.text("role", "user")),
                body.text("speaker", ""),
                body.text("session", session),
                body.optionalText("text")
                        .or(() -> body.optionalText("content"))
                        .orElseThrow(() -> MemoryException.invalid(
                                "Field '" + body.place("text") + "' is missing. Give the text of the message.")),
                time.map(OffsetDateTime::toInstant),
                zone(body, time),
                body.map("metadata"),
                sensitivity(body).orElse(label));
        body.rejectUnknownFields();
        return message;
    }

    private static Note note(JsonBody body, String session, Sensitivity label) {
        Optional<OffsetDateTime> time = body.time("time");
        Note note = new Note(
                ItemType.parse(body.text("type", ItemType.NOTE.id())),
                body.text("title", ""),
                body.text("text"),
                body.text("session", session),
                time.map(OffsetDateTime::toInstant),
                zone(body, time),
                Set.copyOf(body.texts("tags")),
                body.texts("sources").stream().map(AddRequestParser::source).toList(),
                body.map("metadata"),
                sensitivity(body).orElse(label));
        body.rejectUnknownFields();
        return note;
    }

    /** The zone of an input: the one it names, or the offset of its time. */
    private static Optional<ZoneId> zone(JsonBody body, Optional<OffsetDateTime> time) {
        return body.timeZone("time_zone").or(() -> time.flatMap(TimeZones::of));
    }

    /** Parses a source: the id of an item, or any external name. */
    private static SourceReference source(String id) {
        try {
            return SourceReference.item(ItemId.parse(id));
        } catch (MemoryException e) {
            return SourceReference.external(id);
        }
    }
}
