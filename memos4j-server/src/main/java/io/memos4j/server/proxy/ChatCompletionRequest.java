package io.memos4j.server.proxy;

import io.memos4j.api.MemoryException;
import io.memos4j.server.http.BoundedJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * A chat completion request as received, with the offsets in its bytes at which text can be inserted. It is never
 * re-serialized: unknown fields and the notation of numbers, spaces and escapes reach the provider exactly as the
 * client sent them.
 */
final class ChatCompletionRequest {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final byte[] json;
    private final List<Turn> turns = new ArrayList<>();
    private String user = "";
    private int messages = -1;

    /**
     * A message of the request.
     *
     * @param text its content, or the text parts of its content
     * @param end the point at which text can be appended to its content; empty if it has none
     */
    record Turn(String role, String text, Optional<InsertionPoint> end) {
        boolean isFrom(String speaker) {
            return role.equals(speaker);
        }

        /** Returns whether this is an instruction of the client's developer rather than part of the conversation. */
        boolean isInstruction() {
            return isFrom("system") || isFrom("developer");
        }
    }

    /** A point at which text can be inserted. */
    private record InsertionPoint(int offset, Kind kind) {
        private enum Kind {
            IN_STRING,
            AFTER_PART,
            FIRST_PART
        }

        String render(String text) {
            String quoted = BoundedJson.text("\n\n" + text);
            return switch (kind) {
                case IN_STRING -> quoted.substring(1, quoted.length() - 1);
                case AFTER_PART -> "," + part(text);
                case FIRST_PART -> part(text);
            };
        }

        private static String part(String text) {
            return "{\"type\":\"text\",\"text\":" + BoundedJson.text(text) + "}";
        }
    }

    private record Insertion(int offset, String text) {}

    private ChatCompletionRequest(byte[] json) {
        this.json = json;
    }

    static ChatCompletionRequest parse(byte[] json) {
        ChatCompletionRequest request = new ChatCompletionRequest(json);
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw MemoryException.invalid("The body must be a JSON object.");
            }
            request.read(parser);
            if (parser.nextToken() != null) {
                throw MemoryException.invalid("The body has content after the JSON object.");
            }
        } catch (JacksonException e) {
            throw MemoryException.invalid("The body is not JSON: " + e.getOriginalMessage());
        }
        return request;
    }

    private void read(JsonParser parser) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("user") && value == JsonToken.VALUE_STRING) {
                user = parser.getString();
            } else if (name.equals("messages") && value == JsonToken.START_ARRAY) {
                messages = offset(parser, '[') + 1;
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    turn(parser).ifPresent(turns::add);
                }
            } else {
                parser.skipChildren();
            }
        }
    }

    private Optional<Turn> turn(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return Optional.empty();
        }
        String role = "";
        StringBuilder text = new StringBuilder();
        Optional<InsertionPoint> end = Optional.empty();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("role") && value == JsonToken.VALUE_STRING) {
                role = parser.getString();
            } else if (name.equals("content")) {
                end = content(parser, text);
            } else {
                parser.skipChildren();
            }
        }
        return Optional.of(new Turn(role, text.toString(), end));
    }

    private Optional<InsertionPoint> content(JsonParser parser, StringBuilder text) {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            text.append(parser.getString());
            parser.finishToken();
            int end = (int) parser.currentLocation().getByteOffset() - 1;
            return Optional.of(new InsertionPoint(requireByteAt(end, '"'), InsertionPoint.Kind.IN_STRING));
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return Optional.empty();
        }
        InsertionPoint.Kind kind = InsertionPoint.Kind.FIRST_PART;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            kind = InsertionPoint.Kind.AFTER_PART;
            part(parser)
                    .filter(part -> !part.isEmpty())
                    .ifPresent(part -> text.append(text.isEmpty() ? "" : "\n").append(part));
        }
        return Optional.of(new InsertionPoint(offset(parser, ']'), kind));
    }

    /** Reads the text of a part; empty for images and audio. */
    private static Optional<String> part(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return Optional.empty();
        }
        Optional<String> text = Optional.empty();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            if (parser.nextToken() == JsonToken.VALUE_STRING && name.equals("text")) {
                text = Optional.of(parser.getString());
            } else {
                parser.skipChildren();
            }
        }
        return text;
    }

    private int offset(JsonParser parser, char expected) {
        return requireByteAt((int) parser.currentTokenLocation().getByteOffset(), expected);
    }

    /** Detects encodings other than UTF-8, whose offsets differ; providers reject them too. */
    private int requireByteAt(int offset, char expected) {
        if (offset < 0 || offset >= json.length || json[offset] != expected) {
            throw MemoryException.invalid("The body must be JSON in UTF-8.");
        }
        return offset;
    }

    /** Returns the end user that the client names; empty if it names none. */
    String user() {
        return user;
    }

    List<Turn> turns() {
        return List.copyOf(turns);
    }

    /** Returns the messages through the user's last one; empty if there is none. */
    List<Turn> throughLastUserTurn() {
        for (int i = turns.size() - 1; i >= 0; i--) {
            if (turns.get(i).isFrom("user")) {
                return List.copyOf(turns.subList(0, i + 1));
            }
        }
        return List.of();
    }

    /** Returns whether the last message is the user's rather than a tool's. */
    boolean endsWithUser() {
        return !turns.isEmpty() && turns.getLast().isFrom("user");
    }

    /** Returns the user's last message. */
    String question() {
        List<Turn> asked = throughLastUserTurn();
        return asked.isEmpty() ? "" : asked.getLast().text();
    }

    /**
     * Returns the bytes to forward.
     *
     * @param profile inserted after the leading instructions unless empty
     * @param memories appended to the user's last message unless empty
     */
    byte[] withContext(String profile, String memories) {
        List<Insertion> additions = new ArrayList<>();
        if (!profile.isEmpty() && !turns.isEmpty()) {
            additions.add(profileInsertion(profile));
        }
        if (!memories.isEmpty()) {
            throughLastUserTurn().stream()
                    .reduce((first, second) -> second)
                    .flatMap(Turn::end)
                    .ifPresent(place -> {
                        additions.add(new Insertion(place.offset(), place.render(memories)));
                    });
        }
        return splice(additions);
    }

    private Insertion profileInsertion(String profile) {
        Optional<InsertionPoint> instructions = turns.stream()
                .takeWhile(Turn::isInstruction)
                .flatMap(turn -> turn.end().stream())
                .reduce((first, second) -> second);
        return instructions
                .map(place -> new Insertion(place.offset(), place.render(profile)))
                .orElseGet(() -> new Insertion(
                        messages, "{\"role\":\"system\",\"content\":" + BoundedJson.text(profile) + "},"));
    }

    private byte[] splice(List<Insertion> additions) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(json.length + 4_096);
        int from = 0;
        for (Insertion addition : additions) {
            bytes.write(json, from, addition.offset - from);
            bytes.writeBytes(addition.text.getBytes(StandardCharsets.UTF_8));
            from = addition.offset;
        }
        bytes.write(json, from, json.length - from);
        return bytes.toByteArray();
    }
}
