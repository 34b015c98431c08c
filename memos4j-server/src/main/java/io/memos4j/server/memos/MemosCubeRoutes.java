package io.memos4j.server.memos;

import io.memos4j.api.access.Permission;
import io.memos4j.server.facade.MemoryLookup;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The routes for cubes. Creating a cube is optional: the first add creates it. */
final class MemosCubeRoutes implements RouteGroup {
    @Override
    public List<Route> routes() {
        return List.of(
                ProductProtocol.post("/create_cube", RequiredAccess.WRITE, MemosCubeRoutes::create),
                ProductProtocol.post("/register_cube", RequiredAccess.READ, MemosCubeRoutes::register),
                ProductProtocol.post("/exist_mem_cube_id", RequiredAccess.READ, MemosCubeRoutes::exists),
                ProductProtocol.post("/get_user_names_by_memory_ids", RequiredAccess.READ, MemosCubeRoutes::cubesOf));
    }

    private static void create(HttpExchange exchange, MemosRequestForm form) {
        String name = form.text("cube_name");
        String owner = form.text("owner_id");
        String id = form.text("cube_id", name);
        form.throwIfInvalid();
        exchange.cubeForWriting(id);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cube_id", id);
        json.put("cube_name", name);
        json.put("owner_id", owner);
        ProductProtocol.answer(exchange, "Cube created successfully", json);
    }

    /** Reports whether a cube exists. Cubes are not loaded from folders. */
    private static void register(HttpExchange exchange, MemosRequestForm form) {
        String named = form.text("mem_cube_name_or_path");
        String id = form.text("mem_cube_id", named);
        form.throwIfInvalid();
        boolean there = MemoryLookup.findCube(exchange, id, Permission.READ).isPresent();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cube_id", id);
        json.put("registered", there);
        ProductProtocol.answer(
                exchange,
                there
                        ? "Cube registered successfully"
                        : "There is no cube '" + id + "' yet; the first add creates it. Folders are not loaded.",
                json);
    }

    private static void exists(HttpExchange exchange, MemosRequestForm form) {
        String id = form.text("mem_cube_id");
        form.throwIfInvalid();
        ProductProtocol.answer(
                exchange,
                "Successfully",
                Map.of(id, MemoryLookup.findCube(exchange, id, Permission.READ).isPresent()));
    }

    private static void cubesOf(HttpExchange exchange, MemosRequestForm form) {
        if (!form.has("memory_ids")) {
            form.addMissing("memory_ids");
        }
        List<String> ids = form.texts("memory_ids").orElse(List.of());
        form.throwIfInvalid();
        Map<String, Object> cubes = new LinkedHashMap<>();
        ids.forEach(id -> cubes.put(
                id,
                MemoryLookup.findItem(exchange, id, Permission.READ)
                        .map(held -> exchange.cubeName(held.cube().id()))
                        .orElse(null)));
        ProductProtocol.answer(exchange, "Successfully", cubes);
    }
}
