package io.memos4j.server.proxy;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import io.memos4j.api.privacy.Reader;
import io.memos4j.server.http.HttpExchange;

/**
 * A request to the proxy, with the cube and the session that it belongs to.
 *
 * @param name the caller's name of the cube
 * @param cube the cube, which need not exist yet
 * @param session empty for none
 * @param own whether the caller owns the cube, whose profile is then the caller's
 * @param reader the caller, behind whom the model upstream reads what is recalled
 */
record ProxyConversation(
        ChatCompletionRequest request, String name, CubeId cube, String session, boolean own, Reader reader) {
    private static final String DEFAULT_CUBE = "default";
    private static final int LONGEST_SESSION = 200;

    /**
     * Determines the cube by header, else by the end user that the request names. Rejects callers that may not read it.
     */
    static ProxyConversation of(HttpExchange exchange, ChatCompletionRequest request) {
        String name = exchange.header("X-Memos4j-Cube")
                .orElse(request.user().isBlank() ? DEFAULT_CUBE : request.user().strip());
        String session = exchange.header("X-Memos4j-Session").map(String::strip).orElse("");
        if (session.length() > LONGEST_SESSION) {
            throw MemoryException.invalid(
                    "Header X-Memos4j-Session must have at most " + LONGEST_SESSION + " characters.");
        }
        CubeId cube = exchange.requirePermission(name, Permission.READ);
        return new ProxyConversation(
                request,
                name,
                cube,
                session,
                exchange.isOwn(cube),
                exchange.reader(cube).throughModel());
    }
}
