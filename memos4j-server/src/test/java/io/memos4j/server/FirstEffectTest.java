package io.memos4j.server;

import io.memos4j.api.CubeId;
import io.memos4j.api.access.Permission;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Note;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests that a request is authorized before its first effect, and that deletions stay in the caller's own space. */
class FirstEffectTest extends ServerTestBase {
    private String beta;

    /** Beta can read the cube {@code @acme/shared} and write {@code @acme/open}; it has a cube of its own. */
    @BeforeEach
    void cubes() {
        beta = server.keyOf("beta", Permission.ADMIN);
        for (String cube : List.of("acme/shared", "acme/open", "beta/own")) {
            server.memos().cube(cube).add(Note.of("Something in " + cube + ".").tagged("birds"));
        }
        var governance = server.memos().governance();
        governance.grant("beta", CubeId.of("acme/shared"), Permission.READ, Optional.empty());
        governance.grant("beta", CubeId.of("acme/open"), Permission.WRITE, Optional.empty());
    }

    private List<MemoryItem> items(String cube) {
        return server.memos()
                .find(CubeId.of(cube))
                .map(each -> each.list(ListRequest.first()).items())
                .orElse(List.of());
    }

    private String idIn(String cube) {
        return items(cube).getFirst().id().toString();
    }

    @Test
    void anAddToAPermittedAndAForbiddenCubeStoresNothing() {
        for (String forbidden : List.of("@acme/shared", "@acme/none", "@gamma/x")) {
            for (String path : List.of("/product/add", "/product/feedback")) {
                var answer = server.post(
                        beta,
                        path,
                        "{'user_id':'own','writable_cube_ids':['new','own','" + forbidden + "'],'history':[],"
                                + "'feedback_content':'It is a crane.',"
                                + "'messages':[{'role':'user','content':'hello'}]}");
                assertThat(answer.status()).as(path + " " + forbidden).isIn(403, 404);
            }
        }
        assertThat(items("beta/own")).hasSize(1);
        assertThat(server.memos().find(CubeId.of("beta/new"))).isEmpty();
    }

    @Test
    void aBatchChangesAllOfItsMemoriesOrNone() {
        String mine = idIn("beta/own");
        String theirs = idIn("acme/shared");
        String both =
                "{'memories':[{'memory_id':'" + mine + "','text':'x'},{'memory_id':'" + theirs + "','text':'x'}]}";
        assertThat(server.put(beta, "/v1/batch/", both).status()).isEqualTo(403);
        assertThat(server.send(beta, "DELETE", "/v1/batch/", both).status()).isEqualTo(403);
        String wrong = "{'memories':[{'memory_id':'" + mine + "','text':'x'},{'memory_id':'" + mine + "'}]}";
        assertThat(server.put(beta, "/v1/batch/", wrong).status()).isEqualTo(400);
        for (String where : List.of(
                "'memory_ids':['" + mine + "','" + theirs + "']",
                "'writable_cube_ids':['own','@acme/shared'],'filter':{'tags':{'contains':'birds'}}",
                "'writable_cube_ids':['own','@gamma/x'],'filter':{'tags':{'contains':'birds'}}")) {
            assertThat(server.post(beta, "/product/delete_memory", "{" + where + "}")
                            .status())
                    .as(where)
                    .isIn(403, 404);
        }
        assertThat(server.post(
                                beta,
                                "/api/openmem/v1/delete/memory",
                                "{'memory_ids':['" + mine + "','" + theirs + "']}")
                        .status())
                .isEqualTo(403);
        assertThat(items("beta/own")).extracting(MemoryItem::text).containsExactly("Something in beta/own.");
        assertThat(items("acme/shared")).hasSize(1);
    }

    @Test
    void aDeletionByFilterStaysInTheCallersOwnSpace() {
        String birds = "{'filter':{'tags':{'contains':'birds'}}}";
        assertThat(server.post(beta, "/api/openmem/v1/delete/memory", birds).status())
                .isEqualTo(200);
        assertThat(items("beta/own")).isEmpty();
        assertThat(items("acme/open")).hasSize(1);
        server.memos().cube("of-the-administrator").add(Note.of("Mine.").tagged("birds"));
        assertThat(server.post(server.adminKey(), "/api/openmem/v1/delete/memory", birds)
                        .status())
                .isEqualTo(200);
        assertThat(items("of-the-administrator")).isEmpty();
        assertThat(items("acme/open")).hasSize(1);
        assertThat(items("acme/shared")).hasSize(1);
    }

    @Test
    void aFilterThatSelectsEverythingIsRefused() {
        for (String all : List.of("{}", "{'and':[]}", "{'and':[{}]}", "{'not':{'or':[]}}", "{'not':{'id':[]}}")) {
            for (String path : List.of("/v1/cubes/own/forget", "/v1/cubes/own/move")) {
                String to = path.endsWith("move") ? "'to':'@acme/open'," : "";
                var answer = server.post(beta, path, "{" + to + "'filter':" + all + "}");
                assertThat(answer.status()).as(path + " " + all).isEqualTo(400);
                assertThat(answer.text("/detail")).contains("filter");
            }
        }
        for (String all : List.of("{'and':[]}", "{'and':[{}]}")) {
            assertThat(server.post(beta, "/api/openmem/v1/delete/memory", "{'filter':" + all + "}")
                            .status())
                    .isEqualTo(400);
            assertThat(server.post(beta, "/product/delete_memory", "{'writable_cube_ids':['own'],'filter':" + all + "}")
                            .text("/data/status"))
                    .isEqualTo("failure");
        }
        assertThat(items("beta/own")).hasSize(1);
        assertThat(server.post(beta, "/v1/cubes/own/forget", "{'filter':{'tag':'birds'}}")
                        .at("/count")
                        .intValue())
                .isEqualTo(1);
    }

    @Test
    void noPrincipalHasTheSpaceOfAnAdministratorsOwners() {
        for (String name : List.of("user", "agent", "app", "run")) {
            assertThatThrownBy(() -> server.memos().governance().create(name, false))
                    .hasMessageContaining("cannot name a principal");
        }
        String admin = server.adminKey();
        server.post(admin, "/memories", "{'messages':'of the administrators user','user_id':'acme/shared'}");
        assertThat(items("acme/shared")).hasSize(1);
        assertThat(server.get(admin, "/memories?user_id=acme/shared").text("/results/0/memory"))
                .isEqualTo("of the administrators user");
        assertThat(server.get(admin, "/memories?user_id=acme/shared").text("/results/0/user_id"))
                .isEqualTo("acme/shared");
        assertThat(server.get(key, "/memories").response().body()).doesNotContain("of the administrators user");
    }
}
