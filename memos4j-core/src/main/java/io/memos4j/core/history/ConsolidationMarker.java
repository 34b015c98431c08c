package io.memos4j.core.history;

import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import java.util.List;

/**
 * Marks the memories that consolidation keeps up to date, summaries and profiles, by a key of their metadata that names
 * their rank.
 */
public final class ConsolidationMarker {
    /** The key of the metadata. */
    public static final String KEY = "consolidated";

    /** The rank of a summary of one session. */
    public static final String SESSION = "session";

    /** The rank of a summary of the whole cube. */
    public static final String CUBE = "cube";

    /** The rank of the profile of a person. */
    public static final String PROFILE = "profile";

    /** Every memory but these: they repeat what others say, so a search finds them only if it asks for their type. */
    public static final Filter NOT_CONSOLIDATED = Filter.not(Filter.exists(Filter.METADATA + KEY));

    /** The recalled memories without these. */
    public static final Filter RECALLED_ORIGINALS = Filter.and(Filter.RECALLED, NOT_CONSOLIDATED);

    private ConsolidationMarker() {}

    /** The memories that a search with this filter may find. */
    public static Filter visibleTo(Filter asked) {
        return namesType(asked) ? Filter.ALL : NOT_CONSOLIDATED;
    }

    /** Tells whether an item is kept up to date by consolidation. */
    public static boolean isConsolidated(MemoryItem item) {
        return item.metadata().containsKey(KEY);
    }

    /** Tells whether a filter asks for summaries or profiles by their type, or for single items. */
    private static boolean namesType(Filter asked) {
        return switch (asked) {
            case Filter.And(List<Filter> parts) -> parts.stream().anyMatch(ConsolidationMarker::namesType);
            case Filter.Or(List<Filter> parts) -> parts.stream().anyMatch(ConsolidationMarker::namesType);
            case Filter.Not ignored -> false;
            case Filter.Compare(String field, var operator, Object value) -> names(field, List.of(value));
            case Filter.In(String field, List<Object> values) -> names(field, values);
            case Filter.Exists(String field) -> field.equals(Filter.METADATA + KEY);
        };
    }

    private static boolean names(String field, List<Object> values) {
        return switch (field) {
            case "type" -> values.contains(ItemType.SUMMARY.id()) || values.contains(ItemType.PROFILE.id());
            case "id" -> true;
            default -> field.equals(Filter.METADATA + KEY);
        };
    }
}
