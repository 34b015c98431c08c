package io.memos4j.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The routes of a server, in the order in which they are matched. Filled before the server starts, then only read. */
final class RouteTable {
    private final List<Route> routes = new ArrayList<>();

    void add(Route route) {
        routes.add(route);
    }

    List<Route> list() {
        return List.copyOf(routes);
    }

    /** Returns the HTTP methods that {@code path} answers to, sorted; empty if no route matches it. */
    List<String> methodsOf(String path) {
        return routes.stream()
                .filter(route -> matches(route.path(), path))
                .map(Route::method)
                .distinct()
                .sorted()
                .toList();
    }

    private static boolean matches(String pattern, String path) {
        String regex = Pattern.compile("\\{[^}]+}")
                        .splitAsStream(pattern)
                        .map(Pattern::quote)
                        .reduce((a, b) -> a + "[^/]+" + b)
                        .orElse("")
                + (pattern.endsWith("}") ? "[^/]+" : "");
        return path.replaceAll("/+$", "").matches(regex);
    }
}
