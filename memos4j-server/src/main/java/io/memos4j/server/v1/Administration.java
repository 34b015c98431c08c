package io.memos4j.server.v1;

import io.memos4j.api.ApiKey;
import io.memos4j.api.AuditEntry;
import io.memos4j.api.AuditQuery;
import io.memos4j.api.CubeId;
import io.memos4j.api.Grant;
import io.memos4j.api.IssuedKey;
import io.memos4j.api.KeyRequest;
import io.memos4j.api.MemGovernance;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.Permission;
import io.memos4j.api.Principal;
import io.memos4j.server.http.Body;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Who may use the server, and who did what. Cubes are named here as the engine names them. */
final class Administration implements Surface {
    private static final int LONGEST_SECONDS = Integer.MAX_VALUE;

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/v1/me", Need.READ, Administration::me),
                Route.get("/v1/principals", Need.SERVER, Administration::principals),
                Route.put("/v1/principals/{name}", Need.SERVER, Administration::create),
                Route.delete("/v1/principals/{name}", Need.SERVER, Administration::remove),
                Route.get("/v1/keys", Need.SERVER, Administration::keys),
                Route.post("/v1/keys", Need.SERVER, Administration::issue),
                Route.post("/v1/keys/{key}/rotate", Need.SERVER, Administration::rotate),
                Route.delete("/v1/keys/{key}", Need.SERVER, Administration::revoke),
                Route.get("/v1/principals/{name}/grants", Need.SERVER, Administration::grants),
                Route.put("/v1/principals/{name}/grants/{granted}", Need.SERVER, Administration::grant),
                Route.delete("/v1/principals/{name}/grants/{granted}", Need.SERVER, Administration::ungrant),
                Route.get("/v1/audit", Need.SERVER, Administration::audit));
    }

    private static MemGovernance governance(Exchange exchange) {
        return exchange.memos().governance();
    }

    private static void me(Exchange exchange) {
        Map<String, Object> json = principal(exchange.identity().principal());
        json.put("key", key(exchange.identity().key()));
        exchange.ok(json);
    }

    private static Map<String, Object> principal(Principal principal) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("principal", principal.name());
        json.put("administrator", principal.administrator());
        json.put("created", principal.createdAt().toString());
        return json;
    }

    private static Map<String, Object> key(ApiKey key) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", key.id());
        json.put("principal", key.principal());
        json.put("label", key.label());
        json.put("scope", key.scope().id());
        json.put("cubes", key.cubes().stream().map(CubeId::value).sorted().toList());
        json.put("created", key.createdAt().toString());
        key.expiresAt().ifPresent(at -> json.put("expires", at.toString()));
        key.revokedAt().ifPresent(at -> json.put("revoked", at.toString()));
        key.lastUsedAt().ifPresent(at -> json.put("last_used", at.toString()));
        return json;
    }

    private static Map<String, Object> issued(IssuedKey issued) {
        Map<String, Object> json = key(issued.key());
        json.put("secret", issued.secret());
        return json;
    }

    private static void principals(Exchange exchange) {
        exchange.ok(Map.of(
                "principals",
                governance(exchange).principals().stream()
                        .map(Administration::principal)
                        .toList()));
    }

    private static void create(Exchange exchange) {
        boolean administrator = false;
        if (exchange.context().req().getContentLengthLong() != 0) {
            Body body = exchange.body();
            administrator = body.flag("administrator", false);
            body.done();
        }
        exchange.target(exchange.path("name"));
        exchange.answer(201, principal(governance(exchange).create(exchange.path("name"), administrator)));
    }

    private static void remove(Exchange exchange) {
        String name = exchange.path("name");
        exchange.target(name);
        if (name.equals(exchange.identity().principal().name())) {
            throw MemoryException.invalid("A principal does not remove itself. Use the key of another administrator.");
        }
        governance(exchange).remove(name);
        exchange.done();
    }

    private static void keys(Exchange exchange) {
        exchange.ok(Map.of(
                "keys",
                governance(exchange).keys().stream().map(Administration::key).toList()));
    }

    private static void issue(Exchange exchange) {
        Body body = exchange.body();
        KeyRequest request = new KeyRequest(
                body.text("principal"),
                body.text("label", ""),
                permission(body.text("scope", Permission.ADMIN.id())),
                body.texts("cubes").stream().map(CubeId::of).collect(Collectors.toSet()),
                body.has("expires_in_s")
                        ? Optional.of(Duration.ofSeconds(body.integer("expires_in_s", 1, 1, LONGEST_SECONDS)))
                        : Optional.empty());
        body.done();
        IssuedKey issued = governance(exchange).issue(request);
        exchange.target(issued.key().id());
        exchange.header("Cache-Control", "no-store");
        exchange.answer(201, issued(issued));
    }

    private static Permission permission(String id) {
        return Permission.of(id)
                .orElseThrow(() -> MemoryException.invalid("'" + id + "' is not one of read, write, admin."));
    }

    private static void rotate(Exchange exchange) {
        int grace = exchange.query("grace_s", 0, 0, LONGEST_SECONDS);
        exchange.target(exchange.path("key"));
        exchange.header("Cache-Control", "no-store");
        exchange.answer(201, issued(governance(exchange).rotate(exchange.path("key"), Duration.ofSeconds(grace))));
    }

    private static void revoke(Exchange exchange) {
        exchange.target(exchange.path("key"));
        exchange.ok(key(governance(exchange).revoke(exchange.path("key"))));
    }

    private static Map<String, Object> grant(Grant grant) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("principal", grant.principal());
        json.put("cube", grant.cube().value());
        json.put("permission", grant.permission().id());
        json.put("created", grant.createdAt().toString());
        grant.expiresAt().ifPresent(at -> json.put("expires", at.toString()));
        return json;
    }

    private static void grants(Exchange exchange) {
        exchange.ok(Map.of(
                "grants",
                governance(exchange).grantsTo(exchange.path("name")).stream()
                        .map(Administration::grant)
                        .toList()));
    }

    private static void grant(Exchange exchange) {
        Body body = exchange.body();
        Permission permission = permission(body.text("permission"));
        Optional<Instant> expires = body.instant("expires");
        body.done();
        exchange.target(exchange.path("granted"));
        exchange.ok(grant(governance(exchange)
                .grant(exchange.path("name"), CubeId.of(exchange.path("granted")), permission, expires)));
    }

    private static void ungrant(Exchange exchange) {
        exchange.target(exchange.path("granted"));
        boolean there = governance(exchange).ungrant(exchange.path("name"), CubeId.of(exchange.path("granted")));
        exchange.ok(Map.of("removed", there));
    }

    private static void audit(Exchange exchange) {
        AuditQuery query = new AuditQuery(
                exchange.query("principal"),
                exchange.query("cube").map(CubeId::of),
                exchange.query("limit", 100, 1, AuditQuery.MAX_LIMIT),
                exchange.query("cursor").orElse(""));
        Page<AuditEntry> page = governance(exchange).audit(query);
        Memories.page(
                exchange,
                "entries",
                page.items().stream().map(Administration::entry).toList(),
                page.next());
    }

    private static Map<String, Object> entry(AuditEntry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("number", entry.number());
        json.put("at", entry.at().toString());
        json.put("principal", entry.principal());
        json.put("key", entry.key());
        json.put("action", entry.action());
        json.put("cube", entry.cube());
        json.put("target", entry.target());
        json.put("outcome", entry.outcome());
        json.put("request", entry.request());
        return json;
    }
}
