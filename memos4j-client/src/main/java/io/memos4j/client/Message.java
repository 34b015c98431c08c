package io.memos4j.client;

import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A message of a conversation.
 *
 * @param role {@code user}, {@code assistant}, {@code system} or {@code tool}
 * @param speaker the name of the speaker; empty if unknown
 * @param time the time of the message; the time of the call if absent
 * @param zone the time zone of the speaker, in which "yesterday" is read; that of the request if absent
 * @param sensitivity {@code public}, {@code internal}, {@code private} or {@code secret}; that of the cube's rules if
 *     empty
 */
public record Message(
        String role,
        String text,
        String speaker,
        Optional<Instant> time,
        Optional<ZoneId> zone,
        Map<String, Object> metadata,
        String sensitivity) {
    public Message {
        metadata = Map.copyOf(metadata);
    }

    /** Returns a message with a role. */
    public static Message of(String role, String text) {
        return new Message(role, text, "", Optional.empty(), Optional.empty(), Map.of(), "");
    }

    /** Returns a message of the user. */
    public static Message user(String text) {
        return of("user", text);
    }

    /** Returns a message of the assistant. */
    public static Message assistant(String text) {
        return of("assistant", text);
    }

    /** Sets the speaker. */
    public Message by(String newSpeaker) {
        return new Message(role, text, newSpeaker, time, zone, metadata, sensitivity);
    }

    /** Sets the time. */
    public Message at(Instant when) {
        return new Message(role, text, speaker, Optional.of(when), zone, metadata, sensitivity);
    }

    /** Sets the time zone of the speaker. */
    public Message inZone(ZoneId newZone) {
        return new Message(role, text, speaker, time, Optional.of(newZone), metadata, sensitivity);
    }

    /** Sets the metadata. */
    public Message with(Map<String, Object> newMetadata) {
        return new Message(role, text, speaker, time, zone, newMetadata, sensitivity);
    }

    /** Labels the message: {@code public}, {@code internal}, {@code private} or {@code secret}. */
    public Message labeled(String newSensitivity) {
        return new Message(role, text, speaker, time, zone, metadata, newSensitivity);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("role", role);
        json.put("text", text);
        json.put("speaker", speaker);
        time.ifPresent(when -> json.put("time", when.toString()));
        zone.ifPresent(each -> json.put("time_zone", each.getId()));
        json.put("metadata", metadata);
        if (!sensitivity.isEmpty()) {
            json.put("sensitivity", sensitivity);
        }
        return json;
    }
}
