package io.memos4j.client;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A message of a conversation, to be remembered.
 *
 * @param role {@code user}, {@code assistant}, {@code system} or {@code tool}
 * @param speaker who said it; empty if that is not known
 * @param time when; the time of the call if it is not given
 */
public record Saying(String role, String text, String speaker, Optional<Instant> time, Map<String, Object> metadata) {
    public Saying {
        metadata = Map.copyOf(metadata);
    }

    public static Saying of(String role, String text) {
        return new Saying(role, text, "", Optional.empty(), Map.of());
    }

    public static Saying user(String text) {
        return of("user", text);
    }

    public static Saying assistant(String text) {
        return of("assistant", text);
    }

    public Saying by(String newSpeaker) {
        return new Saying(role, text, newSpeaker, time, metadata);
    }

    public Saying at(Instant when) {
        return new Saying(role, text, speaker, Optional.of(when), metadata);
    }

    public Saying with(Map<String, Object> newMetadata) {
        return new Saying(role, text, speaker, time, newMetadata);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("role", role);
        json.put("text", text);
        json.put("speaker", speaker);
        time.ifPresent(when -> json.put("time", when.toString()));
        json.put("metadata", metadata);
        return json;
    }
}
