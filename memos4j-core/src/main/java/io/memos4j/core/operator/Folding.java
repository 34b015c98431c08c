package io.memos4j.core.operator;

import io.memos4j.api.ItemId;
import io.memos4j.api.SourceRef;
import io.memos4j.core.lifecycle.Consolidated;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Folds what says the same, so that the answer says it once. */
final class Folding {
    private Folding() {}

    /** Folds items that say the same by the same speaker, and what was made of a message with the message. */
    static List<Found> fold(List<Found> ranked) {
        Map<String, Found> byText = new LinkedHashMap<>();
        Map<ItemId, String> keys = new HashMap<>();
        for (Found found : ranked) {
            if (Consolidated.is(found.item())) {
                byText.put(found.id().toString(), found);
                continue;
            }
            String key =
                    found.item().origin().speaker() + "\n" + normal(found.item().text());
            String same = byText.containsKey(key) ? key : sameAs(found, keys);
            if (same.isEmpty()) {
                byText.put(key, found);
                keys.put(found.id(), key);
                found.item().origin().sources().stream()
                        .filter(source -> source.kind() == SourceRef.Kind.ITEM)
                        .forEach(source -> keys.putIfAbsent(ItemId.parse(source.id()), key));
            } else {
                byText.computeIfPresent(same, (text, first) -> first.folding(found.id()));
            }
        }
        return List.copyOf(byText.values());
    }

    /** The key of the hit that this one was made from, or that was made from this one and says all of it; empty if there is none. */
    private static String sameAs(Found found, Map<ItemId, String> keys) {
        for (var source : found.item().origin().sources()) {
            if (source.kind() == SourceRef.Kind.ITEM && keys.containsKey(ItemId.parse(source.id()))) {
                return keys.getOrDefault(ItemId.parse(source.id()), "");
            }
        }
        String derived = keys.getOrDefault(found.id(), "");
        return derived.length() >= WHOLE_SHARE * found.item().text().length() ? derived : "";
    }

    /** A remark that is this much of its message stands for it. */
    private static final double WHOLE_SHARE = 0.8;

    private static String normal(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[\\s\\p{Punct}]+", " ").strip();
    }
}
