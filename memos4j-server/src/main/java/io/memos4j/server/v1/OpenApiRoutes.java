package io.memos4j.server.v1;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Serves {@code openapi.yaml} and a page that renders it. They contain no data and require no key. */
final class OpenApiRoutes implements RouteGroup {
    private static final String SWAGGER = "/META-INF/resources/webjars/swagger-ui/";
    private static final String VERSION = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";

    /** Swagger UI sets inline styles; scripts come from this server only. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> FILES = Map.of(
            "swagger-ui.css", "text/css", "swagger-ui-bundle.js", "text/javascript", "start.js", "text/javascript");

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><title>memos4j API</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="stylesheet" href="/docs/swagger-ui.css"></head>
            <body><div id="page"></div>
            <script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>
            </html>
            """;

    private static final String START = "SwaggerUIBundle({url: '/openapi.yaml', dom_id: '#page', validatorUrl: null,"
            + " persistAuthorization: false});";

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(
                        "/openapi.yaml",
                        RequiredAccess.PUBLIC,
                        exchange -> exchange.context()
                                .contentType("application/yaml")
                                .result(resource(OpenApiRoutes.class, "openapi.yaml"))),
                Route.get("/docs", RequiredAccess.PUBLIC, OpenApiRoutes::page),
                Route.get("/docs/{file}", RequiredAccess.PUBLIC, OpenApiRoutes::file));
    }

    private static void page(HttpExchange exchange) {
        exchange.header("Content-Security-Policy", POLICY);
        exchange.context().html(PAGE);
    }

    private static void file(HttpExchange exchange) {
        String name = exchange.pathParameter("file");
        String type = Optional.ofNullable(FILES.get(name))
                .orElseThrow(() -> new MemoryException(ErrorCode.ROUTE_NOT_FOUND, "There is no such file."));
        exchange.header("Cache-Control", "max-age=86400");
        exchange.context().contentType(type);
        if (name.equals("start.js")) {
            exchange.context().result(START);
        } else {
            exchange.context().result(resource(OpenApiRoutes.class, SWAGGER + version() + "/" + name));
        }
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream in = resource(OpenApiRoutes.class, VERSION)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static InputStream resource(Class<?> near, String name) {
        return Optional.ofNullable(near.getResourceAsStream(name))
                .orElseThrow(() -> new IllegalStateException("The build lacks " + name));
    }
}
