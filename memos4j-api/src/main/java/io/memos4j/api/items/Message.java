package io.memos4j.api.items;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One verbatim turn of a dialogue. Build it from {@link #user}, {@link #assistant} or {@link #of} and refine it:
 * {@code Message.user("I moved to Lyon").by("Alice").in("2025-03-01").at(now)}.
 *
 * @param role who spoke
 * @param speaker the speaker's name, or the empty string
 * @param session the conversation, or the empty string
 * @param text what was said
 * @param time when; the engine's clock if absent
 * @param metadata the caller's own values; see {@link ItemMetadata}
 */
public record Message(
        Role role, String speaker, String session, String text, Optional<Instant> time, Map<String, Object> metadata)
        implements MemoryInput {

    public Message {
        metadata = ItemMetadata.copyOf(metadata);
    }

    public static Message of(Role role, String text) {
        return new Message(role, "", "", text, Optional.empty(), Map.of());
    }

    public static Message user(String text) {
        return of(Role.USER, text);
    }

    public static Message assistant(String text) {
        return of(Role.ASSISTANT, text);
    }

    public Message by(String newSpeaker) {
        return new Message(role, newSpeaker, session, text, time, metadata);
    }

    public Message in(String newSession) {
        return new Message(role, speaker, newSession, text, time, metadata);
    }

    public Message at(Instant newTime) {
        return new Message(role, speaker, session, text, Optional.of(newTime), metadata);
    }

    public Message with(Map<String, ?> newMetadata) {
        return new Message(role, speaker, session, text, time, ItemMetadata.copyOf(newMetadata));
    }
}
