package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.SourceReference;
import io.memos4j.core.history.ConsolidationMarker;
import io.memos4j.core.language.TextEquality;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Merges hits that say the same, so that a result says it once: equal texts of one speaker, and a message with a memory
 * that was derived from it and keeps its numbers, symbols and identifiers.
 */
final class Deduplicator {
    /** The least share of a message that a memory derived from it must repeat to stand for it. */
    private static final double WHOLE_SHARE = 0.8;

    private final Map<String, RankedItem> byText = new LinkedHashMap<>();
    private final Map<ItemId, String> keys = new HashMap<>();
    private final Map<ItemId, String> derived = new HashMap<>();

    private Deduplicator() {}

    static List<RankedItem> deduplicate(List<RankedItem> ranked) {
        Deduplicator merged = new Deduplicator();
        ranked.forEach(merged::add);
        return List.copyOf(merged.byText.values());
    }

    private void add(RankedItem found) {
        if (ConsolidationMarker.isConsolidated(found.item())) {
            byText.put(found.id().toString(), found);
            return;
        }
        String key = key(found.item());
        Optional<String> same = byText.containsKey(key)
                ? Optional.of(key)
                : sourceKey(found.item()).or(() -> derivedKey(found.item()));
        if (same.isPresent()) {
            byText.computeIfPresent(same.get(), (text, first) -> first.withDuplicate(found.id()));
            return;
        }
        byText.put(key, found);
        keys.put(found.id(), key);
        sources(found.item()).forEach(source -> derived.putIfAbsent(source, key));
    }

    /** The key of the speaker's text, which a hit that is only nearly equal does not share. */
    private String key(MemoryItem item) {
        String key = item.origin().speaker() + "\n" + TextEquality.key(item.text());
        while (byText.containsKey(key)
                && !itemAt(key)
                        .filter(other -> TextEquality.areEqual(item.text(), other.text()))
                        .isPresent()) {
            key += "\n";
        }
        return key;
    }

    /** The key of a message that this memory was derived from and repeats. */
    private Optional<String> sourceKey(MemoryItem item) {
        return sources(item)
                .flatMap(source -> Optional.ofNullable(keys.get(source)).stream())
                .filter(key -> itemAt(key)
                        .filter(message -> TextEquality.keepsExactParts(item.text(), message.text()))
                        .isPresent())
                .findFirst();
    }

    /** The key of a memory that was derived from this message and says all of it. */
    private Optional<String> derivedKey(MemoryItem item) {
        return Optional.ofNullable(derived.get(item.id()))
                .filter(key -> key.length() >= WHOLE_SHARE * item.text().length())
                .filter(key -> itemAt(key)
                        .filter(memory -> TextEquality.keepsExactParts(memory.text(), item.text())
                                && TextEquality.keepsExactParts(item.text(), memory.text()))
                        .isPresent());
    }

    private Optional<MemoryItem> itemAt(String key) {
        return Optional.ofNullable(byText.get(key)).map(RankedItem::item);
    }

    private static Stream<ItemId> sources(MemoryItem item) {
        return item.origin().sources().stream()
                .filter(source -> source.kind() == SourceReference.Kind.ITEM)
                .map(source -> ItemId.parse(source.id()));
    }
}
