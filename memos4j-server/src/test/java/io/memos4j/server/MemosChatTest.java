package io.memos4j.server;

import io.memos4j.api.access.Permission;
import io.memos4j.server.RunningServer.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests MemOS's chat routes on a server with a model. */
class MemosChatTest extends ModelServerTestBase {
    private static final String ASKED = "'user_id':'work','query':'Where does Bob live?'";

    private Answer complete(String more) {
        return ok("POST", "/product/chat/complete", "{" + ASKED + more + "}");
    }

    private void teach() {
        String bob = know("Bob lives in Oslo.");
        ok("PUT", ADAPTERS + "/policy", "{'consent':true,'heat':0,'stable':'PT0S'}");
        ended(ok("POST", ADAPTERS + "/train", "{'items':['" + bob + "']}"));
    }

    @Test
    void anAnswerHasMemOsShapeAndIsRemembered() {
        teach();

        Answer answer = complete(",'session_id':'s','history':[{'role':'user','content':'Hi'},{'role':'assistant',"
                + "'content':'Hello'}],'system_prompt':'Be brief. {memories}'");

        assertThat(answer.text("/message")).isEqualTo("Chat completed successfully");
        assertThat(answer.json().has("code")).isFalse();
        assertThat(answer.text("/data/response")).isEqualTo("Oslo");
        assertThat(answer.at("/data/reasoning").isNull()).isTrue();
        JsonNode said = ok("GET", CUBE + "/memories?sort=inserted&filter=%7B%22session%22%3A%22s%22%7D", "")
                .at("/memories");
        assertThat(said.valueStream().map(each -> each.at("/text").asString()))
                .containsExactly("Where does Bob live?", "Oslo");
        assertThat(said.at("/0/metadata/user_id").asString()).isEqualTo("work");
    }

    @Test
    void aStreamHasMemOsFrames() {
        teach();

        Answer answer = ok("POST", "/product/chat/stream", "{" + ASKED + ",'add_message_on_answer':false}");

        assertThat(answer.response().headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/event-stream");
        List<JsonNode> frames = answer.response()
                .body()
                .lines()
                .filter(line -> !line.isEmpty())
                .map(line -> new JsonMapper().readTree(line.substring("data: ".length())))
                .toList();
        assertThat(frames)
                .allSatisfy(frame -> assertThat(frame.at("/type").asString()).isEqualTo("text"));
        assertThat(String.join(
                        "",
                        frames.stream()
                                .map(frame -> frame.at("/data").asString())
                                .toList()))
                .isEqualTo("Oslo");
        assertThat(ok("GET", CUBE, "").at("/items").intValue()).isEqualTo(1);
    }

    @Test
    void severalCubesAreAskedAsOneAndAnyThatIsNamedRemembers() {
        teach();
        server.put(key, "/v1/cubes/team", "");

        Answer answer = complete(",'readable_cube_ids':['team','work','none'],'writable_cube_ids':['diary']");

        assertThat(answer.text("/data/response")).isEqualTo("Oslo");
        assertThat(ok("GET", "/v1/cubes/diary", "").at("/items").intValue()).isEqualTo(2);
        assertThat(ok("GET", "/v1/cubes/team", "").at("/items").intValue()).isZero();
    }

    @Test
    void whoMayNotWriteIsNotRemembered() {
        know("Bob lives in Oslo.");
        String reader = server.keyOf("acme", Permission.READ);
        assertThat(server.post(reader, "/product/chat/complete", "{" + ASKED + "}")
                        .status())
                .isEqualTo(403);
        assertThat(server.post(reader, "/product/chat/complete", "{" + ASKED + ",'add_message_on_answer':false}")
                        .status())
                .isEqualTo(200);
        assertThat(ok("GET", CUBE, "").at("/items").intValue()).isEqualTo(1);
        assertThat(server.post(key, "/product/chat/complete", "{'user_id':'work'}")
                        .status())
                .isEqualTo(422);
        assertThat(server.post(key, "/product/suggestions", "{'user_id':'work','mem_cube_id':'work'}")
                        .status())
                .isEqualTo(503);
    }
}
