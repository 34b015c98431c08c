package io.memos4j.testkit;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.items.ItemOrigin;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemTimes;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.api.items.SourceReference;
import io.memos4j.spi.index.Passage;
import io.memos4j.spi.items.StoredItem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Sample items. Number n occurs n minutes after the epoch of the samples and has an id that ends with n. */
public final class SampleItems {
    public static final CubeId CUBE = CubeId.of("sample");
    public static final Instant EPOCH = Instant.parse("2025-03-01T00:00:00Z");

    private SampleItems() {}

    public static ItemId id(long number) {
        return new ItemId(new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L | number));
    }

    public static Instant time(long number) {
        return EPOCH.plus(Duration.ofMinutes(number));
    }

    /** A message of a user. */
    public static MemoryItem message(long number, String text) {
        return item(number, text, new ItemOrigin("session-1", Role.USER, "Alice", List.of()), Set.of(), Map.of());
    }

    public static MemoryItem item(
            long number, String text, ItemOrigin origin, Set<String> tags, Map<String, Object> metadata) {
        ItemType type = origin.role() == Role.NONE ? ItemType.NOTE : ItemType.MESSAGE;
        return new MemoryItem(
                CUBE,
                id(number),
                1,
                type,
                ItemState.ACTIVATED,
                text,
                "",
                origin,
                ItemTimes.recorded(time(number), time(number)),
                tags,
                metadata);
    }

    /** An item made from another. */
    public static MemoryItem derived(long number, String text, ItemId source) {
        return item(
                number,
                text,
                new ItemOrigin("", Role.NONE, "", List.of(SourceReference.item(source))),
                Set.of(),
                Map.of());
    }

    /** The next version with another text. */
    public static MemoryItem revised(MemoryItem item, String text) {
        return new MemoryItem(
                item.cube(),
                item.id(),
                item.version() + 1,
                item.type(),
                item.state(),
                text,
                item.title(),
                item.origin(),
                new ItemTimes(
                        item.times().occurredAt(),
                        item.times().recordedAt(),
                        item.times().updatedAt().plusSeconds(60),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        item.times().zone()),
                item.tags(),
                item.metadata());
    }

    /** Returns the item to store, as one passage. */
    public static StoredItem stored(MemoryItem item) {
        return new StoredItem(
                item,
                List.of(new Passage(0, 0, item.text().length())),
                "print-" + item.text(),
                Optional.empty(),
                "add");
    }
}
