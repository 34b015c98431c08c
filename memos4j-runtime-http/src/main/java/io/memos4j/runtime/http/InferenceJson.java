package io.memos4j.runtime.http;

import io.memos4j.spi.ChatTurn;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Builds and reads the JSON of inference servers. */
final class InferenceJson {
    static final JsonMapper MAPPER = JsonMapper.builder().build();

    private InferenceJson() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode tokens(int[] tokens) {
        ArrayNode array = MAPPER.createArrayNode();
        for (int token : tokens) {
            array.add(token);
        }
        return array;
    }

    /** The token ids of an array; none if the node is not an array. */
    static int[] tokens(JsonNode array) {
        return array.valueStream().mapToInt(JsonNode::asInt).toArray();
    }

    /** Concatenates two sequences of tokens. */
    static int[] concatenate(int[] first, int[] second) {
        int[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** Writes a conversation in the form that all servers accept. */
    static ArrayNode messages(List<ChatTurn> turns) {
        ArrayNode messages = MAPPER.createArrayNode();
        turns.forEach(turn -> messages.addObject().put("role", turn.role().id()).put("content", turn.text()));
        return messages;
    }

    static String text(JsonNode object, String field) {
        return object.path(field).asString("");
    }
}
