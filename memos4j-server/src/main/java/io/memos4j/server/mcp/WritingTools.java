package io.memos4j.server.mcp;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import io.memos4j.api.history.ChangeId;
import io.memos4j.api.history.UndoResult;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.Feedback;
import io.memos4j.api.items.FeedbackResult;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryInput;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Role;
import io.memos4j.api.privacy.Sensitivity;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The tools that add, edit and rate memories. */
final class WritingTools {
    private static final List<String> TYPES =
            List.of("note", "fact", "event", "preference", "instruction", "skill", "message");
    private static final List<String> ROLES = List.of("user", "assistant");
    private static final List<String> SENSITIVITIES =
            Arrays.stream(Sensitivity.values()).map(Sensitivity::id).toList();
    private static final ToolInputSchema.IntegerRange VERSION =
            new ToolInputSchema.IntegerRange(1, Integer.MAX_VALUE, ToolInputSchema.IntegerRange.NONE);

    private WritingTools() {}

    static List<McpTool> all() {
        return List.of(
                new McpTool(
                        "add_memory",
                        "Remember something for later conversations: one self-contained statement per call, or one"
                                + " verbatim message.",
                        McpTool.Kind.ADDS,
                        new ToolInputSchema()
                                .text("text", McpToolCall.TEXT, "What to remember, understandable on its own.")
                                .choice("type", TYPES, "The type of memory (default: note).")
                                .choice("role", ROLES, "The speaker's role; messages only.")
                                .text("speaker", McpToolCall.NAME, "The speaker's name; messages only.")
                                .text("title", McpToolCall.NAME, "A short title; not for messages.")
                                .texts("tags", McpToolCall.MOST_TAGS, "Tags; not for messages.")
                                .text("session", McpToolCall.NAME, "The conversation that it belongs to.")
                                .choice("sensitivity", SENSITIVITIES, "How sensitive it is (default: internal).")
                                .timeZone()
                                .cube()
                                .requiring("text"),
                        WritingTools::add),
                new McpTool(
                        "update_memory",
                        "Edit a memory. The previous version stays in the history.",
                        McpTool.Kind.ALTERS,
                        new ToolInputSchema()
                                .text("id", McpToolCall.NAME, "The id of the memory.")
                                .text("text", McpToolCall.TEXT, "The new text.")
                                .text("title", McpToolCall.NAME, "The new title.")
                                .texts("tags", McpToolCall.MOST_TAGS, "The new tags.")
                                .integer("expected_version", VERSION, "Fail if it has changed since this version.")
                                .cube()
                                .requiring("id"),
                        WritingTools::update),
                new McpTool(
                        "undo_change",
                        "Undo a change of the memory, by its id from list_changes.",
                        McpTool.Kind.ALTERS,
                        new ToolInputSchema()
                                .text("change", McpToolCall.NAME, "The id of the change.")
                                .cube()
                                .requiring("change"),
                        WritingTools::undo),
                new McpTool(
                        "give_feedback",
                        "Report whether memories helped, or correct wrong ones.",
                        McpTool.Kind.ALTERS,
                        new ToolInputSchema()
                                .choice("kind", List.of("helpful", "unhelpful", "correction"), "The kind of feedback.")
                                .ids("ids", "The memories that it is about; optional for a correction.")
                                .text("text", McpToolCall.TEXT, "The correct statement; corrections only.")
                                .cube()
                                .requiring("kind"),
                        WritingTools::feedback));
    }

    private static McpToolResult add(McpToolCall call) {
        AddRequest plain = AddRequest.of(List.of(input(call)));
        AddRequest request = call.timeZone().map(plain::inZone).orElse(plain);
        String cube = call.cube();
        call.rejectUnknownArguments();
        AddResult result = call.access().cubeForWriting(cube).add(request);
        AddResult.Added added = result.items().getFirst();
        String outcome = added.outcome().name().toLowerCase(Locale.ROOT);
        String said = switch (added.outcome()) {
            case ADDED -> "Added as " + added.id() + ".";
            case DUPLICATE -> "Already known, as " + added.id() + ".";
            case ECHO -> "Not stored: it only repeats an answer of this memory.";
            case NOT_RECALLED -> "Kept, but not recalled: it is a system prompt or a placeholder.";
            case HEEDED -> forgotten(result.forgotten());
            case WITHHELD -> "Not stored, at the speaker's request.";
        };
        String warned = result.warnings().stream()
                .map(warning -> " " + warning.message())
                .collect(Collectors.joining());
        return McpToolResult.of(
                said + warned, Map.of("cube", cube, "id", added.id().toString(), "outcome", outcome));
    }

    private static String forgotten(List<AddResult.Forgotten> forgotten) {
        return forgotten.stream()
                .findFirst()
                .map(first -> "Forgotten: " + forgotten.size() + " memories are withheld, and erased at "
                        + first.erasedAt() + ". Until then undo_change takes it back.")
                .orElse("Nothing more was forgotten.");
    }

