package io.memos4j.runtime.http;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What servers read and write: objects, and arrays of token ids. */
final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

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

    /** The token ids of an array; none if it is no array. */
    static int[] tokens(JsonNode array) {
        return array.valueStream().mapToInt(JsonNode::asInt).toArray();
    }

    static String text(JsonNode object, String field) {
        return object.path(field).asString("");
    }
}
