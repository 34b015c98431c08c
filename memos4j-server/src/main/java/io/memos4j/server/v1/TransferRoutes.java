package io.memos4j.server.v1;

import io.memos4j.api.CubeId;
import io.memos4j.api.access.Permission;
import io.memos4j.api.items.Selection;
import io.memos4j.api.transfer.MergeReport;
import io.memos4j.api.transfer.MoveReport;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.JsonBody;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Routes that merge a cube into another and move memories between cubes. */
final class TransferRoutes implements RouteGroup {
    @Override
    public List<Route> routes() {
        return List.of(
                Route.post("/v1/cubes/{cube}/merge", RequiredAccess.WRITE, TransferRoutes::merge),
                Route.post("/v1/cubes/{cube}/move", RequiredAccess.WRITE, TransferRoutes::move));
    }

    /** Copies the cube {@code from}, which requires read permission, into the cube that the path names. */
    private static void merge(HttpExchange exchange) {
        JsonBody body = exchange.body();
        String from = body.text("from");
        boolean dry = body.flag("dry_run", false);
        body.rejectUnknownFields();
        CubeId source = exchange.cube(from, Permission.READ).id();
        CubeId target = exchange.cube().id();
        exchange.requireNothingWithheld(source);
        MergeReport report = dry
                ? exchange.memos().compare(source, target)
                : exchange.memos().merge(source, target);
        ApiJson render = ApiJson.of(exchange);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("copied", ApiJson.ids(report.copied()));
        json.put(
                "duplicates",
                report.duplicates().stream().map(TransferRoutes::duplicate).toList());
        json.put("conflicts", report.conflicts().stream().map(render::conflict).toList());
        json.put("dry_run", dry);
        exchange.ok(json);
    }

    private static Map<String, Object> duplicate(MergeReport.Duplicate duplicate) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("item", duplicate.item().toString());
        json.put("present", duplicate.present().toString());
        json.put("same", duplicate.same());
        return json;
    }

    /** Moves memories from the cube that the path names to the cube {@code to}; requires write permission on both. */
    private static void move(HttpExchange exchange) {
        JsonBody body = exchange.body();
        String to = body.text("to");
        Selection selection = MemoryRoutes.selection(body);
        body.rejectUnknownFields();
        CubeId target = exchange.cube(to, Permission.WRITE).id();
        CubeId source = exchange.cube().id();
        exchange.requireNothingWithheld(source);
        MoveReport report = exchange.memos().move(source, target, selection);
        ApiJson render = ApiJson.of(exchange);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("selected", ApiJson.ids(report.selected()));
        json.put("derived", ApiJson.ids(report.derived()));
        json.put("conflicts", report.conflicts().stream().map(render::conflict).toList());
        exchange.ok(json);
    }
}
