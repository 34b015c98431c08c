package io.memos4j.api.items;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.api.privacy.SensitivityLabel;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A change to an item; what is absent stays as it is. {@code ItemEdit.text("Alice lives in Lyon").expecting(3)}.
 *
 * @param expiresAt from when on the item is not recalled any more; {@link #NEVER} takes its expiry away
 * @param expectedVersion refuse with {@link ErrorCode#VERSION_CONFLICT} unless this is the current version
 */
public record ItemEdit(
        Optional<String> text,
        Optional<String> title,
        Optional<Set<String>> tags,
        Optional<Map<String, Object>> metadata,
        Optional<ItemState> state,
        Optional<Instant> validTo,
        Optional<Instant> expiresAt,
        Optional<Integer> expectedVersion,
        Optional<Sensitivity> sensitivity) {

    /** Stands for no expiry. */
    public static final Instant NEVER = Instant.MAX;

    public static final ItemEdit NOTHING = new ItemEdit(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public ItemEdit {
        tags = tags.map(Set::copyOf);
        metadata = metadata.map(ItemMetadata::copyOf);
    }

    public static ItemEdit text(String text) {
        return NOTHING.with(Optional.of(text));
    }

    private ItemEdit with(Optional<String> newText) {
        return new ItemEdit(newText, title, tags, metadata, state, validTo, expiresAt, expectedVersion, sensitivity);
    }

    public ItemEdit title(String newTitle) {
        return new ItemEdit(
                text, Optional.of(newTitle), tags, metadata, state, validTo, expiresAt, expectedVersion, sensitivity);
    }

    public ItemEdit tags(Set<String> newTags) {
        return new ItemEdit(
                text, title, Optional.of(newTags), metadata, state, validTo, expiresAt, expectedVersion, sensitivity);
    }

    public ItemEdit metadata(Map<String, ?> newMetadata) {
        Optional<Map<String, Object>> copied = Optional.of(ItemMetadata.copyOf(newMetadata));
        return new ItemEdit(text, title, tags, copied, state, validTo, expiresAt, expectedVersion, sensitivity);
    }

    public ItemEdit state(ItemState newState) {
        return new ItemEdit(
                text, title, tags, metadata, Optional.of(newState), validTo, expiresAt, expectedVersion, sensitivity);
    }

    public ItemEdit validTo(Instant newValidTo) {
        return new ItemEdit(
                text, title, tags, metadata, state, Optional.of(newValidTo), expiresAt, expectedVersion, sensitivity);
    }

    /** Sets when the item's time to live ends. */
    public ItemEdit expiresAt(Instant newExpiry) {
        return new ItemEdit(
                text, title, tags, metadata, state, validTo, Optional.of(newExpiry), expectedVersion, sensitivity);
    }

    /** Takes the item's time to live away: it does not expire. */
    public ItemEdit neverExpiring() {
        return expiresAt(NEVER);
    }

    /**
     * Labels the item. The caller decides: a label below that of secrets found in the text shows them to every reader
     * of the label, until the text changes.
     */
    public ItemEdit sensitivity(Sensitivity newSensitivity) {
        return new ItemEdit(
                text, title, tags, metadata, state, validTo, expiresAt, expectedVersion, Optional.of(newSensitivity));
    }

    public ItemEdit expecting(int version) {
        return new ItemEdit(text, title, tags, metadata, state, validTo, expiresAt, Optional.of(version), sensitivity);
    }

    /**
     * The next version of an item under this edit, stored at {@code now}. Another text makes no standing statement
     * until the engine has read it.
     */
    public MemoryItem applyTo(MemoryItem item, Instant now) {
        ItemTimes times = item.times();
        return new MemoryItem(
                item.cube(),
                item.id(),
                item.version() + 1,
                item.type(),
                state.orElse(item.state()),
                text.orElse(item.text()),
                title.orElse(item.title()),
                item.origin(),
                new ItemTimes(
                        times.occurredAt(),
                        times.recordedAt(),
                        now,
                        times.validFrom(),
                        validTo.isPresent() ? validTo : times.validTo(),
                        expiresAt.isPresent() ? ends() : times.expiresAt(),
                        times.zone()),
                tags.orElse(item.tags()),
                metadata.orElse(item.metadata()),
                text.orElse(item.text()).equals(item.text()) ? item.standing() : Set.of(),
                item.authorship(),
                sensitivity.map(SensitivityLabel::of).orElse(item.label()));
    }

    private Optional<Instant> ends() {
        return expiresAt.filter(at -> !at.equals(NEVER)).map(at -> at.truncatedTo(ChronoUnit.MILLIS));
    }
}
