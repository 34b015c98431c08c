package io.memos4j.api.items;

import io.memos4j.api.TimeZones;
import io.memos4j.api.privacy.Sensitivity;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
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
 * @param zone the time zone of the speaker, in which "yesterday" is read; that of the request if absent
 * @param metadata the caller's own values; see {@link ItemMetadata}
 * @param sensitivity the label of the whole text; {@link Sensitivity#INTERNAL} if nothing else is said
 */
public record Message(
        Role role,
        String speaker,
        String session,
        String text,
        Optional<Instant> time,
        Optional<ZoneId> zone,
        Map<String, Object> metadata,
        Sensitivity sensitivity)
        implements MemoryInput {

    public Message {
        metadata = ItemMetadata.copyOf(metadata);
    }

    /** A message without a label. */
    public Message(
            Role role,
            String speaker,
            String session,
            String text,
            Optional<Instant> time,
            Optional<ZoneId> zone,
            Map<String, Object> metadata) {
        this(role, speaker, session, text, time, zone, metadata, Sensitivity.INTERNAL);
    }

    public static Message of(Role role, String text) {
        return new Message(role, "", "", text, Optional.empty(), Optional.empty(), Map.of());
    }

    public static Message user(String text) {
        return of(Role.USER, text);
    }

    public static Message assistant(String text) {
        return of(Role.ASSISTANT, text);
    }

    public Message by(String newSpeaker) {
        return new Message(role, newSpeaker, session, text, time, zone, metadata, sensitivity);
    }

    public Message in(String newSession) {
        return new Message(role, speaker, newSession, text, time, zone, metadata, sensitivity);
    }

    public Message at(Instant newTime) {
        return new Message(role, speaker, session, text, Optional.of(newTime), zone, metadata, sensitivity);
    }

    /** Sets the time, and the zone unless the offset is Z, which tells the time but not where. */
    public Message at(OffsetDateTime newTime) {
        Message timed = at(newTime.toInstant());
        return TimeZones.of(newTime).map(timed::inZone).orElse(timed);
    }

    public Message inZone(ZoneId newZone) {
        return new Message(role, speaker, session, text, time, Optional.of(newZone), metadata, sensitivity);
    }

    public Message with(Map<String, ?> newMetadata) {
        return new Message(role, speaker, session, text, time, zone, ItemMetadata.copyOf(newMetadata), sensitivity);
    }

    /** Labels the whole text. */
    public Message labeled(Sensitivity newSensitivity) {
        return new Message(role, speaker, session, text, time, zone, metadata, newSensitivity);
    }
}
