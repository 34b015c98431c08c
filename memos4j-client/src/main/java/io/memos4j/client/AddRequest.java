package io.memos4j.client;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request to add messages and notes.
 *
 * @param notes texts that belong to no conversation
 * @param session the session of all of them; empty for none
 * @param expires the time from which searches leave them out
 * @param idempotencyKey distinguishes a repeated call from a new one; created by the client if absent
 * @param zone the time zone in which their "yesterday" is read; the cube's if absent
 * @param sensitivity the label of those that name none: {@code public}, {@code internal}, {@code private} or
 *     {@code secret}; that of the cube's rules if empty
 * @param waiting the time to wait until vectors and extraction are finished as well
 */
public record AddRequest(
        List<Message> messages,
        List<String> notes,
        String session,
        Optional<Instant> expires,
        Optional<String> idempotencyKey,
        Optional<ZoneId> zone,
        String sensitivity,
        Optional<Duration> waiting) {
    public AddRequest {
        messages = List.copyOf(messages);
        notes = List.copyOf(notes);
    }

    /** Returns a request to add messages. */
    public static AddRequest messages(Message... messages) {
        return messages(List.of(messages));
    }

    /** Returns a request to add messages. */
    public static AddRequest messages(List<Message> messages) {
        return new AddRequest(
                messages, List.of(), "", Optional.empty(), Optional.empty(), Optional.empty(), "", Optional.empty());
    }

    /** Returns a request to add notes. */
    public static AddRequest notes(String... notes) {
        return new AddRequest(
                List.of(),
                List.of(notes),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                Optional.empty());
    }

    /** Sets the session. */
    public AddRequest in(String newSession) {
        return new AddRequest(messages, notes, newSession, expires, idempotencyKey, zone, sensitivity, waiting);
    }

    /** Sets the time from which searches leave the memories out. */
    public AddRequest expiring(Instant when) {
        return new AddRequest(messages, notes, session, Optional.of(when), idempotencyKey, zone, sensitivity, waiting);
    }

    /** Sets the key that identifies a repetition of this request. */
    public AddRequest withIdempotencyKey(String key) {
        return new AddRequest(messages, notes, session, expires, Optional.of(key), zone, sensitivity, waiting);
    }

    /** Sets the time zone of messages that name none. */
    public AddRequest inZone(ZoneId newZone) {
        return new AddRequest(
                messages, notes, session, expires, idempotencyKey, Optional.of(newZone), sensitivity, waiting);
    }

    /**
     * Labels messages that have no label, and notes: {@code public}, {@code internal}, {@code private}, {@code secret}.
     */
    public AddRequest labeled(String newSensitivity) {
        return new AddRequest(messages, notes, session, expires, idempotencyKey, zone, newSensitivity, waiting);
    }

    /** Waits until vectors and extraction are finished, at most this long. */
    public AddRequest waiting(Duration patience) {
        return new AddRequest(
                messages, notes, session, expires, idempotencyKey, zone, sensitivity, Optional.of(patience));
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("session", session);
        json.put("messages", messages.stream().map(Message::json).toList());
        json.put("notes", notes.stream().map(text -> Map.of("text", text)).toList());
        expires.ifPresent(when -> json.put("expires", when.toString()));
        zone.ifPresent(each -> json.put("time_zone", each.getId()));
        if (!sensitivity.isEmpty()) {
            json.put("sensitivity", sensitivity);
        }
        waiting.ifPresent(patience -> {
            json.put("mode", "sync");
            json.put("timeout_ms", patience.toMillis());
        });
        return json;
    }
}
