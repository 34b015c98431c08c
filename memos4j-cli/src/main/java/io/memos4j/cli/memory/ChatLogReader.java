package io.memos4j.cli.memory;

import io.memos4j.api.MemoryException;
import io.memos4j.api.TimeZones;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Role;
import io.memos4j.cli.output.TimeFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a chat log in JSON Lines. A line is a message,
 * {@code {"role","speaker","session","time","time_zone","text","metadata"}} (also with {@code content} and
 * {@code timestamp}), or a conversation, {@code {"messages":[…]}}, whose session, time and zone apply to its messages.
 * The offset of a time is the zone of its message if that names none.
 */
public final class ChatLogReader {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private ChatLogReader() {}

    /** A line of the log: its messages, or the problem with it. */
    public record Line(int number, List<Message> messages, Optional<String> problem) {}

    /** Receives the lines of a log in order. */
    public interface LineConsumer {
        void accept(Line line);
    }

    /** Returns true if a file looks like a chat log rather than like other JSON. */
    static boolean isChatLog(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(".jsonl") && !name.endsWith(".ndjson")) {
            return false;
        }
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            String first = Optional.ofNullable(reader.readLine()).orElse("");
            return first.contains("\"role\"") || first.contains("\"messages\"") || first.contains("\"speaker\"");
        } catch (IOException e) {
            return false;
        }
    }

    public static void read(Path file, LineConsumer consumer) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int number = 0;
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                number++;
                if (!text.isBlank()) {
                    consumer.accept(line(number, text));
                }
            }
        } catch (MalformedInputException e) {
            throw MemoryException.invalid(file + " is not UTF-8. Convert it, for example with iconv.");
        }
    }

    private static Line line(int number, String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            if (!node.isObject()) {
                return new Line(number, List.of(), Optional.of("not a JSON object"));
            }
            List<Message> messages = new ArrayList<>();
            if (node.path("messages").isArray()) {
                node.path("messages").forEach(each -> messages.add(message(each, node)));
            } else {
                messages.add(message(node, node));
            }
            return new Line(number, messages, Optional.empty());
        } catch (JacksonException e) {
            return new Line(number, List.of(), Optional.of("not JSON: " + e.getOriginalMessage()));
        } catch (MemoryException e) {
            return new Line(number, List.of(), Optional.of(e.getMessage()));
        }
    }

    private static Message message(JsonNode node, JsonNode conversation) {
        String text = first(node, "text", "content");
        if (text.isBlank()) {
            throw MemoryException.invalid("a message without \"text\"");
        }
        String role = first(node, "role");
        Message message = Message.of(role.isEmpty() ? Role.USER : Role.parse(role), text)
                .by(first(node, "speaker", "name"))
                .in(firstOfBoth(node, conversation, "session", "session_id", "conversation_id"))
                .with(metadata(node.path("metadata")));
        String time = firstOfBoth(node, conversation, "time", "timestamp", "chat_time", "created_at");
        Message timed = time.isEmpty() ? message : message.at(time(time));
        String zone = firstOfBoth(node, conversation, "time_zone");
        return zone.isEmpty() ? timed : timed.inZone(TimeZones.parse(zone, "\"time_zone\""));
    }

    private static Map<String, Object> metadata(JsonNode node) {
        return node.isObject() ? MAPPER.convertValue(node, OBJECT) : new LinkedHashMap<>();
    }

    /** Parses a time; a number is seconds since 1970, or milliseconds if it is large enough. */
    private static OffsetDateTime time(String time) {
        if (time.matches("\\d{9,13}(\\.\\d+)?")) {
            double number = Double.parseDouble(time);
            return Instant.ofEpochMilli(Math.round(number > 1e11 ? number : number * 1_000))
                    .atOffset(ZoneOffset.UTC);
        }
        return TimeFormat.parseWithOffset(time);
    }

    private static String firstOfBoth(JsonNode node, JsonNode conversation, String... names) {
        String own = first(node, names);
        return own.isEmpty() ? first(conversation, names) : own;
    }

    private static String first(JsonNode node, String... names) {
        for (String name : names) {
            JsonNode value = node.path(name);
            if (value.isString() || value.isNumber()) {
                return value.asString();
            }
        }
        return "";
    }
}
