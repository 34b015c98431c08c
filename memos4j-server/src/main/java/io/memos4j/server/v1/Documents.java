package io.memos4j.server.v1;

import io.memos4j.api.AddRequest;
import io.memos4j.api.AddResult;
import io.memos4j.api.Document;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Files as they are: {@code PUT /v1/cubes/{cube}/documents/handbook.pdf} with the bytes as body. */
final class Documents implements Surface {
    private final int mostBytes;

    Documents(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.put("/v1/cubes/{cube}/documents/{name}", Need.WRITE, this::add),
                Route.delete("/v1/cubes/{cube}/documents/{name}", Need.WRITE, Documents::forget));
    }

    private void add(Exchange exchange) {
        String name = exchange.path("name");
        Document document = new Document(
                name,
                format(exchange, name),
                exchange.bytes(mostBytes),
                exchange.queryInstant("time"),
                Set.copyOf(exchange.queries("tag")),
                java.util.Map.of());
        AddRequest request = AddRequest.of(List.of(document));
        AddRequest keyed = exchange.header("Idempotency-Key")
                .map(request::withIdempotencyKey)
                .orElse(request);
        AddResult result = exchange.cubeToAddTo(exchange.path("cube")).add(keyed);
        exchange.target(name);
        exchange.answer(201, Shapes.added(result));
    }

    /** By the type of the body, else by the ending of the name. */
    private static Document.Format format(Exchange exchange, String name) {
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
                        "It cannot be told what '" + name
                                + "' is. Send a Content-Type of text/plain, text/markdown, text/html,"
                                + " application/pdf, text/csv or application/json, or a name that ends like it."));
    }

    private static void forget(Exchange exchange) {
        exchange.target(exchange.path("name"));
        Memories.forgotten(exchange, exchange.cube(), io.memos4j.api.Selection.source(exchange.path("name")));
    }
}
