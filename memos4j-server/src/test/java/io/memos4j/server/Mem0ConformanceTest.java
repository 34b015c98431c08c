package io.memos4j.server;

import io.memos4j.api.CubeId;
import io.memos4j.api.access.Permission;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests the wire contracts of mem0's self-hosted server and hosted platform. */
class Mem0ConformanceTest extends ServerTestBase {
    private String add(String body) {
        return post("/memories", body).text("/results/0/id");
    }

    @Test
    void selfHostedAddSearchAndReadHaveTheContractsShape() {
        var added = post(
                "/memories",
                "{'messages':[{'role':'user','content':'The jazz concert is at noon'}],'user_id':'alice',"
                        + "'agent_id':'bot','metadata':{'team':'blue'}}");
        assertThat(added.text("/results/0/memory")).isEqualTo("The jazz concert is at noon");
        assertThat(added.text("/results/0/event")).isEqualTo("ADD");
        String id = added.text("/results/0/id");
        var found = post("/search", "{'query':'jazz','user_id':'alice','top_k':5}");
        assertThat(found.text("/results/0/id")).isEqualTo(id);
        assertThat(found.text("/results/0/agent_id")).isEqualTo("bot");
        assertThat(found.at("/results/0/score").doubleValue()).isBetween(0.0, 1.0);
        var one = get("/memories/" + id);
        assertThat(one.text("/memory")).isEqualTo("The jazz concert is at noon");
        assertThat(one.text("/user_id")).isEqualTo("alice");
        assertThat(one.at("/metadata").size()).isEqualTo(1);
        assertThat(one.text("/hash")).hasSize(32);
        assertThat(one.at("/score").isNull()).isTrue();
        assertThat(get("/memories?user_id=alice").at("/results").size()).isEqualTo(1);
        assertThat(get("/memories?user_id=alice&agent_id=other").at("/results").size())
                .isZero();
        assertThat(get("/memories").at("/results").size()).isEqualTo(1);
        assertThat(get("/entities").text("/0/id")).isEqualTo("alice");
        assertThat(get("/memories/01890a5d-ac96-774b-bcce-b302099a8057")
                        .response()
                        .body())
                .isEqualTo("null");
    }

