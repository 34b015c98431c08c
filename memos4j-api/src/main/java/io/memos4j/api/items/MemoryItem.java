package io.memos4j.api.items;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.api.privacy.SensitivityLabel;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One memory with its header. An immutable snapshot of one version.
 *
 * @param cube the cube that owns it
 * @param id its identity
 * @param version 1 for the first, counting up without gaps
 * @param type what kind of memory
 * @param state where it stands in its life
 * @param text the memory itself
 * @param title a short name, or the empty string
 * @param origin where it came from
 * @param times when it happened, was recorded and holds
 * @param tags labels, in no order
 * @param metadata the caller's own values; see {@link ItemMetadata}
 * @param standing of a message, the kinds of standing statements that its text makes: {@link ItemType#PREFERENCE},
 *     {@link ItemType#INSTRUCTION}, both or none. It follows the text from version to version. A filter by type finds
 *     the message under these types too
 * @param authorship who wrote the text, and a suspicion against it
 * @param label how sensitive it is; kept from version to version, and found anew where the text changes
 */
public record MemoryItem(
        CubeId cube,
        ItemId id,
        int version,
        ItemType type,
        ItemState state,
        String text,
        String title,
        ItemOrigin origin,
        ItemTimes times,
        Set<String> tags,
        Map<String, Object> metadata,
        Set<ItemType> standing,
        Authorship authorship,
        SensitivityLabel label) {

    public MemoryItem {
        tags = Set.copyOf(tags);
        metadata = ItemMetadata.copyOf(metadata);
        standing = Set.copyOf(standing);
    }

    /** An item of the owner's words whose text makes no standing statement and is neither labeled nor sensitive. */
    public MemoryItem(
            CubeId cube,
            ItemId id,
            int version,
            ItemType type,
            ItemState state,
            String text,
            String title,
            ItemOrigin origin,
            ItemTimes times,
            Set<String> tags,
            Map<String, Object> metadata) {
        this(
                cube,
                id,
                version,
                type,
                state,
                text,
                title,
                origin,
                times,
                tags,
                metadata,
                Set.of(),
                Authorship.OWNER,
                SensitivityLabel.INTERNAL);
    }

    /** The same version with other standing statements. */
    public MemoryItem withStanding(Set<ItemType> types) {
        return new MemoryItem(
                cube, id, version, type, state, text, title, origin, times, tags, metadata, types, authorship, label);
    }

    /** The same version by another author. */
    public MemoryItem withAuthorship(Authorship by) {
        return new MemoryItem(
                cube, id, version, type, state, text, title, origin, times, tags, metadata, standing, by, label);
    }

    /** The same version with another label. */
    public MemoryItem withLabel(SensitivityLabel newLabel) {
        return new MemoryItem(
                cube,
                id,
                version,
                type,
                state,
                text,
                title,
                origin,
                times,
                tags,
                metadata,
                standing,
                authorship,
                newLabel);
    }

    /** The label of its most sensitive part. */
    public Sensitivity sensitivity() {
        return label.sensitivity();
    }

    /** The origin of what it says. */
    public Provenance provenance() {
        return Provenance.of(this);
    }

    /** The trust that it deserves in a prompt. */
    public TrustLevel trust() {
        if (authorship.isSuspected()) {
            return TrustLevel.SUSPECTED;
        }
        return switch (provenance()) {
            case OWNER -> TrustLevel.OWNER;
            // Only statements of the owner are made into preferences, instructions and profiles.
            case DERIVED -> type.isStanding() ? TrustLevel.OWNER : TrustLevel.DATA;
            case PRINCIPAL, ASSISTANT, SYSTEM, TOOL, DOCUMENT, WEB -> TrustLevel.DATA;
        };
    }

    /** The same version in another state. */
    public MemoryItem withState(ItemState newState) {
        return new MemoryItem(
                cube,
                id,
                version,
                type,
                newState,
                text,
                title,
                origin,
                times,
                tags,
                metadata,
                standing,
                authorship,
                label);
    }

    /** The same version with another end of its time to live, or none. */
    public MemoryItem expiring(Optional<Instant> expiresAt) {
        return new MemoryItem(
                cube,
                id,
                version,
                type,
                state,
                text,
                title,
                origin,
                times.expiring(expiresAt),
                tags,
                metadata,
                standing,
                authorship,
                label);
    }

    /**
     * Returns true if it is past its time to live. A frozen item is locked and does not expire until it is unfrozen.
     */
    public boolean isExpiredAt(Instant instant) {
        return state != ItemState.FROZEN && times.isExpiredAt(instant);
    }

    /**
     * Returns true if it says and means the same as another version: everything but the number of the version and its
     * times of recording.
     */
    public boolean hasSameContent(MemoryItem other) {
        return text.equals(other.text)
                && title.equals(other.title)
                && tags.equals(other.tags)
                && metadata.equals(other.metadata)
                && state == other.state
                && label.equals(other.label)
                && times.validFrom().equals(other.times.validFrom())
                && times.validTo().equals(other.times.validTo())
                && times.expiresAt().equals(other.times.expiresAt());
    }

    /** The first version, recorded at another time. */
    public MemoryItem recordedAt(Instant recorded) {
        ItemTimes newTimes = new ItemTimes(
                times.occurredAt(),
                recorded,
                recorded,
                times.validFrom(),
                times.validTo(),
                times.expiresAt(),
                times.zone());
        return new MemoryItem(
                cube,
                id,
                version,
                type,
                state,
                text,
                title,
                origin,
                newTimes,
                tags,
                metadata,
                standing,
                authorship,
                label);
    }

    /** The next version, with the content, state and validity of another one. */
    public MemoryItem next(MemoryItem content, Instant now) {
        ItemTimes newTimes = new ItemTimes(
                times.occurredAt(),
                times.recordedAt(),
                now,
                content.times.validFrom(),
                content.times.validTo(),
                content.times.expiresAt(),
                times.zone());
        return new MemoryItem(
                cube,
                id,
                version + 1,
                type,
                content.state,
                content.text,
                content.title,
                origin,
                newTimes,
                content.tags,
                content.metadata,
                content.standing,
                content.authorship,
                content.label);
    }

    /** The next version in another state, with another end of its validity. */
    public MemoryItem next(ItemState newState, Optional<Instant> validTo, Instant now) {
        ItemTimes newTimes = new ItemTimes(
                times.occurredAt(),
                times.recordedAt(),
                now,
                times.validFrom(),
                validTo,
                times.expiresAt(),
                times.zone());
        return new MemoryItem(
                cube,
                id,
                version + 1,
                type,
                newState,
                text,
                title,
                origin,
                newTimes,
                tags,
                metadata,
                standing,
                authorship,
                label);
    }
}
