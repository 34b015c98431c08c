package io.memos4j.server;

import io.memos4j.api.access.Permission;
import io.memos4j.server.RunningServer.Answer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests adapters over HTTP: training, listing, activation, permissions. */
class AdapterRoutesTest extends ModelServerTestBase {
    private static final String LESSON = ADAPTERS + "/lesson-1@1";

    private String oslo = "";

    /** Adds two memories, gives consent, and trains an adapter on one. */
    private void teach() {
        oslo = know("Bob lives in Oslo.");
        know("Carol works at Nokia.");
        ok("PUT", ADAPTERS + "/policy", "{'consent':true,'heat':0,'stable':'PT0S'}");
        Answer task = ended(ok("POST", ADAPTERS + "/train", "{'items':['" + oslo + "']}"));
        assertThat(task.text("/state")).isEqualTo("done");
        assertThat(task.text("/note")).isEqualTo("lesson-1@1 active");
    }

    private String answer(String question) {
        return ok(
                        "POST",
                        CUBE + "/chat",
                        "{'messages':[{'text':'" + question + "'}],'memory_tokens':0,'remember':false}")
                .text("/text");
    }

    @Test
    void whatIsTaughtOverHttpIsAnsweredWithoutAPrompt() {
        teach();

        assertThat(answer("Where does Bob live?")).isEqualTo("Oslo");
        assertThat(answer("Where does Carol work?")).isEqualTo("I do not know.");
        Answer reply = ok(
                "POST",
                CUBE + "/chat",
                "{'messages':[{'text':'Where does Bob live?'}],'memory_tokens':0,'remember':false,'adapters':false}");
        assertThat(reply.text("/text")).isEqualTo("I do not know.");
        assertThat(reply.at("/adapters")).isEmpty();
    }

    @Test
    void anAdapterTellsWhatItIs() {
        teach();

        JsonNode adapter = ok("GET", ADAPTERS, "").at("/adapters/0");
        assertThat(adapter.at("/id").asString()).isEqualTo("lesson-1@1");
        assertThat(adapter.at("/state").asString()).isEqualTo("active");
        assertThat(adapter.at("/taught/0/item").asString()).isEqualTo(oslo);
        assertThat(adapter.at("/training/trainer").asString()).isEqualTo("rote 1");
        assertThat(adapter.at("/evaluation/passed").booleanValue()).isTrue();
        assertThat(ok("GET", LESSON, "").json()).isEqualTo(adapter);
        Answer taught = ok("GET", LESSON + "/taught", "");
        assertThat(taught.at("/memories").size()).isEqualTo(1);
        assertThat(taught.text("/memories/0/text")).isEqualTo("Bob lives in Oslo.");
        assertThat(ok("GET", CUBE + "/memories/" + oslo + "/why", "")
                        .at("/carried")
                        .valueStream())
                .anySatisfy(step -> {
                    assertThat(step.at("/place").asString()).isEqualTo("lesson-1@1");
                    assertThat(step.at("/state").asString()).isEqualTo("active");
                });
        assertThat(server.get(key, ADAPTERS + "/lesson-1@2").text("/code")).isEqualTo("adapter_not_found");
        assertThat(server.get(key, ADAPTERS + "/lesson-1").text("/code")).isEqualTo("invalid_argument");
        assertThat(server.get(key, ADAPTERS + "/lesson-1@2/taught").status()).isEqualTo(404);
    }

    @Test
    void everyChangeIsKeptWithWhoMadeIt() {
        teach();

        assertThat(ok("POST", LESSON + "/retire", "{'why':'We hired another Bob.'}")
                        .text("/state"))
                .isEqualTo("retired");
        assertThat(answer("Where does Bob live?")).isEqualTo("I do not know.");
        assertThat(ok("POST", LESSON + "/activate", "").text("/state")).isEqualTo("active");
        assertThat(ok("POST", LESSON + "/evaluate", "")
                        .at("/evaluation/recalled")
                        .intValue())
                .isPositive();
        assertThat(ok("POST", LESSON + "/retire", "").text("/why")).isEqualTo("It was asked for.");
        assertThat(ok("POST", ADAPTERS + "/rollback", "{'name':'lesson-1'}").text("/state"))
                .isEqualTo("active");

        JsonNode changes = ok("GET", ADAPTERS + "/history", "").at("/changes");
        String owner =
                server.memos().governance().authenticate(key).orElseThrow().actor();
        assertThat(changes.valueStream()
                        .filter(change -> change.at("/why").asString().equals("We hired another Bob."))
                        .map(change -> change.at("/actor").asString()))
                .containsExactly(owner);
        assertThat(changes.at("/0/actor").asString()).startsWith("task:teach");
        assertThat(server.get(server.adminKey(), "/v1/audit?cube=acme%2Fwork")
                        .at("/entries")
                        .valueStream()
                        .filter(entry -> entry.at("/target").asString().equals("lesson-1@1"))
                        .map(entry -> entry.at("/principal").asString() + " "
                                + entry.at("/action").asString()))
                .contains(
                        "acme POST /v1/cubes/{cube}/adapters/{adapter}/retire",
                        "acme POST /v1/cubes/{cube}/adapters/{adapter}/activate",
                        "acme POST /v1/cubes/{cube}/adapters/{adapter}/evaluate");
    }

