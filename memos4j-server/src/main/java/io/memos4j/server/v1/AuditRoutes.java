package io.memos4j.server.v1;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.access.AuditEntry;
import io.memos4j.api.access.AuditQuery;
import io.memos4j.api.access.AuditQuery.AuditFilter;
import io.memos4j.api.access.AuditRecord;
import io.memos4j.api.access.AuditVerification;
import io.memos4j.api.access.MemGovernance;
import io.memos4j.server.http.BoundedJson;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Routes for the audit log. They use the engine's names of cubes, and refuse parameters that they do not know. */
final class AuditRoutes implements RouteGroup {
    private static final String AUDIT = "/v1/audit";
    private static final Set<String> FILTERS = Set.of("principal", "cube", "action", "since", "until");
    private static final Set<String> PAGED = Set.of("principal", "cube", "action", "since", "until", "limit", "cursor");

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(AUDIT, RequiredAccess.ADMINISTRATOR, AuditRoutes::list),
                Route.delete(AUDIT, RequiredAccess.ADMINISTRATOR, AuditRoutes::remove),
                Route.get(AUDIT + "/verify", RequiredAccess.ADMINISTRATOR, AuditRoutes::verify),
                Route.get(AUDIT + "/export", RequiredAccess.ADMINISTRATOR, AuditRoutes::export));
    }

    private static MemGovernance governance(HttpExchange exchange) {
        return exchange.memos().governance();
    }

    private static AuditFilter filter(HttpExchange exchange) {
        return new AuditFilter(
                exchange.queryParameter("principal"),
                exchange.queryParameter("cube").map(CubeId::of),
                exchange.queryParameter("action"),
                exchange.queryInstant("since"),
                exchange.queryInstant("until"));
    }

    private static void list(HttpExchange exchange) {
        exchange.rejectUnknownParameters(PAGED);
        Page<AuditEntry> page = governance(exchange)
                .audit(AuditQuery.ALL
                        .where(filter(exchange))
                        .limit(exchange.queryParameter("limit", 100, 1, AuditQuery.MAX_LIMIT))
                        .after(exchange.queryParameter("cursor").orElse("")));
        MemoryRoutes.respondPage(
                exchange,
                "entries",
                page.items().stream().map(AuditRoutes::entry).toList(),
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
        json.put("count", entry.count());
        return json;
    }

    /** Removes the entries from before an instant. */
    private static void remove(HttpExchange exchange) {
        exchange.rejectUnknownParameters(Set.of("before"));
        Instant before = exchange.queryInstant("before")
                .orElseThrow(() -> MemoryException.invalid(
                        "Parameter 'before' is missing. Name the instant before which entries are removed."));
        exchange.ok(Map.of("removed", governance(exchange).removeAudit(before)));
    }

    /** Verifies the log. A log that was tampered with is no error of the request: {@code intact} is false. */
    private static void verify(HttpExchange exchange) {
        exchange.rejectUnknownParameters(Set.of("trust", "known"));
        Set<String> trusted = Set.copyOf(exchange.queryParameters("trust"));
        Map<Long, String> noted = AuditVerification.parseNoted(exchange.queryParameters("known"));
        AuditVerification found = governance(exchange).verifyAudit(trusted, noted);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("intact", found.isIntact());
        json.put("entries", found.entries());
        json.put("first", found.first());
        json.put("last", found.last());
        json.put("hash", found.hash());
        json.put("checkpoints", found.checkpoints());
        json.put("signed_up_to", found.signedUpTo());
        json.put("public_key", found.publicKey());
        json.put("problems", found.problems());
        exchange.ok(json);
    }

    /** Streams the entries with their hashes, oldest first, one JSON object on each line. */
    private static void export(HttpExchange exchange) {
        exchange.rejectUnknownParameters(FILTERS);
        AuditFilter filter = filter(exchange);
        exchange.contentType("application/x-ndjson");
        try {
            OutputStream out = exchange.context().res().getOutputStream();
            governance(exchange).exportAudit(filter, each -> write(out, each));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(OutputStream out, AuditRecord each) {
        Map<String, Object> json = entry(each.entry());
        json.put("hash", each.hash());
        try {
            out.write((BoundedJson.text(json) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