    @Test
    void selfHostedChangesHaveTheContractsWords() {
        String id = add("{'messages':'first','user_id':'alice','infer':false}");
        assertThat(send("PUT", "/memories/" + id, "{'text':'second'}").text("/message"))
                .isEqualTo("Memory updated successfully!");
        var history = get("/memories/" + id + "/history");
        assertThat(history.text("/0/event")).isEqualTo("ADD");
        assertThat(history.at("/0/old_memory").isNull()).isTrue();
        assertThat(history.text("/1/event")).isEqualTo("UPDATE");
        assertThat(history.text("/1/old_memory")).isEqualTo("first");
        assertThat(history.text("/1/role")).isEqualTo("user");
        assertThat(send("DELETE", "/memories/" + id, "").text("/message")).isEqualTo("Memory deleted successfully");
        var gone = send("PUT", "/memories/" + id, "{'text':'third'}");
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.text("/detail")).contains("not found");
        add("{'messages':'x y','user_id':'alice'}");
        assertThat(send("DELETE", "/memories?user_id=alice", "").text("/message"))
                .isEqualTo("All relevant memories deleted");
        assertThat(get("/memories?user_id=alice").at("/results").size()).isZero();
        assertThat(post("/memories", "{'messages':'x'}").status()).isEqualTo(400);
        assertThat(send("DELETE", "/memories", "").status()).isEqualTo(400);
        assertThat(post("/reset", "{}").status()).isEqualTo(403);
        add("{'messages':'x y','user_id':'alice'}");
        server.memos().cube("of-the-administrator").add("x y");
        assertThat(server.post(server.adminKey(), "/reset", "{}").status()).isEqualTo(200);
        assertThat(server.memos().find(CubeId.of("of-the-administrator"))).isEmpty();
        assertThat(get("/memories?user_id=alice").at("/results").size())
                .as("a tenant's memories stay")
                .isEqualTo(1);
    }

    @Test
    void theFirstNamedOwnsTheCubeAndTheOthersAreMetadata() {
        add("{'messages':'of alice with the bot','user_id':'alice','agent_id':'bot','run_id':'r'}");
        add("{'messages':'of the bot alone','agent_id':'bot'}");
        add("{'messages':'of one run','run_id':'r'}");
        assertThat(get("/v1/cubes")
                        .json()
                        .at("/cubes")
                        .valueStream()
                        .map(each -> each.path("cube").asString()))
                .containsExactlyInAnyOrder("alice", "agent/bot", "run/r");
        assertThat(chosen("{'agent_id':'bot'}")).containsExactly("of the bot alone");
        assertThat(chosen("{'AND':[{'agent_id':'bot'},{'user_id':'alice'}]}")).containsExactly("of alice with the bot");
        assertThat(chosen("{'OR':[{'user_id':'alice'},{'run_id':'r'}]}"))
                .containsExactlyInAnyOrder("of alice with the bot", "of one run");
        assertThat(chosen("{'user_id':'*'}")).containsExactly("of alice with the bot");
        assertThat(post("/v3/memories/search/", "{'query':'x','filters':{'agent_id':'nobody'}}")
                        .at("/results")
                        .isEmpty())
                .isTrue();
    }

    @Test
    void operatorsOfFiltersAreThoseOfTheContract() {
        post("/v1/memories/", "{'messages':'red fish','user_id':'a','metadata':{'team':'blue','size':3}}");
        post(
                "/v1/memories/",
                "{'messages':'green fish','user_id':'a','metadata':{'size':5,'list':['x','y']},"
                        + "'timestamp':1700000000}");
        assertThat(chosen("{'user_id':'a','team':'blue'}")).containsExactly("red fish");
        assertThat(chosen("{'user_id':'a','metadata':{'team':'blue'}}")).containsExactly("red fish");
        assertThat(chosen("{'user_id':'a','team':{'ne':'blue'}}")).containsExactly("green fish");
        assertThat(chosen("{'user_id':'a','team':{'contains':'lu'}}")).containsExactly("red fish");
        assertThat(chosen("{'user_id':'a','list':{'contains':'y'}}")).containsExactly("green fish");
        assertThat(chosen("{'user_id':'a','team':'*'}")).containsExactly("red fish");
        assertThat(chosen("{'user_id':'a','size':{'gte':5}}")).containsExactly("green fish");
        assertThat(chosen("{'user_id':'a','size':{'nin':[5]}}")).containsExactly("red fish");
        assertThat(chosen("{'user_id':'a','size':{'in':[3,5]}}")).hasSize(2);
        assertThat(chosen("{'user_id':'a','NOT':{'size':3}}")).containsExactly("green fish");
        assertThat(chosen("{'user_id':'a','created_at':{'lt':'2024-01-01'}}")).containsExactly("green fish");
        for (String bad : List.of(
                "{'user_id':'a','team':{'icontains':'B'}}",
                "{'user_id':'a','keywords':'x'}",
                "{'team':'blue'}",
                "{}")) {
            assertThat(post("/v3/memories/search/", "{'query':'fish','filters':" + bad + "}")
                            .status())
                    .as(bad)
                    .isEqualTo(400);
        }
    }

    private List<String> chosen(String filters) {
        var found = post("/v3/memories/search/", "{'query':'fish alice bot run','filters':" + filters + "}");
        var listed = post("/v3/memories/", "{'filters':" + filters + "}");
        List<String> all = texts(listed);
        assertThat(all).as(filters).containsAll(texts(found));
        return all;
    }

    private static List<String> texts(RunningServer.Answer answer) {
        return answer.at("/results")
                .valueStream()
                .map(each -> each.path("memory").asString())
                .toList();
    }

    @Test
    void platformPathsWorkWithAndWithoutATrailingSlash() {
        for (String slash : List.of("", "/")) {
            assertThat(get("/v1/ping" + slash).text("/status")).isEqualTo("ok");
            var added = post(
                    "/v3/memories/add" + slash,
                    "{'messages':[{'role':'user','content':'The jazz concert is at noon'}],'user_id':'alice" + slash
                            + "'}");
            assertThat(added.text("/status")).isEqualTo("PENDING");
            assertThat(get("/v1/event/" + added.text("/event_id") + slash).text("/status"))
                    .isEqualTo("SUCCEEDED");
            String id = added.text("/results/0/id");
            assertThat(get("/v1/memories/" + id + slash).text("/memory")).isEqualTo("The jazz concert is at noon");
            assertThat(get("/v1/memories/" + id + "/history" + slash).json().size())
                    .isEqualTo(1);
            var old =
                    post("/v2/memories/search" + slash, "{'query':'jazz','filters':{'user_id':'alice" + slash + "'}}");
            assertThat(old.text("/0/id")).isEqualTo(id);
            assertThat(get("/v1/entities" + slash).at("/count").intValue()).isPositive();
            assertThat(send("DELETE", "/v1/memories/" + id + slash, "").status())
                    .isEqualTo(200);
            assertThat(get("/v1/memories/" + id + slash).status()).isEqualTo(404);
        }
        assertThat(get("/v1/event/none/").status()).isEqualTo(404);
    }

    @Test
    void metadataAndExpiryAreReplacedOrTakenAway() {
        String id =
                add("{'messages':'milk','user_id':'alice','metadata':{'a':1,'b':2},'expiration_date':'2999-01-31'}");
        assertThat(get("/memories/" + id).text("/expiration_date")).isEqualTo("2999-01-31");
        send("PUT", "/memories/" + id, "{'metadata':{'c':3},'expiration_date':null}");
        var changed = get("/memories/" + id);
        assertThat(changed.at("/metadata").toString()).isEqualTo("{\"c\":3}");
        assertThat(changed.at("/expiration_date").isNull()).isTrue();
        assertThat(changed.text("/user_id")).isEqualTo("alice");
        assertThat(send("PUT", "/memories/" + id, "{}").status()).isEqualTo(400);
    }

    @Test
    void aMessageThatStatesAPreferenceIsListedOnceWithItsMetadata() {
        String id = add("{'messages':'I love sushi.','user_id':'alice','metadata':{'team':'blue'}}");
        var listed = get("/memories?user_id=alice");
        assertThat(listed.at("/results").size()).isEqualTo(1);
        assertThat(listed.text("/results/0/metadata/team")).isEqualTo("blue");
        assertThat(send("PUT", "/memories/" + id, "{'text':'I hate sushi.'}").status())
                .isEqualTo(200);
        assertThat(get("/memories?user_id=alice").response().body())
                .contains("I hate sushi.")
                .doesNotContain("I love sushi.");
        var typed = post("/v1/cubes/alice/search", "{'query':'sushi','filter':{'type':'preference'}}");
        assertThat(typed.text("/hits/0/text")).isEqualTo("I hate sushi.");
        assertThat(typed.text("/hits/0/standing/0")).isEqualTo("preference");
    }

    @Test
    void tenantsNeverMeet() {
        String id = add("{'messages':'the secret of acme','user_id':'alice'}");
        String other = server.keyOf("beta", Permission.ADMIN);
        assertThat(server.get(other, "/v1/memories/" + id + "/").status()).isEqualTo(404);
        assertThat(server.get(other, "/memories/" + id).response().body()).isEqualTo("null");
        assertThat(server.send(other, "DELETE", "/memories/" + id, "").status()).isEqualTo(404);
        assertThat(server.send(other, "PUT", "/v1/memories/" + id + "/", "{'text':'x'}")
                        .text("/detail"))
                .isEqualTo("Memory with id " + id + " not found");
        assertThat(server.post(other, "/search", "{'query':'secret','filters':{'user_id':'alice'}}")
                        .at("/results")
                        .isEmpty())
                .isTrue();
        assertThat(server.post(other, "/search", "{'query':'secret','filters':{'user_id':'*'}}")
                        .at("/results")
                        .isEmpty())
                .isTrue();
        server.post(other, "/memories", "{'messages':'x','user_id':'@acme/alice'}");
        assertThat(get("/memories?user_id=alice").at("/results").size()).isEqualTo(1);
        String reader = server.keyOf("acme", Permission.READ);
        assertThat(server.send(reader, "DELETE", "/memories/" + id, "").status())
                .isEqualTo(403);
        assertThat(server.post("", "/search", "{}").text("/detail")).contains("key");
    }
}
