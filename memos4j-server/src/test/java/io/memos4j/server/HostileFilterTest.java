package io.memos4j.server;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests that texts in the syntax of query languages are treated as plain text everywhere. */
class HostileFilterTest extends ServerTestBase {
    private static final JsonMapper JSON = new JsonMapper();

    @BeforeEach
    void remember() {
        post("/product/add", "{'user_id':'alice','messages':'plain text','info':{'team':'blue'}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "' OR 1=1 --",
                "x'); DROP TABLE item; --",
                "\" OR \"\"=\"",
                "$.a\") = 1 OR (1=1",
                "team:blue OR *:*",
                "*",
                "blue~2 AND [* TO *]",
                "n) DETACH DELETE n //",
                "}) RETURN n UNION MATCH (m",
                "a.b.c",
                "\\",
                "\u0000",
                "%_",
                "metadata.team",
                "state",
                "info.team"
            })
    void changesNothingAndFindsNothing(String text) {
        String quoted = JSON.writeValueAsString(text);
        for (String filter : new String[] {
            "{\"and\":[{\"team\":" + quoted + "}]}",
            "{\"and\":[{\"team\":{\"like\":" + quoted + "}}]}",
            "{\"and\":[{" + quoted + ":\"zzz\"}]}",
            "{\"and\":[{\"info." + quoted.substring(1) + ":{\"gt\":\"zzz\"}}]}",
            "{\"and\":[{\"team\":{" + quoted + ":\"blue\"}}]}",
            "{\"and\":[{\"session_id\":" + quoted + "}]}",
            "{\"and\":[{\"tags\":{\"contains\":" + quoted + "}}]}",
            "{\"and\":[{\"id\":" + quoted + "}]}"
        }) {
            assertHarmless("/product/get_memory", "{\"mem_cube_id\":\"alice\",\"filter\":" + filter + "}");
            assertHarmless(
                    "/product/search",
                    "{\"user_id\":\"alice\",\"query\":\"plain text\",\"relativity\":0,\"filter\":" + filter + "}");
            assertHarmless("/product/delete_memory", "{\"writable_cube_ids\":[\"alice\"],\"filter\":" + filter + "}");
        }
        for (String filter : new String[] {
            "{\"user_id\":\"alice\",\"team\":" + quoted.replace("\"*\"", "\"**\"") + "}",
            "{\"AND\":[{\"user_id\":\"alice\"},{" + quoted + ":\"zzz\"}]}",
            "{\"AND\":[{\"user_id\":\"alice\"},{\"metadata\":{" + quoted + ":\"zzz\"}}]}",
            "{\"AND\":[{\"user_id\":\"alice\"},{\"agent_id\":" + quoted + "}]}"
        }) {
            assertHarmless("/v3/memories/", "{\"filters\":" + filter + "}");
            assertHarmless("/v3/memories/search/", "{\"query\":\"plain text\",\"filters\":" + filter + "}");
        }
        assertThat(post("/product/search", "{'user_id':'alice','query':'plain text'}")
                        .text("/data/text_mem/0/memories/0/memory"))
                .isEqualTo("plain text");
    }

    private void assertHarmless(String path, String body) {
        var answer = server.raw(key, "POST", path, body);
        assertThat(answer.status()).as(body).isIn(200, 400);
        assertThat(answer.response().body()).as(body).doesNotContain("plain text");
    }
}
