package io.memos4j.cli.output;

import io.memos4j.api.CubeId;
import io.memos4j.server.v1.ApiJson;
import tools.jackson.databind.json.JsonMapper;

/** Writes values as JSON, one object per line, in the shapes of the server's native API. */
public final class JsonOutput {
    private static final JsonMapper MAPPER = new JsonMapper();

    /** The shapes with cubes named as in the engine. */
    public static final ApiJson SHAPES = new ApiJson(CubeId::value);

    private JsonOutput() {}

    public static String of(Object value) {
        return MAPPER.writeValueAsString(value);
    }
}
