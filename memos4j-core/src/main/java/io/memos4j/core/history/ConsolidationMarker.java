package io.memos4j.core.history;

import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import java.util.List;

/**
 * What tells the memories that consolidation keeps up to date, summaries and profiles, from all others: a key of their
 * metadata that names their rank.
 */
public final class ConsolidationMarker {
    /** The key of the metadata. */
    public static final String KEY = "consolidated";

    /** The ranks: the summary of a session, that of a cube, the profile of a person. */
    public static final String SESSION = "session";

    public static final String CUBE = "cube";
    public static final String PROFILE = "profile";

    /**
     * Every memory but these. They repeat what others say, so a search does not see them unless it asks for their type.
     */
    public static final Filter NOT_CONSOLIDATED = Filter.not(Filter.exists(Filter.METADATA + KEY));

    /** What is recalled, these aside. */
    public static final Filter RECALLED_ORIGINALS =
            Filter.and(Filter.in("state", List.of(ItemState.ACTIVATED.id(), ItemState.FROZEN.id())), NOT_CONSOLIDATED);

    private ConsolidationMarker() {}

    /** What a search with this filter may see of all memories. */
    public static Filter visibleTo(Filter asked) {
        return namesType(asked) ? Filter.ALL : NOT_CONSOLIDATED;
    }

    /** Whether it is kept up to date by consolidation. */
    public static boolean isConsolidated(MemoryItem item) {
        return item.metadata().containsKey(KEY);
    }

    /** Whether a filter asks for summaries or profiles by their type, or for single items. */
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
