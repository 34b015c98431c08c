package io.memos4j.server.v1;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Permission;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The cubes that a key opens. */
final class Cubes implements Surface {
    private static final String ALL = "/v1/cubes";
    private static final String ONE = ALL + "/{cube}";

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(ALL, Need.READ, Cubes::list),
                Route.put(ONE, Need.WRITE, Cubes::create),
                Route.get(ONE, Need.READ, Cubes::describe),
                Route.delete(ONE, Need.ADMIN, Cubes::delete));
    }

    private static void list(Exchange exchange) {
        List<Map<String, Object>> cubes = exchange.memos().cubes().stream()
                .flatMap(cube -> exchange.permission(cube).map(held -> entry(exchange, cube, held)).stream())
                .toList();
        exchange.ok(Map.of("cubes", cubes));
    }

    private static Map<String, Object> entry(Exchange exchange, CubeId cube, Permission held) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cube", exchange.shown(cube));
        json.put("permission", held.id());
        return json;
    }

    private static void create(Exchange exchange) {
        boolean there = exchange.find(exchange.path("cube"), Permission.WRITE).isPresent();
        MemCube cube = exchange.cubeToAddTo(exchange.path("cube"));
        exchange.answer(there ? 200 : 201, new Shapes(exchange::shown).cube(cube.describe()));
    }

    private static void describe(Exchange exchange) {
        exchange.ok(new Shapes(exchange::shown).cube(exchange.cube().describe()));
    }

    private static void delete(Exchange exchange) {
        MemCube cube = exchange.cube();
        if (!exchange.identity().principal().owns(cube.id())) {
            throw new MemoryException(ErrorCode.FORBIDDEN, "Only its owner or an administrator deletes a cube.");
        }
        exchange.memos().delete(cube.id());
        exchange.done();
    }
}
