package io.memos4j.server.http;

/**
 * One line of the route table.
 *
 * @param method in capitals
 * @param path with {@code {name}} for a segment; a segment {@code {cube}} names the cube that the route is about
 * @param need what the caller must hold
 * @param audited whether calls are written to the audit
 * @param handler answers
 */
public record Route(String method, String path, RequiredAccess access, boolean audited, Handler handler) {
    /** Answers a call whose caller has been found to hold what the route needs. */
    @FunctionalInterface
    public interface Handler {
        void handle(HttpExchange exchange) throws Exception;
    }

    /** The segment that names a cube. */
    static final String CUBE = "{cube}";

    public static Route of(String method, String path, RequiredAccess need, Handler handler) {
        return new Route(method, path, need, need.changes() && !"GET".equals(method), handler);
    }

    public static Route get(String path, RequiredAccess need, Handler handler) {
        return of("GET", path, need, handler);
    }

    public static Route post(String path, RequiredAccess need, Handler handler) {
        return of("POST", path, need, handler);
    }

    public static Route put(String path, RequiredAccess need, Handler handler) {
        return of("PUT", path, need, handler);
    }

    public static Route patch(String path, RequiredAccess need, Handler handler) {
        return of("PATCH", path, need, handler);
    }

    public static Route delete(String path, RequiredAccess need, Handler handler) {
        return of("DELETE", path, need, handler);
    }

    /** Whether the route is about one cube, which its path names. */
    public boolean hasCube() {
        return path.contains(CUBE);
    }

    /** How metrics and the audit name it. */
    public String name() {
        return method + " " + path;
    }
}
