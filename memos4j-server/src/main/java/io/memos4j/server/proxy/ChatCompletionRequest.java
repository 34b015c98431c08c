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
 * A chat completion request as it came, with the places in its bytes where text can be added. It is never written anew:
 * what this class does not know, and how numbers, spaces and escapes are written, reaches the provider as the client
 * sent it.
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
     * One message.
     *
     * @param text of its content, or of the text parts of its content
     * @param end where text can be added to its content; absent if it has none
     */
    record Turn(String role, String text, Optional<InsertionPoint> end) {
        boolean isFrom(String speaker) {
            return role.equals(speaker);
        }

        /** What the client's developer says, not a speaker of the conversation. */
        boolean isInstruction() {
            return isFrom("system") || isFrom("developer");
        }
    }

    /** Where text can be added. */
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
                throw MemoryException.invalid("Something follows the JSON object.");
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

    /** The text of a part that is one; an image or a sound has none. */
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

    /** Bytes in another encoding than UTF-8 have other places, and are refused by providers as well. */
    private int requireByteAt(int offset, char expected) {
        if (offset < 0 || offset >= json.length || json[offset] != expected) {
            throw MemoryException.invalid("The body must be JSON in UTF-8.");
        }
        return offset;
    }

    /** The end user that the client names; empty if it names none. */
    String user() {
        return user;
    }

    List<Turn> turns() {
        return List.copyOf(turns);
    }

    /** The turns up to the last one of the user; empty if the user has not spoken. */
    List<Turn> throughLastUserTurn() {
        for (int i = turns.size() - 1; i >= 0; i--) {
            if (turns.get(i).isFrom("user")) {
                return List.copyOf(turns.subList(0, i + 1));
            }
        }
        return List.of();
    }

    /** Whether the user has spoken last, rather than a tool. */
    boolean endsWithUser() {
        return !turns.isEmpty() && turns.getLast().isFrom("user");
    }

    /** What the user said last. */
    String question() {
        List<Turn> asked = throughLastUserTurn();
        return asked.isEmpty() ? "" : asked.getLast().text();
    }

    /**
     * The bytes to forward.
     *
     * @param profile joins the instructions at the beginning; nothing if empty
     * @param memories join the end of what the user said last; nothing if empty
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
