package io.memos4j.client;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be remembered, and how.
 *
 * @param notes texts that belong to no conversation
 * @param session of all of it; empty for none
 * @param expires when it is to be left out of searches
 * @param idempotencyKey tells a repeated call from a new one; made by the client if none is given
 * @param waiting how long to wait until what follows, vectors and extraction, is done as well
 */
public record Remember(
        List<Saying> messages,
        List<String> notes,
        String session,
        Optional<Instant> expires,
        Optional<String> idempotencyKey,
        Optional<Duration> waiting) {
    public Remember {
        messages = List.copyOf(messages);
        notes = List.copyOf(notes);
    }

    public static Remember messages(Saying... messages) {
        return messages(List.of(messages));
    }

    public static Remember messages(List<Saying> messages) {
        return new Remember(messages, List.of(), "", Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static Remember notes(String... notes) {
        return new Remember(List.of(), List.of(notes), "", Optional.empty(), Optional.empty(), Optional.empty());
    }

    public Remember in(String newSession) {
        return new Remember(messages, notes, newSession, expires, idempotencyKey, waiting);
    }

    public Remember until(Instant when) {
        return new Remember(messages, notes, session, Optional.of(when), idempotencyKey, waiting);
    }

    public Remember once(String key) {
        return new Remember(messages, notes, session, expires, Optional.of(key), waiting);
    }

    public Remember waiting(Duration patience) {
        return new Remember(messages, notes, session, expires, idempotencyKey, Optional.of(patience));
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("session", session);
        json.put("messages", messages.stream().map(Saying::json).toList());
        json.put("notes", notes.stream().map(text -> Map.of("text", text)).toList());
        expires.ifPresent(when -> json.put("expires", when.toString()));
        waiting.ifPresent(patience -> {
            json.put("mode", "sync");
            json.put("timeout_ms", patience.toMillis());
        });
        return json;
    }
}
