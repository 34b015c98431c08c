package io.memos4j.server.v1;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.MergeReport;
import io.memos4j.api.MoveReport;
import io.memos4j.api.Permission;
import io.memos4j.api.Selection;
import io.memos4j.server.http.Body;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Between cubes: merging one into another, moving memories over. */
final class Transfers implements Surface {
    @Override
    public List<Route> routes() {
        return List.of(
                Route.post("/v1/cubes/{cube}/merge", Need.WRITE, Transfers::merge),
                Route.post("/v1/cubes/{cube}/move", Need.WRITE, Transfers::move));
    }

    /** Copies the cube {@code from}, which the caller must be able to read, into the cube of the path. */
    private static void merge(Exchange exchange) {
        Body body = exchange.body();
        String from = body.text("from");
        boolean dry = body.flag("dry_run", false);
        body.done();
        CubeId source = exchange.cube(from, Permission.READ).id();
        CubeId target = exchange.cube().id();
        MergeReport report = dry
                ? exchange.memos().compare(source, target)
                : exchange.memos().merge(source, target);
        Shapes shapes = new Shapes(exchange::shown);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("copied", Shapes.ids(report.copied()));
        json.put(
                "duplicates",
                report.duplicates().stream().map(Transfers::duplicate).toList());
        json.put("conflicts", report.conflicts().stream().map(shapes::conflict).toList());
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

    /** Moves memories of the cube of the path to the cube {@code to}; both must be the caller's to write. */
    private static void move(Exchange exchange) {
        Body body = exchange.body();
        String to = body.text("to");
        Selection selection = Memories.selection(body);
        body.done();
        CubeId target = exchange.cube(to, Permission.WRITE).id();
        CubeId source = exchange.cube().id();
        MoveReport report = exchange.memos().move(source, target, selection);
        exchange.target(String.join(
                " ", report.selected().stream().limit(10).map(ItemId::toString).toList()));
        Shapes shapes = new Shapes(exchange::shown);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("selected", Shapes.ids(report.selected()));
        json.put("derived", Shapes.ids(report.derived()));
        json.put("conflicts", report.conflicts().stream().map(shapes::conflict).toList());
        exchange.ok(json);
    }
}