    @Test
    void whatIsErasedIsUnlearnedAndTheAnswerSaysWhere() {
        teach();
        Answer forgotten = ok("DELETE", CUBE + "/memories/" + oslo, "");

        assertThat(forgotten.at("/adapters").valueStream().map(JsonNode::asString))
                .containsExactly("lesson-1@1");
        assertThat(answer("Where does Bob live?")).isEqualTo("I do not know.");
        Answer lesson = ok("GET", LESSON, "");
        assertThat(lesson.text("/state")).isEqualTo("suspended");
        assertThat(lesson.at("/artifact").isMissingNode()).isTrue();
        assertThat(server.post(key, LESSON + "/activate", "").text("/code")).isEqualTo("adapter_refused");
        String other = know("Dan plays golf.");
        assertThat(ok("POST", CUBE + "/forget", "{'id':'" + other + "'}").at("/adapters"))
                .isEmpty();
    }

    @Test
    void theCurriculumIsShownAndExportedAsLines() {
        String bob = know("Bob lives in Oslo.");
        String mail = know("Carol has the e-mail address carol@example.org.");

        Answer shown = ok("POST", ADAPTERS + "/curriculum", "{'items':['" + bob + "','" + mail + "']}");
        assertThat(shown.at("/left/0/item").asString()).isEqualTo(mail);
        assertThat(shown.response().body()).doesNotContain("carol@example.org");
        Answer lines = server.send(
                key,
                "POST",
                ADAPTERS + "/curriculum",
                "{'items':['" + bob + "']}",
                Map.of("Accept", "application/x-ndjson"));
        assertThat(lines.response().headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/x-ndjson");
        List<JsonNode> examples = lines.response()
                .body()
                .lines()
                .map(line -> new JsonMapper().readTree(line))
                .toList();
        assertThat(examples).anySatisfy(example -> {
            assertThat(example.at("/item").asString()).isEqualTo(bob);
            assertThat(example.at("/prompt").asString()).isEqualTo("Where does Bob live?");
            assertThat(example.at("/completion").asString()).isEqualTo("Oslo");
        });
        assertThat(ok("POST", ADAPTERS + "/curriculum", "").at("/examples")).isEmpty();
    }

    @Test
    void withoutConsentNothingIsTaughtAndWithdrawnItRetiresAll() {
        String bob = know("Bob lives in Oslo.");
        Answer refused = server.post(key, ADAPTERS + "/train", "{'items':['" + bob + "']}");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("/detail")).contains("adapters/policy");
        assertThat(server.put(key, ADAPTERS + "/policy", "{'heat':1}").text("/detail"))
                .contains("'consent'");

        teach();
        assertThat(ok("GET", ADAPTERS + "/policy", "").text("/stable")).isEqualTo("PT0S");
        ok("PUT", ADAPTERS + "/policy", "{'consent':false}");
        assertThat(ok("GET", LESSON, "").text("/state")).isEqualTo("retired");
        assertThat(server.post(key, LESSON + "/activate", "").status()).isEqualTo(422);
    }

    @Test
    void withoutNamesAllIsTaughtAndWhatIsNotThereIsRefusedAtOnce() {
        know("Bob lives in Oslo.");
        know("Carol works at Nokia.");
        ok("PUT", ADAPTERS + "/policy", "{'consent':true,'heat':0,'stable':'PT0S'}");
        assertThat(server.post(key, ADAPTERS + "/train", "{'items':['" + UUID.randomUUID() + "']}")
                        .text("/code"))
                .isEqualTo("item_not_found");
        String many = ("'" + UUID.randomUUID() + "',").repeat(28);
        assertThat(server.post(key, ADAPTERS + "/train", "{'items':[" + many.substring(0, many.length() - 1) + "]}")
                        .status())
                .isEqualTo(400);
        assertThat(ended(ok("POST", ADAPTERS + "/train", "")).text("/state")).isEqualTo("done");
        assertThat(answer("Where does Carol work?")).isEqualTo("Nokia");
        assertThat(ok("GET", "/v1/tasks?cube=work&kind=teach", "").at("/tasks").size())
                .isPositive();
    }

    @Test
    void readersLookAndWritersDoNotTeach() {
        teach();
        String reader = server.keyOf("acme", Permission.READ);
        String writer = server.keyOf("acme", Permission.WRITE);
        String stranger = server.keyOf("beta", Permission.ADMIN);
        for (String path : List.of("", "/history", "/policy", "/lesson-1@1", "/lesson-1@1/taught")) {
            assertThat(server.get(reader, ADAPTERS + path).status()).isEqualTo(200);
            assertThat(server.get(stranger, "/v1/cubes/@acme%2Fwork/adapters" + path)
                            .status())
                    .isEqualTo(404);
        }
        assertThat(server.post(reader, ADAPTERS + "/curriculum", "").status()).isEqualTo(200);
        for (String path : List.of("/train", "/rollback", "/lesson-1@1/evaluate", "/lesson-1@1/retire")) {
            assertThat(server.post(writer, ADAPTERS + path, "").status()).isEqualTo(403);
        }
        assertThat(ok("GET", LESSON, "").text("/state")).isEqualTo("active");
    }
}
