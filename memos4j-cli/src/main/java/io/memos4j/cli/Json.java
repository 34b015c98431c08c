package io.memos4j.cli;

import io.memos4j.api.CubeId;
import io.memos4j.server.v1.Shapes;
import tools.jackson.databind.json.JsonMapper;

/** What commands print as JSON: one object a line, in the forms of the server's native API. */
final class Json {
    private static final JsonMapper MAPPER = new JsonMapper();

    /** Cubes as the engine names them. */
    static final Shapes SHAPES = new Shapes(CubeId::value);

    private Json() {}

    static String of(Object value) {
        return MAPPER.writeValueAsString(value);
    }
}
