package io.memos4j.server;

import io.memos4j.api.access.Permission;
import io.memos4j.api.items.Note;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class ErasureRoutesTest extends ServerTestBase {
    @Test
    void erasesWithAReceiptThatTheAdministratorVerifies() {
        String beta = server.keyOf("beta", Permission.ADMIN);
        var item = server.memos()
                .cube("beta/own")
                .add(Note.of("The safe opens with 9-31-7."))
                .ids()
                .getFirst();
        var answer = server.post(beta, "/v1/cubes/own/erasures", "{'id':'" + item + "'}");
        assertThat(answer.status()).isEqualTo(200);
        JsonNode receipt = answer.json();
        assertThat(receipt.path("complete").asBoolean()).isTrue();
        assertThat(receipt.path("items").get(0).asString()).isEqualTo(item.toString());
        assertThat(receipt.toString()).doesNotContain("9-31-7");

        assertThat(server.post(beta, "/v1/erasures/verify", receipt.toString()).status())
                .isEqualTo(403);
        JsonNode verified = server.post(server.adminKey(), "/v1/erasures/verify", receipt.toString())
                .json();
        assertThat(verified.path("proven").asBoolean()).as(verified.toString()).isTrue();
        String changed = receipt.toString().replace("\"beta/own\"", "\"beta/other\"");
        assertThat(server.post(server.adminKey(), "/v1/erasures/verify", changed)
                        .json()
                        .path("signed")
                        .asBoolean(true))
                .isFalse();
        assertThat(server.post(server.adminKey(), "/v1/erasures/verify", "{'id':'x'}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void othersCannotErase() {
        String gamma = server.keyOf("gamma", Permission.ADMIN);
        var item = server.memos()
                .cube("beta/own")
                .add(Note.of("The safe opens with 9-31-7."))
                .ids()
                .getFirst();
        assertThat(server.post(gamma, "/v1/cubes/@beta/own/erasures", "{'id':'" + item + "'}")
                        .status())
                .isEqualTo(404);
        assertThat(server.memos().cube("beta/own").get(item)).isPresent();
    }
}
