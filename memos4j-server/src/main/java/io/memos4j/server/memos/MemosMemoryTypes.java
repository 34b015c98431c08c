package io.memos4j.server.memos;

import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.core.language.StandingMemory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Maps between MemOS's memory types and this engine's item types. */
final class MemosMemoryTypes {
    /** The metadata key that distinguishes a tool's schema from its use. */
    static final String TOOL = "tool";

    static final String SCHEMA = "schema";
    static final String ALL = "All";

    private static final Filter USER = Filter.or(
            types(ItemType.FACT, ItemType.PROFILE),
            Filter.and(Filter.type(ItemType.MESSAGE), Filter.eq("role", Role.USER.id())));
    private static final Filter NOTHING = Filter.or();

    private MemosMemoryTypes() {}

    /** The lists of a response. */
    enum Bucket {
        TEXT,
        PREF,
        TOOL,
        SKILL;

        /** Returns the name of the list. */
        String field() {
            return name().toLowerCase(Locale.ROOT) + "_mem";
        }

        /** Returns the filter for the memories in the list. */
        Filter filter() {
            return switch (this) {
                case TEXT ->
                    Filter.not(types(ItemType.PREFERENCE, ItemType.INSTRUCTION, ItemType.TOOL, ItemType.SKILL));
                case PREF -> types(ItemType.PREFERENCE, ItemType.INSTRUCTION);
                case TOOL -> types(ItemType.TOOL);
                case SKILL -> types(ItemType.SKILL);
            };
        }

        static Bucket of(MemoryItem item) {
            return switch (StandingMemory.typeOf(item)) {
                case PREFERENCE, INSTRUCTION -> PREF;
                case TOOL -> TOOL;
                case SKILL -> SKILL;
                case MESSAGE, NOTE, DOCUMENT, FACT, EVENT, PROFILE, SUMMARY -> TEXT;
            };
        }
    }

    private static Filter types(ItemType... types) {
        return Filter.in("type", Arrays.stream(types).map(ItemType::id).toList());
    }

    /** Returns the {@code memory_type} of an item. */
    static String of(MemoryItem item) {
        return switch (item.type()) {
            case MESSAGE -> item.origin().role() == Role.USER ? "UserMemory" : "LongTermMemory";
            case FACT, PROFILE -> "UserMemory";
            case NOTE, EVENT, SUMMARY -> "LongTermMemory";
            case DOCUMENT -> "RawFileMemory";
            case TOOL -> SCHEMA.equals(item.metadata().get(TOOL)) ? "ToolSchemaMemory" : "ToolTrajectoryMemory";
            case SKILL -> "SkillMemory";
            case PREFERENCE, INSTRUCTION -> "PreferenceMemory";
        };
    }

    /** Returns the filter for the items of a {@code memory_type}. */
    static Filter filter(String memoryType) {
        Filter schema = Filter.metadata(TOOL, SCHEMA);
        return switch (memoryType) {
            case ALL -> Filter.ALL;
            case "UserMemory" -> USER;
            case "LongTermMemory" ->
                Filter.and(types(ItemType.MESSAGE, ItemType.NOTE, ItemType.EVENT, ItemType.SUMMARY), Filter.not(USER));
            case "RawFileMemory" -> types(ItemType.DOCUMENT);
            case "AllSummaryMemory" -> types(ItemType.SUMMARY);
            case "ToolSchemaMemory" -> Filter.and(types(ItemType.TOOL), schema);
            case "ToolTrajectoryMemory" -> Filter.and(types(ItemType.TOOL), Filter.not(schema));
            case "SkillMemory" -> types(ItemType.SKILL);
            case "PreferenceMemory" -> Bucket.PREF.filter();
            // Nothing is fetched from the web, and a session's working memory consists of the same memories.
            case "OuterMemory", "WorkingMemory" -> NOTHING;
            default ->
                throw MemoryException.invalid(
                        "Unknown memory type '" + memoryType + "'. Use one of " + String.join(", ", NAMES) + ".");
        };
    }

    static final List<String> NAMES = List.of(
            ALL,
            "WorkingMemory",
            "LongTermMemory",
            "UserMemory",
            "OuterMemory",
            "ToolSchemaMemory",
            "ToolTrajectoryMemory",
            "RawFileMemory",
            "AllSummaryMemory",
            "SkillMemory",
            "PreferenceMemory");
}
