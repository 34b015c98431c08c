package io.memos4j.api.items;

import io.memos4j.api.MemoryException;
import io.memos4j.api.TimeZones;
import io.memos4j.api.privacy.Sensitivity;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Plain text without a speaker: a fact, a preference, a note. {@code Note.of("Alice is allergic to
 * peanuts").as(ItemType.FACT)}.
 *
 * @param type what kind of memory; neither {@link ItemType#MESSAGE} nor {@link ItemType#DOCUMENT}
 * @param title a short name, or the empty string
 * @param text the memory
 * @param session the conversation it belongs to, or the empty string
 * @param time when it happened or was learned; the engine's clock if absent
 * @param zone the time zone of its words, such as "yesterday"; that of the request if absent
 * @param tags labels
 * @param sources what it was made from; erasing an item named here erases the note too
 * @param metadata the caller's own values; see {@link ItemMetadata}
 * @param sensitivity the label of the whole note; {@link Sensitivity#INTERNAL} if nothing else is said
 */
public record Note(
        ItemType type,
        String title,
        String text,
        String session,
        Optional<Instant> time,
        Optional<ZoneId> zone,
        Set<String> tags,
        List<SourceReference> sources,
        Map<String, Object> metadata,
        Sensitivity sensitivity)
        implements MemoryInput {

    public Note {
        if (type == ItemType.MESSAGE || type == ItemType.DOCUMENT) {
            throw MemoryException.invalid("A note cannot be a " + type.id() + ". Add a Message or a Document instead.");
        }
        tags = Set.copyOf(tags);
        sources = List.copyOf(sources);
        metadata = ItemMetadata.copyOf(metadata);
    }

    /** A note without a label. */
    public Note(
            ItemType type,
            String title,
            String text,
            String session,
            Optional<Instant> time,
            Optional<ZoneId> zone,
            Set<String> tags,
            List<SourceReference> sources,
            Map<String, Object> metadata) {
        this(type, title, text, session, time, zone, tags, sources, metadata, Sensitivity.INTERNAL);
    }

    public static Note of(String text) {
        return new Note(ItemType.NOTE, "", text, "", Optional.empty(), Optional.empty(), Set.of(), List.of(), Map.of());
    }

    public Note as(ItemType newType) {
        return new Note(newType, title, text, session, time, zone, tags, sources, metadata, sensitivity);
    }

    public Note titled(String newTitle) {
        return new Note(type, newTitle, text, session, time, zone, tags, sources, metadata, sensitivity);
    }

    public Note in(String newSession) {
        return new Note(type, title, text, newSession, time, zone, tags, sources, metadata, sensitivity);
    }

    public Note at(Instant newTime) {
        return new Note(type, title, text, session, Optional.of(newTime), zone, tags, sources, metadata, sensitivity);
    }

    /** Sets the time, and the zone unless the offset is Z, which tells the time but not where. */
    public Note at(OffsetDateTime newTime) {
        Note timed = at(newTime.toInstant());
        return TimeZones.of(newTime).map(timed::inZone).orElse(timed);
    }

    public Note inZone(ZoneId newZone) {
        return new Note(type, title, text, session, time, Optional.of(newZone), tags, sources, metadata, sensitivity);
    }

    public Note tagged(String... newTags) {
        return new Note(
                type, title, text, session, time, zone, Set.copyOf(List.of(newTags)), sources, metadata, sensitivity);
    }

    public Note from(SourceReference... newSources) {
        return new Note(type, title, text, session, time, zone, tags, List.of(newSources), metadata, sensitivity);
    }

    public Note with(Map<String, ?> newMetadata) {
        return new Note(
                type, title, text, session, time, zone, tags, sources, ItemMetadata.copyOf(newMetadata), sensitivity);
    }

    /** Labels the whole note. */
    public Note labeled(Sensitivity newSensitivity) {
        return new Note(type, title, text, session, time, zone, tags, sources, metadata, newSensitivity);
    }
}
