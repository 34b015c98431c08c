package io.memos4j.server.v1;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.Document;
import io.memos4j.api.items.Selection;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Routes for documents: {@code PUT /v1/cubes/{cube}/documents/handbook.pdf} with the bytes of the file as body. */
final class DocumentRoutes implements RouteGroup {
    @Override
    public List<Route> routes() {
        return List.of(
                Route.put("/v1/cubes/{cube}/documents/{name}", RequiredAccess.WRITE, DocumentRoutes::add),
                Route.delete("/v1/cubes/{cube}/documents/{name}", RequiredAccess.WRITE, DocumentRoutes::forget));
    }

    private static void add(HttpExchange exchange) {
        String name = exchange.pathParameter("name");
        Document document = new Document(
                name,
                format(exchange, name),
                exchange.bodyBytes(),
                exchange.queryInstant("time"),
                Set.copyOf(exchange.queryParameters("tag")),
                Map.of(),
                exchange.queryParameter("sensitivity").map(Sensitivity::parse).orElse(Sensitivity.INTERNAL));
        AddRequest request = AddRequestParser.withIdempotencyKey(exchange, AddRequest.of(List.of(document)));
        AddResult result =
                exchange.cubeForWriting(exchange.pathParameter("cube")).add(request);
        exchange.auditTarget(name);
        exchange.respond(201, ApiJson.added(result));
    }

    /** Determines the format by the media type, else by the file name extension. */
    private static Document.Format format(HttpExchange exchange, String name) {
        String type = exchange.header("Content-Type")
                .orElse("")
                .toLowerCase(Locale.ROOT)
                .split(";", 2)[0]
                .strip();
        Optional<Document.Format> format = switch (type) {
            case "text/plain" -> Optional.of(Document.Format.TEXT);
            case "text/markdown" -> Optional.of(Document.Format.MARKDOWN);
            case "text/html" -> Optional.of(Document.Format.HTML);
            case "application/pdf" -> Optional.of(Document.Format.PDF);
            case "text/csv" -> Optional.of(Document.Format.CSV);
            case "application/json" -> Optional.of(Document.Format.JSON);
            default -> Optional.empty();
        };
        return format.or(() -> Document.Format.ofName(name))
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                        "Cannot determine the format of '" + name
                                + "'. Send a Content-Type of text/plain, text/markdown, text/html,"
                                + " application/pdf, text/csv or application/json, or use a matching file extension."));
    }

    private static void forget(HttpExchange exchange) {
        exchange.auditTarget(exchange.pathParameter("name"));
        MemoryRoutes.respondDeleted(exchange, exchange.cube(), Selection.source(exchange.pathParameter("name")));
    }
}
