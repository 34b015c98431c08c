package io.memos4j.server;

import io.memos4j.api.access.AuditQuery;
import io.memos4j.api.access.Permission;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class NativeApiTest extends ServerTestBase {
    @Override
    protected String clientKey() {
        return server.adminKey();
    }

    @Test
    void healthNeedsNoKeyAndEverythingElseDoes() {
        assertThat(server.get("", "/v1/health").status()).isEqualTo(200);
        assertThat(server.get("", "/v1/cubes").status()).isEqualTo(401);
        assertThat(server.get("", "/v1/nothing/here").status()).isEqualTo(401);
        assertThat(server.get("m4j_wrong", "/v1/cubes").text("/code")).isEqualTo("unauthenticated");
    }

    @Test
    void whatWasAddedIsFoundAtOnce() {
        var added = server.post(
                key,
                "/v1/cubes/alice/memories",
                "{'session':'s1','messages':[{'role':'user','speaker':'Alice','text':'I moved to Lyon last week.',"
                        + "'time':'2026-05-17T09:30:00Z'}]}");
        assertThat(added.status()).isEqualTo(202);
        var found = server.post(key, "/v1/cubes/alice/search", "{'query':'Where does Alice live? Lyon'}");
        assertThat(found.status()).isEqualTo(200);
        assertThat(found.text("/hits/0/id")).isEqualTo(added.text("/items/0/id"));
        assertThat(found.text("/context")).contains("Lyon");
    }

    @Test
    void aCubeMayHaveAnyName() {
        String path = "/v1/cubes/a%2Fb%20%25%20%E5%8C%97%E4%BA%AC";
        assertThat(server.post(key, path + "/memories", "{'text':'x y z'}").status())
                .isEqualTo(202);
        assertThat(server.get(key, path).text("/cube")).isEqualTo("a/b % 北京");
    }

    @Test
    void mistakesAreNamedWithTheirPlace() {
        var unknown = server.post(key, "/v1/cubes/a/search", "{'query':'x','limt':3}");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.text("/detail")).contains("'limt'").contains("'limit'");
        var type = server.post(key, "/v1/cubes/a/memories", "{'messages':[{'role':'user','text':7}]}");
        assertThat(type.text("/detail")).contains("messages[0].text").contains("the number 7");
        assertThat(server.post(key, "/v1/cubes/a/memories", "{'text'").status()).isEqualTo(400);
        assertThat(server.get(key, "/v1/cubes/a").status()).isEqualTo(404);
    }

    @Test
    void anUnknownAddressAndAWrongMethodAreToldApart() {
        assertThat(server.get(key, "/v1/nothing").text("/code")).isEqualTo("route_not_found");
        var wrong = server.send(key, "DELETE", "/v1/cubes", "");
        assertThat(wrong.status()).isEqualTo(405);
        assertThat(wrong.response().headers().firstValue("Allow")).contains("GET");
    }

    @Test
    void tenantsNeverMeet() {
        String acme = server.keyOf("acme", Permission.ADMIN);
        String beta = server.keyOf("beta", Permission.ADMIN);
        server.post(acme, "/v1/cubes/notes/memories", "{'text':'the secret of acme'}");
        assertThat(server.get(beta, "/v1/cubes/notes").text("/detail"))
                .isEqualTo(server.get(beta, "/v1/cubes/notes").text("/detail"))
                .contains("There is no cube 'notes'");
        assertThat(server.get(beta, "/v1/cubes/@acme%2Fnotes").status()).isEqualTo(404);
        assertThat(server.post(beta, "/v1/cubes/notes/memories", "{'text':'beta writes'}")
                        .status())
                .isEqualTo(202);
        assertThat(server.post(beta, "/v1/cubes/notes/search", "{'query':'secret acme'}")
                        .json()
                        .toString())
                .doesNotContain("secret of acme");
        assertThat(server.get(key, "/v1/cubes").json().toString())
                .contains("acme/notes")
                .contains("beta/notes");
    }

    @Test
    void anEditNeedsTheVersionItSaw() {
        var added = server.post(key, "/v1/cubes/a/memories", "{'text':'first'}");
        String path = "/v1/cubes/a/memories/" + added.text("/items/0/id");
        var got = server.get(key, path);
        String tag = got.response().headers().firstValue("ETag").orElseThrow();
        assertThat(server.send(key, "GET", path, "", Map.of("If-None-Match", tag))
                        .status())
                .isEqualTo(304);
        assertThat(server.send(key, "PATCH", path, "{'text':'second'}", Map.of("If-Match", tag))
                        .status())
                .isEqualTo(200);
        var late = server.send(key, "PATCH", path, "{'text':'third'}", Map.of("If-Match", tag));
        assertThat(late.status()).isEqualTo(412);
        assertThat(late.text("/code")).isEqualTo("version_conflict");
        assertThat(server.get(key, path + "/history").json().at("/versions").size())
                .isEqualTo(2);
        assertThat(server.get(key, path + "/history").text("/versions/1/actor")).startsWith("key:");
    }

    @Test
    void anAddWithTheSameKeyHappensOnce() {
        Map<String, String> once = Map.of("Idempotency-Key", "k1");
        var first = server.send(key, "POST", "/v1/cubes/a/memories", "{'text':'once'}", once);
        var second = server.send(key, "POST", "/v1/cubes/a/memories", "{'text':'once'}", once);
        assertThat(second.text("/items/0/id")).isEqualTo(first.text("/items/0/id"));
        assertThat(second.at("/replayed").booleanValue()).isTrue();
        assertThat(server.send(key, "POST", "/v1/cubes/a/memories", "{'text':'other'}", once)
                        .status())
                .isEqualTo(409);
    }

    @Test
    void callsAreWrittenToTheAudit() {
        server.post(key, "/v1/cubes/a/memories", "{'text':'x y'}");
        var entries =
                server.memos().governance().audit(AuditQuery.ALL.by("admin")).items();
        assertThat(entries).hasSize(2).allSatisfy(entry -> {
            assertThat(entry.action()).isEqualTo("POST /v1/cubes/{cube}/memories");
            assertThat(entry.cube()).isEqualTo("a");
            assertThat(entry.outcome()).isEqualTo(200);
        });
        String id = server.get(key, "/v1/cubes/a/memories").text("/memories/0/id");
        assertThat(entries).extracting(entry -> entry.target()).containsExactly(id, "cube");
    }

    @Test
    void aSearchTakesAnInstantOfValidityUnderItsNameAndItsFormerOne() {
        server.post(key, "/v1/cubes/past/memories", "{'notes':[{'text':'Alice lives in Lyon.','type':'fact'}]}");
        for (String name : new String[] {"valid_at", "as_of"}) {
            var found =
                    server.post(key, "/v1/cubes/past/search", "{'query':'Lyon','" + name + "':'2100-01-01T00:00:00Z'}");
            assertThat(found.status()).as(name).isEqualTo(200);
            var wrong = server.post(key, "/v1/cubes/past/search", "{'query':'Lyon','" + name + "':'soon'}");
            assertThat(wrong.status()).as(name).isEqualTo(400);
            assertThat(wrong.text("/detail")).contains(name);
        }
    }
}
