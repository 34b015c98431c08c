package io.memos4j.server.memos;

import io.memos4j.api.Permission;
import io.memos4j.server.clients.Holdings;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which cubes there are. A cube needs no making: the first add does that. */
final class CubeRecords implements Surface {
    @Override
    public List<Route> routes() {
        return List.of(
                Product.post("/create_cube", Need.WRITE, CubeRecords::create),
                Product.post("/register_cube", Need.READ, CubeRecords::register),
                Product.post("/exist_mem_cube_id", Need.READ, CubeRecords::exists),
                Product.post("/get_user_names_by_memory_ids", Need.READ, CubeRecords::cubesOf));
    }

    private static void create(Exchange exchange, Form form) {
        String name = form.text("cube_name");
        String owner = form.text("owner_id");
        String id = form.text("cube_id", name);
        form.check();
        exchange.cubeToAddTo(id);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cube_id", id);
        json.put("cube_name", name);
        json.put("owner_id", owner);
        Product.answer(exchange, "Cube created successfully", json);
    }

    /** A cube that is there is registered; one that is a folder somewhere is not looked for. */
    private static void register(Exchange exchange, Form form) {
        String named = form.text("mem_cube_name_or_path");
        String id = form.text("mem_cube_id", named);
        form.check();
        boolean there = Holdings.cube(exchange, id, Permission.READ).isPresent();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cube_id", id);
        json.put("registered", there);
        Product.answer(
                exchange,
                there
                        ? "Cube registered successfully"
                        : "There is no cube '" + id + "' yet; the first add makes it. No folders are loaded.",
                json);
    }

    private static void exists(Exchange exchange, Form form) {
        String id = form.text("mem_cube_id");
        form.check();
        Product.answer(
                exchange,
                "Successfully",
                Map.of(id, Holdings.cube(exchange, id, Permission.READ).isPresent()));
    }

    private static void cubesOf(Exchange exchange, Form form) {
        if (!form.has("memory_ids")) {
            form.miss("memory_ids");
        }
        List<String> ids = form.texts("memory_ids").orElse(List.of());
        form.check();
        Map<String, Object> cubes = new LinkedHashMap<>();
        ids.forEach(id -> cubes.put(
                id,
                Holdings.find(exchange, id, Permission.READ)
                        .map(held -> exchange.shown(held.cube().id()))
                        .orElse(null)));
        Product.answer(exchange, "Successfully", cubes);
    }
}
