package io.memos4j.server;

import io.memos4j.server.RunningServer.Answer;
import io.memos4j.server.operations.BackupFolder;
import io.memos4j.server.operations.HealthMonitor;
import io.memos4j.server.v1.NativeApi;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests that the contract is complete and correct. {@link RunningServer} validates every response. */
class ContractTest extends ServerTestBase {
    private static final String CUBE = "/v1/cubes/work";

    @Override
    protected String clientKey() {
        return server.adminKey();
    }

    @Test
    void theContractHasEveryRouteAndNoOther() {
        TreeSet<String> served = new TreeSet<>();
        new NativeApi(new BackupFolder(Optional.empty(), 0), new HealthMonitor(() -> {}))
                .routes().stream()
                        .filter(route -> route.path().startsWith("/v1/"))
                        .forEach(route -> served.add(route.name()));
        assertThat(ContractCheck.operations()).isEqualTo(served);
    }

    @Test
    void anAnswerThatBreaksTheContractIsNoticed() {
        var wrong = new JsonMapper().readTree("{\"status\":\"well\"}");
        assertThatThrownBy(() -> ContractCheck.check("GET", "/v1/health", 200, "application/json", wrong))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> ContractCheck.check(
                        "GET",
                        "/v1/cubes",
                        200,
                        "application/json",
                        new JsonMapper().readTree("{\"cubes\":[{\"cube\":1}]}")))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void theContractAndItsPageAreServed() {
        assertThat(server.get("", "/openapi.yaml").response().body()).startsWith("openapi: 3.1.0");
        assertThat(server.get("", "/docs").response().body()).contains("swagger-ui-bundle.js");
        assertThat(server.get("", "/docs/swagger-ui-bundle.js").response().body())
                .hasSizeGreaterThan(1_000_000);
        assertThat(server.get("", "/docs/pom.xml").status()).isEqualTo(404);
        assertThat(server.get("", "/docs/..%2F..%2Fv1%2Fopenapi.yaml").status()).isEqualTo(404);
    }

    private Answer ok(String method, String path, String body) {
        Answer answer = server.send(key, method, path, body);
        assertThat(answer.status())
                .as("%s %s: %s", method, path, answer.response().body())
                .isBetween(200, 299);
        return answer;
    }

    private String added(String text) {
        return ok("POST", CUBE + "/memories", "{'text':'" + text + "','session':'s'}")
                .text("/items/0/id");
    }

    @Test
    void cubesAndTheirPast() {
        assertThat(ok("PUT", CUBE, "").status()).isEqualTo(201);
        assertThat(ok("PUT", CUBE, "").status()).isEqualTo(200);
        String id = added("first");
        ok("PUT", CUBE + "/snapshots/before", "");
        ok("PATCH", CUBE + "/memories/" + id, "{'text':'second','tags':['a'],'metadata':{'n':1}}");
        String from = ok("GET", CUBE + "/snapshots", "").text("/snapshots/0/taken");
        assertThat(ok("GET", CUBE + "/diff?from=" + from, "").text("/changes/0/after/text"))
                .isEqualTo("second");
        ok("POST", CUBE + "/rollback", "{'snapshot':'before'}");
        assertThat(ok("GET", CUBE + "/memories/" + id, "").text("/text")).isEqualTo("first");
        ok("POST", CUBE + "/fork", "{'cube':'copy'}");
        added("third");
        assertThat(ok("POST", "/v1/cubes/copy/merge", "{'from':'work','dry_run':true}")
                        .at("/copied")
                        .size())
                .isEqualTo(1);
        ok("POST", "/v1/cubes/copy/merge", "{'from':'work'}");
        ok("PUT", "/v1/cubes/other", "");
        assertThat(ok("POST", CUBE + "/move", "{'to':'other','session':'s'}")
                        .at("/selected")
                        .size())
                .isEqualTo(2);
        ok("DELETE", CUBE + "/snapshots/before", "");
        ok("PUT", CUBE + "/settings", "{'time_zone':'Europe/Berlin'}");
        assertThat(ok("GET", CUBE + "/settings", "").text("/time_zone")).isEqualTo("Europe/Berlin");
        assertThat(server.put(key, CUBE + "/settings", "{'time_zone':'Mars'}").text("/detail"))
                .contains("time_zone", "Europe/Berlin");
        ok("PUT", CUBE + "/settings", "{}");
        ok("GET", CUBE + "/policy", "");
        ok("PUT", CUBE + "/policy", "{'half_life':'P7D','capacity':1000,'time_to_live':'P30D'}");
        assertThat(ok("GET", "/v1/cubes", "").at("/cubes").size()).isEqualTo(3);
        assertThat(ok("DELETE", CUBE, "").status()).isEqualTo(204);
        assertThat(server.get(key, CUBE).status()).isEqualTo(404);
    }