    private static MemoryInput input(McpToolCall call) {
        String text = call.text("text", McpToolCall.TEXT);
        String session = call.optional("session", McpToolCall.NAME).orElse("");
        Sensitivity label = call.optional("sensitivity", McpToolCall.NAME)
                .map(Sensitivity::parse)
                .orElse(Sensitivity.INTERNAL);
        ItemType type =
                call.optional("type", McpToolCall.NAME).map(WritingTools::type).orElse(ItemType.NOTE);
        if (type == ItemType.MESSAGE) {
            return Message.of(role(call.optional("role", McpToolCall.NAME).orElse("user")), text)
                    .by(call.optional("speaker", McpToolCall.NAME).orElse(""))
                    .in(session)
                    .labeled(label);
        }
        return Note.of(text)
                .as(type)
                .titled(call.optional("title", McpToolCall.NAME).orElse(""))
                .tagged(call.texts("tags", McpToolCall.MOST_TAGS).stream()
                        .distinct()
                        .toArray(String[]::new))
                .in(session)
                .labeled(label);
    }

    private static ItemType type(String name) {
        if (!TYPES.contains(name)) {
            throw MemoryException.invalid("Argument 'type' must be one of " + String.join(", ", TYPES) + ".");
        }
        return ItemType.parse(name);
    }

    private static Role role(String name) {
        if (!ROLES.contains(name)) {
            throw MemoryException.invalid("Argument 'role' must be user or assistant.");
        }
        return Role.parse(name);
    }

    private static McpToolResult update(McpToolCall call) {
        ItemId id = ItemId.parse(call.text("id", McpToolCall.NAME));
        Optional<String> text = call.optional("text", McpToolCall.TEXT);
        Optional<String> title = call.optional("title", McpToolCall.NAME);
        Optional<Set<String>> tags = call.arguments().has("tags")
                ? Optional.of(Set.copyOf(call.texts("tags", McpToolCall.MOST_TAGS)))
                : Optional.empty();
        Optional<Integer> expected = call.arguments().has("expected_version")
                ? Optional.of(call.integer("expected_version", VERSION))
                : Optional.empty();
        String cube = call.cube();
        call.rejectUnknownArguments();
        if (text.isEmpty() && title.isEmpty() && tags.isEmpty()) {
            throw MemoryException.invalid("Nothing to change. Give 'text', 'title' or 'tags'.");
        }
        ItemEdit edit = new ItemEdit(
                text,
                title,
                tags,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                expected,
                Optional.empty());
        MemoryItem updated = call.access().cube(cube, Permission.WRITE).update(id, edit);
        Map<String, Object> json = Map.of("cube", cube, "id", id.toString(), "version", updated.version());
        return McpToolResult.of("Memory " + id + " is now at version " + updated.version() + ".", json);
    }

    private static McpToolResult undo(McpToolCall call) {
        ChangeId change = ChangeId.parse(call.text("change", McpToolCall.NAME));
        String cube = call.cube();
        call.rejectUnknownArguments();
        UndoResult result = call.access().cube(cube, Permission.WRITE).undo(change);
        List<String> restored =
                result.restored().stream().map(item -> item.id().toString()).toList();
        Map<String, Object> json = Map.of("cube", cube, "restored", restored, "repeated", result.repeated());
        String said = result.repeated()
                ? "It was undone before. Nothing was changed."
                : "Undone: " + String.join(", ", restored) + ".";
        return McpToolResult.of(said, json);
    }

    private static McpToolResult feedback(McpToolCall call) {
        Feedback feedback = new Feedback(
                kind(call.text("kind", McpToolCall.NAME)),
                call.ids("ids"),
                call.optional("text", McpToolCall.TEXT).orElse(""));
        String name = call.cube();
        call.rejectUnknownArguments();
        MemCube cube = call.access().cube(name, Permission.WRITE);
        FeedbackResult result = cube.feedback(feedback);
        List<String> changed = result.changed().stream().map(ItemId::toString).toList();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cube", name);
        result.stored().ifPresent(id -> json.put("stored", id.toString()));
        json.put("changed", changed);
        json.put("warnings", result.warnings().stream().map(each -> each.code()).toList());
        String said = changed.isEmpty() ? "No memory was changed." : "Changed: " + String.join(", ", changed) + ".";
        return McpToolResult.of(said, json);
    }

    private static Feedback.Kind kind(String name) {
        return switch (name) {
            case "helpful" -> Feedback.Kind.HELPFUL;
            case "unhelpful" -> Feedback.Kind.UNHELPFUL;
            case "correction" -> Feedback.Kind.CORRECTION;
            default -> throw MemoryException.invalid("Argument 'kind' must be helpful, unhelpful or correction.");
        };
    }
}
