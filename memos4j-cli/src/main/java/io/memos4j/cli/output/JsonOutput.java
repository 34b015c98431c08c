package io.memos4j.cli.output;

import io.memos4j.api.CubeId;
import io.memos4j.server.v1.ApiJson;
import tools.jackson.databind.json.JsonMapper;

/** What commands print as JSON: one object a line, in the forms of the server's native API. */
public final class JsonOutput {
    private static final JsonMapper MAPPER = new JsonMapper();

    /** Cubes as the engine names them. */
    public static final ApiJson SHAPES = new ApiJson(CubeId::value);

    private JsonOutput() {}

    public static String of(Object value) {
        return MAPPER.writeValueAsString(value);
    }
}
