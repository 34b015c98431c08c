package io.memos4j.server.memos;

import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Document;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryInput;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Role;
import io.memos4j.server.facade.LenientTimeParser;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Parses messages in the forms that MemOS accepts: messages of the OpenAI protocol with text, images and files, items
 * without a role, or plain text. Files must be part of the request; they are never read from the server's disk or the
 * network. Not thread-safe.
 */
final class MemosMessageParser {
    private static final Pattern DATA_URL =
            Pattern.compile("data:([^;,]*)(?:;[^;,]*)*?(;base64)?,(.*)", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    private static final List<String> ROLES = List.of("system", "user", "assistant", "tool");

    private final MemosInputContext context;
    private final boolean named;
    private final List<MemoryInput> inputs = new ArrayList<>();

    /** @param named whether users' messages get their name as speaker, as in a cube that several users share */
    MemosMessageParser(MemosInputContext context, boolean named) {
        this.context = context;
        this.named = named;
    }

    /** Returns the parsed inputs, in order. */
    List<MemoryInput> inputs() {
        return inputs;
    }

    /** Parses a field with messages: a text or a list. */
    MemosMessageParser parse(MemosRequestForm form, String field) {
        if (form.node(field).filter(JsonNode::isString).isPresent()) {
            form.optionalText(field).ifPresent(this::text);
        } else {
            form.forms(field).forEach(this::turn);
        }
        return this;
    }

    void text(String text) {
        if (!text.isBlank()) {
            inputs.add(context.note(text));
        }
    }

    private void turn(MemosRequestForm turn) {
        if (turn.has("role")) {
            message(turn, Role.parse(turn.oneOf("role", "user", ROLES)));
        } else if (turn.has("type")) {
            StringBuilder text = new StringBuilder();
            part(turn, text);
            text(text.toString());
        } else {
            turn.addMissing("role");
        }
    }

    private void message(MemosRequestForm turn, Role role) {
        StringBuilder text = new StringBuilder();
        if (turn.node("content").filter(JsonNode::isArray).isPresent()) {
            turn.forms("content").forEach(part -> part(part, text));
        } else {
            text.append(turn.text("content", ""));
        }
        Optional<OffsetDateTime> time = turn.node(MemosInputContext.CHAT_TIME)
                .flatMap(node -> LenientTimeParser.parse(node, context.zone().orElse(ZoneOffset.UTC)));
        Map<String, Object> metadata = metadata(turn, time);
        if (role == Role.TOOL) {
            tool(text.toString(), turn.text("tool_call_id", ""), metadata);
        } else if (!text.toString().isBlank()) {
            Message message = context.place(Message.of(role, text.toString().strip()))
                    .by(turn.optionalText("name").orElse(role == Role.USER && named ? context.user() : ""))
                    .with(metadata);
            inputs.add(time.map(message::at).orElse(message));
        }
        turn.forms("tool_calls").forEach(call -> call(call, metadata));
    }

    private Map<String, Object> metadata(MemosRequestForm turn, Optional<OffsetDateTime> time) {
        Map<String, Object> metadata = new LinkedHashMap<>(context.metadata());
        turn.optionalText(MemosInputContext.MESSAGE).ifPresent(id -> metadata.put(MemosInputContext.MESSAGE, id));
        turn.node(MemosInputContext.CHAT_TIME)
                .filter(said -> time.isEmpty() && said.isString())
                .ifPresent(unread -> metadata.put(MemosInputContext.CHAT_TIME, unread.stringValue()));
        return metadata;
    }

    private void call(MemosRequestForm call, Map<String, Object> metadata) {
        call.form("function")
                .ifPresent(function -> tool(
                        function.text("name", "") + "(" + function.text("arguments", "") + ")",
                        call.text("id", ""),
                        metadata));
    }

    private void tool(String text, String title, Map<String, Object> metadata) {
        if (!text.isBlank()) {
            Note note = context.note(text).as(ItemType.TOOL).titled(title);
            inputs.add(note.with(metadata));
        }
    }

    /** Parses a part of a message, whose text is appended to {@code text}, or an item of its own. */
    private void part(MemosRequestForm part, StringBuilder text) {
        String type = part.text("type");
        switch (type) {
            case "text" -> append(part.text("text", ""), text);
            case "image_url" -> append(image(part), text);
            case "input_audio" -> append("[audio]", text);
            case "file" -> part.form("file").ifPresentOrElse(this::file, () -> part.addMissing("file"));
            case "tool_description" ->
                tool(content(part, type), "", context.metadataWith(MemosMemoryTypes.TOOL, MemosMemoryTypes.SCHEMA));
            case "tool_input", "tool_output" -> tool(content(part, type), "", context.metadata());
            default -> part.addViolation("unknown type '" + type + "'");
        }
    }

    private static void append(String said, StringBuilder text) {
        text.append(text.isEmpty() ? "" : "\n").append(said);
    }

    /** Returns the content of an item, which is under one of several names. */
    private static String content(MemosRequestForm part, String type) {
        return part.node(type)
                .or(() -> part.node("text"))
                .or(() -> part.node("content"))
                .map(node -> node.isString() ? node.stringValue() : node.toString())
                .orElse("");
    }

    private static String image(MemosRequestForm part) {
        String url = part.form("image_url").map(image -> image.text("url", "")).orElse("");
        return url.isEmpty() || url.startsWith("data:") ? "[image]" : "[image: " + url + "]";
    }

    private void file(MemosRequestForm file) {
        if (file.has("path") || file.has("file_id")) {
            throw filesRejected();
        }
        String data = file.text("file_data", "");
        if (data.startsWith("http://") || data.startsWith("https://")) {
            throw MemoryException.invalid(
                    "This server does not fetch files from the network. Send the file itself as 'file_data', as text"
                            + " or as a data URL.");
        }
        Matcher url = DATA_URL.matcher(data);
        boolean encoded = url.matches();
        String name = file.text("filename", "file");
        Document.Format format = format(encoded ? url.group(1) : "", name);
        byte[] bytes = encoded ? decode(url) : data.getBytes(StandardCharsets.UTF_8);
        inputs.add(new Document(name, format, bytes, Optional.empty(), Set.copyOf(context.tags()), context.metadata()));
    }

    /** Returns the error for a path on the server's disk, which clients must not read. */
    static MemoryException filesRejected() {
        return MemoryException.invalid("This server does not read files from its disk ('doc_path', 'path', 'file_id')."
                + " Send the file itself as {\"type\": \"file\", \"file\": {\"filename\": …, \"file_data\": …}}.");
    }

    private static byte[] decode(Matcher url) {
        try {
            return url.group(2) == null
                    ? URLDecoder.decode(url.group(3), StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8)
                    : Base64.getMimeDecoder().decode(url.group(3));
        } catch (IllegalArgumentException e) {
            throw MemoryException.invalid("'file_data' is not a valid data URL.");
        }
    }

    private static Document.Format format(String mime, String name) {
        return switch (mime.toLowerCase(Locale.ROOT)) {
            case "text/markdown" -> Document.Format.MARKDOWN;
            case "text/html" -> Document.Format.HTML;
            case "application/pdf" -> Document.Format.PDF;
            case "text/csv" -> Document.Format.CSV;
            case "application/json" -> Document.Format.JSON;
            default -> Document.Format.ofName(name).orElse(Document.Format.TEXT);
        };
    }
}
