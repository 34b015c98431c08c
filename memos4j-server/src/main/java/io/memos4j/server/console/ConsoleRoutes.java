package io.memos4j.server.console;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Serves the files of the console. They contain no data and require no key: the page calls the native API with the key
 * that the user enters.
 *
 * <p>Only the files listed here are served. The content security policy keeps the page from loading anything from
 * elsewhere, from running any other script, and from turning text into markup.
 */
public final class ConsoleRoutes implements RouteGroup {
    private static final String PAGE = "index.html";

    private static final List<String> FILES = List.of(
            PAGE,
            "icon.svg",
            "base.css",
            "views.css",
            "access.js",
            "actions.js",
            "api.js",
            "app.js",
            "audit.js",
            "changes.js",
            "cube.js",
            "cubes.js",
            "diff.js",
            "dom.js",
            "feedback.js",
            "format.js",
            "graph.js",
            "history.js",
            "item.js",
            "keys.js",
            "list.js",
            "login.js",
            "memories.js",
            "overview.js",
            "router.js",
            "search.js",
            "tasks.js",
            "timeline.js",
            "usage.js");

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                    + " require-trusted-types-for 'script'; trusted-types 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer");

    private final Map<String, ConsoleAsset> assets = new TreeMap<>();

    public ConsoleRoutes() {
        FILES.forEach(name -> assets.put(name, ConsoleAsset.load(name)));
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/", RequiredAccess.PUBLIC, exchange -> send(exchange, PAGE)),
                Route.get("/console", RequiredAccess.PUBLIC, ConsoleRoutes::toPage),
                Route.get(
                        "/console/{file}",
                        RequiredAccess.PUBLIC,
                        exchange -> send(exchange, exchange.pathParameter("file"))));
    }

    private static void toPage(HttpExchange exchange) {
        protect(exchange);
        exchange.header("Location", "/");
        exchange.context().status(302);
    }

    private void send(HttpExchange exchange, String name) {
        protect(exchange);
        Optional.ofNullable(assets.get(name))
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.ROUTE_NOT_FOUND, "The console has no such file. Its start page is /."))
                .send(exchange);
    }

    private static void protect(HttpExchange exchange) {
        HEADERS.forEach(exchange::header);
    }
}
