package io.memos4j.server.mcp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.TimeZones;
import io.memos4j.server.facade.PromptTokenBudget;
import io.memos4j.server.http.JsonBody;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** A call of a tool. Reads the arguments and enforces their bounds. */
record McpToolCall(McpAccess access, JsonBody arguments) {
    /** The maximum length of a name: a cube, a session, a title, a tag. */
    static final int NAME = 200;

    /** The maximum length of a memory. */
    static final int TEXT = 20_000;

    static final int QUERY = 4_000;
    static final int MOST_IDS = 50;
    static final int MOST_TAGS = 20;
    static final ToolInputSchema.IntegerRange TOKENS = new ToolInputSchema.IntegerRange(100, 8_000, 2_000);

    String cube() {
        return optional("cube", NAME).orElse(access.defaultCube());
    }

    String text(String name, int most) {
        return within(name, most, arguments.text(name));
    }

    Optional<String> optional(String name, int most) {
        return arguments.optionalText(name).map(text -> within(name, most, text));
    }

    /** Returns the time zone of the caller: a name or an offset. */
    Optional<ZoneId> timeZone() {
        return optional("time_zone", NAME).map(text -> TimeZones.parse(text, "Argument 'time_zone'"));
    }

    int integer(String name, ToolInputSchema.IntegerRange range) {
        return arguments.integer(name, range.otherwise(), range.least(), range.most());
    }

    PromptTokenBudget budget() {
        return new PromptTokenBudget(integer("max_tokens", TOKENS));
    }

    List<String> texts(String name, int most) {
        List<String> texts = arguments.texts(name);
        if (texts.size() > most) {
            throw tooLarge(name, texts.size() + " elements", most);
        }
        texts.forEach(text -> within(name, NAME, text));
        return texts;
    }

    List<ItemId> ids(String name) {
        return texts(name, MOST_IDS).stream().map(ItemId::parse).distinct().toList();
    }

    /** Rejects unknown arguments. Must be called before the call takes effect. */
    void rejectUnknownArguments() {
        arguments.rejectUnknownFields();
    }

    private static String within(String name, int most, String text) {
        if (text.length() > most) {
            throw tooLarge(name, text.length() + " characters", most);
        }
        return text;
    }

    private static MemoryException tooLarge(String name, String size, int most) {
        return new MemoryException(
                ErrorCode.TOO_LARGE, "Argument '" + name + "' has " + size + ", at most " + most + " are allowed.");
    }
}