    @Test
    void memoriesAndWhatIsKnownOfThem() {
        String first = added("Alice lives in Lyon.");
        String second = added("Alice lives in Paris now.");
        String one = CUBE + "/memories/" + first;
        ok("GET", CUBE + "/memories?limit=1&sort=newest&filter=%7B%22session%22%3A%22s%22%7D", "");
        ok("POST", one + "/supersede", "{'successor':'" + second + "','reason':'moved'}");
        ok("GET", one + "/why", "");
        ok("GET", one + "/related", "");
        ok("POST", one + "/reinstate", "");
        ok("POST", one + "/restore", "{'version':1}");
        ok("GET", one + "/history", "");
        String change = ok("GET", CUBE + "/changes?limit=2&kind=superseded,edited&item=" + first, "")
                .text("/changes/0/id");
        ok("POST", CUBE + "/changes/" + change + "/undo", "");
        ok("GET", CUBE + "/changes?since=2020-01-01T00:00:00Z", "");
        ok("POST", CUBE + "/feedback", "{'kind':'helpful','items':['" + first + "']}");
        ok(
                "POST",
                CUBE + "/search",
                "{'query':'Alice Lyon','session':'s','explain':true,'filter':{'not':{'type':'fact'}}}");
        ok("POST", "/v1/search", "{'query':'Alice Lyon','cubes':['work']}");
        assertThat(ok("GET", CUBE + "/sessions", "").text("/sessions/0/session"))
                .isEqualTo("s");
        ok("GET", CUBE + "/sessions/s/working", "");
        var document = server.send(
                key,
                "PUT",
                CUBE + "/documents/a.md",
                "# Title\n\nBody of it.",
                Map.of("Content-Type", "text/markdown"));
        assertThat(document.status()).isEqualTo(201);
        ok("DELETE", CUBE + "/documents/a.md", "");
        ok("DELETE", one, "");
        assertThat(ok("POST", CUBE + "/forget", "{'session':'s'}").at("/count").intValue())
                .isEqualTo(1);
        assertThat(ok("POST", CUBE + "/memories", "{'text':'settled','mode':'sync'}")
                        .at("/complete")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void tasks() {
        added("something to link");
        String task = ok("POST", CUBE + "/tasks", "{'kind':'reindex'}").text("/id");
        assertThat(ok("GET", "/v1/tasks/" + task + "/wait?timeout_ms=20000", "").text("/state"))
                .isEqualTo("done");
        ok("GET", "/v1/tasks/" + task, "");
        ok("GET", "/v1/tasks?cube=work&state=done&kind=reindex", "");
        ok("POST", "/v1/tasks/" + task + "/cancel", "");
        assertThat(server.post(key, "/v1/tasks/" + task + "/replay", "").status())
                .isBetween(400, 499);
        Answer events = server.get(key, "/v1/tasks/" + task + "/events");
        assertThat(events.response().body()).contains("event: task").contains("\"state\":\"done\"");
        ok("POST", CUBE + "/pause", "");
        ok("GET", CUBE + "/status", "");
        ok("POST", CUBE + "/resume", "");
        ok("POST", CUBE + "/maintain", "");
        ok("GET", "/v1/status", "");
    }

    @Test
    void administration() {
        ok("GET", "/v1/ready", "");
        ok("GET", "/v1/me", "");
        ok("PUT", "/v1/principals/acme", "{'administrator':false}");
        ok("PUT", "/v1/principals/beta", "");
        ok("GET", "/v1/principals", "");
        Answer issued = ok("POST", "/v1/keys", "{'principal':'acme','label':'l','scope':'write','expires_in_s':3600}");
        assertThat(server.put(issued.text("/secret"), "/v1/cubes/shared", "").status())
                .isEqualTo(201);
        ok("PUT", "/v1/principals/beta/grants/acme%2Fshared", "{'permission':'read'}");
        ok("GET", "/v1/principals/beta/grants", "");
        String beta = ok("POST", "/v1/keys", "{'principal':'beta'}").text("/secret");
        assertThat(server.get(beta, "/v1/cubes").text("/cubes/0/cube")).isEqualTo("@acme/shared");
        assertThat(server.get(beta, "/v1/cubes/@acme%2Fshared").status()).isEqualTo(200);
        assertThat(server.post(beta, "/v1/cubes/@acme%2Fshared/memories", "{'text':'x'}")
                        .status())
                .isEqualTo(403);
        ok("DELETE", "/v1/principals/beta/grants/acme%2Fshared", "");
        assertThat(server.get(beta, "/v1/cubes/@acme%2Fshared").status()).isEqualTo(404);
        String rotated =
                ok("POST", "/v1/keys/" + issued.text("/id") + "/rotate", "").text("/secret");
        assertThat(server.get(issued.text("/secret"), "/v1/cubes").status()).isEqualTo(401);
        assertThat(server.get(rotated, "/v1/cubes").status()).isEqualTo(200);
        ok("DELETE", "/v1/keys/" + issued.text("/id"), "");
        ok("GET", "/v1/keys", "");
        ok("DELETE", "/v1/principals/acme", "");
        assertThat(server.get(rotated, "/v1/cubes").status()).isEqualTo(401);
        assertThat(ok("GET", "/v1/audit?limit=2", "").at("/entries").size()).isEqualTo(2);
        assertThat(ok("GET", "/v1/audit/verify", "").at("/intact").booleanValue())
                .isTrue();
        assertThat(ok("GET", "/v1/audit/export?principal=acme", "")
                        .response()
                        .body()
                        .lines())
                .isNotEmpty()
                .allMatch(line -> line.contains("\"principal\":\"acme\"") && line.contains("\"hash\""));
        assertThat(ok("DELETE", "/v1/audit?before=2020-01-01T00:00:00Z", "")
                        .at("/removed")
                        .intValue())
                .isZero();
        for (String wrong : new String[] {"?from=2020-01-01", "?since=soon", "/export?limit=2", "/verify?x=1"}) {
            assertThat(server.get(key, "/v1/audit" + wrong).status()).as(wrong).isEqualTo(400);
        }
        assertThat(ok("GET", "/v1/audit?action=PUT%20/v1/cubes/%7Bcube%7D&since=2020-01-01T00:00:00Z", "")
                        .at("/entries")
                        .valueStream())
                .isNotEmpty()
                .allMatch(entry -> entry.path("action").asString().equals("PUT /v1/cubes/{cube}"));
        assertThat(ok("GET", "/v1/audit?until=2020-01-01T00:00:00Z", "").at("/entries"))
                .isEmpty();
        assertThat(Pattern.compile("m4j_[a-z0-9]+_")
                        .matcher(ok("GET", "/v1/audit", "").response().body())
                        .find())
                .isFalse();
    }
}
