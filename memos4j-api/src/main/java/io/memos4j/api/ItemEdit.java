package io.memos4j.api;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A change to an item; what is absent stays as it is. {@code ItemEdit.text("Alice lives in Lyon").expecting(3)}.
 *
 * @param expectedVersion refuse with {@link ErrorCode#VERSION_CONFLICT} unless this is the current version
 */
public record ItemEdit(
        Optional<String> text,
        Optional<String> title,
        Optional<Set<String>> tags,
        Optional<Map<String, Object>> metadata,
        Optional<ItemState> state,
        Optional<Instant> validTo,
        Optional<Integer> expectedVersion) {

    public static final ItemEdit NOTHING = new ItemEdit(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public static ItemEdit text(String text) {
        return new ItemEdit(
                Optional.of(text),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public ItemEdit title(String newTitle) {
        return new ItemEdit(text, Optional.of(newTitle), tags, metadata, state, validTo, expectedVersion);
    }

    public ItemEdit tags(Set<String> newTags) {
        return new ItemEdit(text, title, Optional.of(Set.copyOf(newTags)), metadata, state, validTo, expectedVersion);
    }

    public ItemEdit metadata(Map<String, ?> newMetadata) {
        return new ItemEdit(
                text, title, tags, Optional.of(Metadata.copyOf(newMetadata)), state, validTo, expectedVersion);
    }

    public ItemEdit state(ItemState newState) {
        return new ItemEdit(text, title, tags, metadata, Optional.of(newState), validTo, expectedVersion);
    }

    public ItemEdit validTo(Instant newValidTo) {
        return new ItemEdit(text, title, tags, metadata, state, Optional.of(newValidTo), expectedVersion);
    }

    public ItemEdit expecting(int version) {
        return new ItemEdit(text, title, tags, metadata, state, validTo, Optional.of(version));
    }

    /** The next version of an item under this edit, stored at {@code now}. */
    public MemoryItem applyTo(MemoryItem item, Instant now) {
        Times times = item.times();
        return new MemoryItem(
                item.cube(),
                item.id(),
                item.version() + 1,
                item.type(),
                state.orElse(item.state()),
                text.orElse(item.text()),
                title.orElse(item.title()),
                item.origin(),
                new Times(
                        times.occurredAt(),
                        times.recordedAt(),
                        now,
                        times.validFrom(),
                        validTo.isPresent() ? validTo : times.validTo(),
                        times.expiresAt()),
                tags.orElse(item.tags()),
                metadata.orElse(item.metadata()));
    }
}
