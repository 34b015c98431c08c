package io.memos4j.server.http;

/**
 * An entry of the route table.
 *
 * @param method in upper case
 * @param path with {@code {name}} for a variable segment; a segment {@code {cube}} names the cube that the route
 *     operates on
 * @param access the access required of the caller
 * @param audited whether requests are written to the audit
 * @param handler handles authorized requests
 * @param waits whether requests mostly wait, for a model or a task, and therefore take no place among those that run
 */
public record Route(
        String method, String path, RequiredAccess access, boolean audited, Handler handler, boolean waits) {
    /** Handles a request whose caller has the required access. */
    @FunctionalInterface
    public interface Handler {
        void handle(HttpExchange exchange) throws Exception;
    }

    /** The segment that names a cube. */
    static final String CUBE = "{cube}";

    public static Route of(String method, String path, RequiredAccess access, Handler handler) {
        return new Route(method, path, access, access.changes() && !"GET".equals(method), handler, false);
    }

    public static Route get(String path, RequiredAccess access, Handler handler) {
        return of("GET", path, access, handler);
    }

    public static Route post(String path, RequiredAccess access, Handler handler) {
        return of("POST", path, access, handler);
    }

    public static Route put(String path, RequiredAccess access, Handler handler) {
        return of("PUT", path, access, handler);
    }

    public static Route patch(String path, RequiredAccess access, Handler handler) {
        return of("PATCH", path, access, handler);
    }

    public static Route delete(String path, RequiredAccess access, Handler handler) {
        return of("DELETE", path, access, handler);
    }

    /** Returns a copy whose requests mostly wait. */
    public Route waiting() {
        return new Route(method, path, access, audited, handler, true);
    }

    /** Returns whether the path names the cube that the route operates on. */
    public boolean hasCube() {
        return path.contains(CUBE);
    }

    /** Returns the name in metrics and the audit, such as {@code GET /v1/cubes}. */
    public String name() {
        return method + " " + path;
    }
}
