package io.memos4j.server;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.access.KeyRequest;
import io.memos4j.api.access.Permission;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.server.RunningServer.Answer;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

/** Calls every route of the table as every kind of caller. New routes are covered automatically. */
class AuthorizationMatrixTest {
    private static final String ID = "01890a5d-ac96-774b-bcce-b302099a8057";

    @TempDir
    static Path directory;

    private static RunningServer server;
    private static String admin;
    private static String reader;
    private static String writer;
    private static String owner;
    private static String stranger;
    private static String limited;
    private static String revoked;
    private static String grantedRead;
    private static String grantedWrite;
    private static String grantedAdmin;
    private static String expired;

    @BeforeAll
    static void start() {
        server = RunningServer.at(directory);
        admin = server.adminKey();
        owner = server.keyOf("acme", Permission.ADMIN);
        writer = server.keyOf("acme", Permission.WRITE);
        reader = server.keyOf("acme", Permission.READ);
        stranger = server.keyOf("beta", Permission.ADMIN);
        var governance = server.memos().governance();
        limited = governance
                .issue(KeyRequest.of("acme").only(Set.of(CubeId.of("acme/other"))))
                .secret();
        var issued = governance.issue(KeyRequest.of("acme"));
        governance.revoke(issued.key().id());
        revoked = issued.secret();
        grantedRead = granted("reader", Permission.READ, Optional.empty());
        grantedWrite = granted("writer", Permission.WRITE, Optional.empty());
        grantedAdmin = granted("keeper", Permission.ADMIN, Optional.empty());
        expired = granted("former", Permission.ADMIN, Optional.of(Instant.now().plusSeconds(1)));
        await().until(() -> server.get(expired, "/v1/cubes/@acme%2Fnotes").status() == 404);
    }

    /** Returns the key of a principal with a grant on acme's cube. */
    private static String granted(String principal, Permission permission, Optional<Instant> until) {
        String key = server.keyOf(principal, Permission.ADMIN);
        grant(principal, permission, until);
        return key;
    }

    private static void grant(String principal, Permission permission, Optional<Instant> until) {
        CubeId notes = server.memos().cube("acme/notes").id();
        server.memos().governance().grant(principal, notes, permission, until);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @TestFactory
    Stream<DynamicNode> matrix() {
        List<Route> routes = server.server().routes();
        assertThat(routes).hasSizeGreaterThan(40);
        return routes.stream().map(AuthorizationMatrixTest::row);
    }

    private static DynamicContainer row(Route route) {
        return dynamicContainer(
                route.name(),
                Stream.of(
                        cell("no key", route, "", "notes", route.access() == RequiredAccess.PUBLIC ? 0 : 401),
                        cell(
                                "wrong key",
                                route,
                                wrong(owner),
                                "notes",
                                route.access() == RequiredAccess.PUBLIC ? 0 : 401),
                        cell("revoked key", route, revoked, "notes", route.access() == RequiredAccess.PUBLIC ? 0 : 401),
                        cell("other tenant", route, stranger, "@acme/notes", stranger(route)),
                        cell("expired grant", route, expired, "@acme/notes", stranger(route)),
                        cell("key of another cube", route, limited, "notes", stranger(route)),
                        cell("grant to read", route, grantedRead, "@acme/notes", granted(route, Permission.READ)),
                        cell("grant to write", route, grantedWrite, "@acme/notes", granted(route, Permission.WRITE)),
                        cell("grant of all", route, grantedAdmin, "@acme/notes", granted(route, Permission.ADMIN)),
                        cell("read-only", route, reader, "notes", allowed(route, RequiredAccess.READ)),
                        cell("writer", route, writer, "notes", allowed(route, RequiredAccess.WRITE)),
                        cell("owner", route, owner, "notes", allowed(route, RequiredAccess.ADMIN)),
                        cell("administrator", route, admin, "acme/notes", 0)));
    }

    /** Returns 403 if a tenant's key with this access is rejected, else 0. */
    private static int allowed(Route route, RequiredAccess most) {
        return route.access().compareTo(most) > 0 ? 403 : 0;
    }

    private static int stranger(Route route) {
        if (route.access() == RequiredAccess.ADMINISTRATOR) {
            return 403;
        }
        return route.path().contains("{cube}") ? 404 : 0;
    }

    /** Returns 403 if a principal with this grant is rejected, else 0. Only its owner deletes a cube. */
    private static int granted(Route route, Permission held) {
        boolean deletes = route.name().equals("DELETE /v1/cubes/{cube}");
        boolean beyond = route.path().contains("{cube}") && needed(route).compareTo(held) > 0;
        return route.access() == RequiredAccess.ADMINISTRATOR || beyond || deletes ? 403 : 0;
    }

    private static Permission needed(Route route) {
        return switch (route.access()) {
            case PUBLIC, READ -> Permission.READ;
            case WRITE -> Permission.WRITE;
            case ADMIN, ADMINISTRATOR -> Permission.ADMIN;
        };
    }

    /** Returns the key with another last character. */
    private static String wrong(String key) {
        return key.substring(0, key.length() - 1) + (key.endsWith("A") ? "B" : "A");
    }

    /** @param refusal the expected status; 0 if the caller must be let through */
    private static DynamicTest cell(String who, Route route, String key, String cube, int refusal) {
        return dynamicTest(who, () -> {
            MemCube notes = server.memos().cube("acme/notes");
            notes.add("A note of acme's.");
            notes.adapters().policy(LearningPolicy.DEFAULT.consent(true));
            // A former cell may have deleted the cube, with its grants.
            grant("reader", Permission.READ, Optional.empty());
            grant("writer", Permission.WRITE, Optional.empty());
            grant("keeper", Permission.ADMIN, Optional.empty());
            Answer answer = server.send(key, route.method(), address(route, cube), body(route));
            if (refusal == 0) {
                assertThat(answer.status()).isNotIn(401, 403, 500);
                assertThat(answer.json().path("code").asString("")).isNotEqualTo(ErrorCode.CUBE_NOT_FOUND.id());
            } else {
                assertThat(answer.status()).isEqualTo(refusal);
                assertThat(answer.response().body()).doesNotContain("A note of acme's.");
            }
            if (refusal != 0) {
                assertThat(server.memos().find(CubeId.of("acme/notes"))).isPresent();
            }
        });
    }

    private static String address(Route route, String cube) {
        return route.path()
                .replace("{cube}", cube.replace("/", "%2F"))
                .replaceAll("\\{(id|task|memory_id|event_id)}", ID)
                .replaceAll("\\{[^}]+}", "none");
    }

    private static String body(Route route) {
        return Set.of("POST", "PUT", "PATCH").contains(route.method()) ? "{}" : "";
    }
}
