package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.SourceReference;
import io.memos4j.core.history.ConsolidationMarker;
import io.memos4j.core.language.TextNormalizer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Merges hits that say the same, so that a result says it once. */
final class Deduplicator {
    /** The least share of a message that a memory derived from it must repeat to stand for it. */
    private static final double WHOLE_SHARE = 0.8;

    private Deduplicator() {}

    /** Merges equal texts of one speaker, and a message with the memories that were derived from it. */
    static List<RankedItem> deduplicate(List<RankedItem> ranked) {
        Map<String, RankedItem> byText = new LinkedHashMap<>();
        Map<ItemId, String> keys = new HashMap<>();
        for (RankedItem found : ranked) {
            if (ConsolidationMarker.isConsolidated(found.item())) {
                byText.put(found.id().toString(), found);
                continue;
            }
            String key = found.item().origin().speaker() + "\n"
                    + TextNormalizer.withoutPunctuation(found.item().text());
            String same = byText.containsKey(key) ? key : findDuplicateKey(found, keys);
            if (same.isEmpty()) {
                byText.put(key, found);
                keys.put(found.id(), key);
                found.item().origin().sources().stream()
                        .filter(source -> source.kind() == SourceReference.Kind.ITEM)
                        .forEach(source -> keys.putIfAbsent(ItemId.parse(source.id()), key));
            } else {
                byText.computeIfPresent(same, (text, first) -> first.withDuplicate(found.id()));
            }
        }
        return List.copyOf(byText.values());
    }

    /**
     * The key of the hit that this one was derived from, or that was derived from this one and repeats it; empty if
     * there is none.
     */
    private static String findDuplicateKey(RankedItem found, Map<ItemId, String> keys) {
        for (var source : found.item().origin().sources()) {
            if (source.kind() == SourceReference.Kind.ITEM && keys.containsKey(ItemId.parse(source.id()))) {
                return keys.getOrDefault(ItemId.parse(source.id()), "");
            }
        }
        String derived = keys.getOrDefault(found.id(), "");
        return derived.length() >= WHOLE_SHARE * found.item().text().length() ? derived : "";
    }
}
