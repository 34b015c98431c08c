package io.memos4j.server.v1;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.ApiKey;
import io.memos4j.api.access.CubeGrant;
import io.memos4j.api.access.IssuedKey;
import io.memos4j.api.access.KeyRequest;
import io.memos4j.api.access.MemGovernance;
import io.memos4j.api.access.Permission;
import io.memos4j.api.access.Principal;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.JsonBody;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import io.memos4j.server.operations.HealthMonitor;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Routes for principals, keys and grants. They use the engine's names of cubes. */
final class AdministrationRoutes implements RouteGroup {
    private static final int LONGEST_SECONDS = Integer.MAX_VALUE;

    private final HealthMonitor health;

    AdministrationRoutes(HealthMonitor health) {
        this.health = health;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/v1/me", RequiredAccess.READ, AdministrationRoutes::me),
                Route.get("/v1/principals", RequiredAccess.ADMINISTRATOR, AdministrationRoutes::principals),
                Route.put("/v1/principals/{name}", RequiredAccess.ADMINISTRATOR, audited(AdministrationRoutes::create)),
                Route.delete("/v1/principals/{name}", RequiredAccess.ADMINISTRATOR, AdministrationRoutes::remove),
                Route.get("/v1/keys", RequiredAccess.ADMINISTRATOR, AdministrationRoutes::keys),
                Route.post("/v1/keys", RequiredAccess.ADMINISTRATOR, audited(AdministrationRoutes::issue)),
                Route.post(
                        "/v1/keys/{key}/rotate", RequiredAccess.ADMINISTRATOR, audited(AdministrationRoutes::rotate)),
                Route.delete("/v1/keys/{key}", RequiredAccess.ADMINISTRATOR, AdministrationRoutes::revoke),
                Route.get("/v1/principals/{name}/grants", RequiredAccess.ADMINISTRATOR, AdministrationRoutes::grants),
                Route.put(
                        "/v1/principals/{name}/grants/{granted}",
                        RequiredAccess.ADMINISTRATOR,
                        audited(AdministrationRoutes::grant)),
                Route.delete(
                        "/v1/principals/{name}/grants/{granted}",
                        RequiredAccess.ADMINISTRATOR,
                        AdministrationRoutes::ungrant));
    }

    /** Gives nobody a right while the audit has no room for it. */
    private Route.Handler audited(Route.Handler change) {
        return exchange -> {
            health.requireReady();
            change.handle(exchange);
        };
    }

    private static MemGovernance governance(HttpExchange exchange) {
        return exchange.memos().governance();
    }

    private static void me(HttpExchange exchange) {
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

    private static void principals(HttpExchange exchange) {
        exchange.ok(Map.of(
                "principals",
                governance(exchange).principals().stream()
                        .map(AdministrationRoutes::principal)
                        .toList()));
    }

    private static void create(HttpExchange exchange) {
        Optional<JsonBody> body = exchange.optionalBody();
        boolean administrator =
                body.map(each -> each.flag("administrator", false)).orElse(false);
        body.ifPresent(JsonBody::rejectUnknownFields);
        exchange.auditTarget(exchange.pathParameter("name"));
        exchange.respond(201, principal(governance(exchange).create(exchange.pathParameter("name"), administrator)));
    }

    private static void remove(HttpExchange exchange) {
        String name = exchange.pathParameter("name");
        exchange.auditTarget(name);
        if (name.equals(exchange.identity().principal().name())) {
            throw MemoryException.invalid("A principal cannot remove itself. Use the key of another administrator.");
        }
        governance(exchange).remove(name);
        exchange.noContent();
    }

    private static void keys(HttpExchange exchange) {
        exchange.ok(Map.of(
                "keys",
                governance(exchange).keys().stream()
                        .map(AdministrationRoutes::key)
                        .toList()));
    }

    private static void issue(HttpExchange exchange) {
        JsonBody body = exchange.body();
        KeyRequest request = new KeyRequest(
                body.text("principal"),
                body.text("label", ""),
                permission(body.text("scope", Permission.ADMIN.id())),
                body.texts("cubes").stream().map(CubeId::of).collect(Collectors.toSet()),
                body.has("expires_in_s")
                        ? Optional.of(Duration.ofSeconds(body.integer("expires_in_s", 1, 1, LONGEST_SECONDS)))
                        : Optional.empty());
        body.rejectUnknownFields();
        IssuedKey issued = governance(exchange).issue(request);
        exchange.auditTarget(issued.key().id());
        exchange.header("Cache-Control", "no-store");
        exchange.respond(201, issued(issued));
    }

    private static Permission permission(String id) {
        return Permission.of(id)
                .orElseThrow(
                        () -> MemoryException.invalid("Unknown permission '" + id + "'. Use read, write or admin."));
    }

    private static void rotate(HttpExchange exchange) {
        int grace = exchange.queryParameter("grace_s", 0, 0, LONGEST_SECONDS);
        exchange.auditTarget(exchange.pathParameter("key"));
        exchange.header("Cache-Control", "no-store");
        exchange.respond(
                201, issued(governance(exchange).rotate(exchange.pathParameter("key"), Duration.ofSeconds(grace))));
    }

    private static void revoke(HttpExchange exchange) {
        exchange.auditTarget(exchange.pathParameter("key"));
        exchange.ok(key(governance(exchange).revoke(exchange.pathParameter("key"))));
    }

    private static Map<String, Object> grant(CubeGrant grant) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("principal", grant.principal());
        json.put("cube", grant.cube().value());
        json.put("permission", grant.permission().id());
        json.put("created", grant.createdAt().toString());
        grant.expiresAt().ifPresent(at -> json.put("expires", at.toString()));
        return json;
    }

    private static void grants(HttpExchange exchange) {
        exchange.ok(Map.of(
                "grants",
                governance(exchange).grantsTo(exchange.pathParameter("name")).stream()
                        .map(AdministrationRoutes::grant)
                        .toList()));
    }

    private static void grant(HttpExchange exchange) {
        JsonBody body = exchange.body();
        Permission permission = permission(body.text("permission"));
        Optional<Instant> expires = body.instant("expires");
        body.rejectUnknownFields();
        exchange.auditTarget(exchange.pathParameter("granted"));
        exchange.ok(grant(governance(exchange)
                .grant(
                        exchange.pathParameter("name"),
                        CubeId.of(exchange.pathParameter("granted")),
                        permission,
                        expires)));
    }

    private static void ungrant(HttpExchange exchange) {
        exchange.auditTarget(exchange.pathParameter("granted"));
        boolean there = governance(exchange)
                .revokeGrant(exchange.pathParameter("name"), CubeId.of(exchange.pathParameter("granted")));
        exchange.ok(Map.of("removed", there));
    }
}
