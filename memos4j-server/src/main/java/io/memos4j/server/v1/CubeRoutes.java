package io.memos4j.server.v1;

import io.memos4j.api.CubeId;
import io.memos4j.api.CubeSettings;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.JsonBody;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Routes that list, create, describe and delete cubes. */
final class CubeRoutes implements RouteGroup {
    private static final String ALL = "/v1/cubes";
    private static final String ONE = ALL + "/{cube}";
    private static final String SETTINGS = ONE + "/settings";

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(ALL, RequiredAccess.READ, CubeRoutes::list),
                Route.put(ONE, RequiredAccess.WRITE, CubeRoutes::create),
                Route.get(ONE, RequiredAccess.READ, CubeRoutes::describe),
                Route.delete(ONE, RequiredAccess.ADMIN, CubeRoutes::delete),
                Route.get(
                        SETTINGS,
                        RequiredAccess.READ,
                        exchange -> exchange.ok(ApiJson.settings(exchange.cube().settings()))),
                Route.put(SETTINGS, RequiredAccess.ADMIN, CubeRoutes::settings));
    }

    private static void list(HttpExchange exchange) {
        List<Map<String, Object>> cubes = exchange.memos().cubes().stream()
                .flatMap(cube -> exchange.permission(cube).map(held -> entry(exchange, cube, held)).stream())
                .toList();
        exchange.ok(Map.of("cubes", cubes));
    }

    private static Map<String, Object> entry(HttpExchange exchange, CubeId cube, Permission held) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cube", exchange.cubeName(cube));
        json.put("permission", held.id());
        return json;
    }

    private static void create(HttpExchange exchange) {
        boolean there = exchange.findCube(exchange.pathParameter("cube"), Permission.WRITE)
                .isPresent();
        MemCube cube = exchange.cubeForWriting(exchange.pathParameter("cube"));
        exchange.respond(there ? 200 : 201, ApiJson.of(exchange).cube(cube.describe()));
    }

    private static void describe(HttpExchange exchange) {
        exchange.ok(ApiJson.of(exchange).cube(exchange.cube().describe()));
    }

    private static void settings(HttpExchange exchange) {
        JsonBody body = exchange.body();
        MemCube cube = exchange.cube();
        CubeSettings given = new CubeSettings(
                body.timeZone("time_zone"),
                PrivacyJson.policy(body, cube.settings().privacy()));
        body.rejectUnknownFields();
        cube.settings(given);
        exchange.ok(ApiJson.settings(given));
    }

    private static void delete(HttpExchange exchange) {
        MemCube cube = exchange.cube();
        if (!exchange.identity().principal().owns(cube.id())) {
            throw new MemoryException(
                    ErrorCode.FORBIDDEN, "Only the owner of a cube or an administrator can delete it.");
        }
        exchange.memos().delete(cube.id());
        exchange.noContent();
    }
}
