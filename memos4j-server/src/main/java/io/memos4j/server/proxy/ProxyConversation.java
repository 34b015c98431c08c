package io.memos4j.server.proxy;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import io.memos4j.server.http.HttpExchange;

/**
 * One call of the proxy: what was asked, and the cube and session that it belongs to.
 *
 * @param name how the caller calls the cube
 * @param cube which need not exist yet
 * @param session empty for none
 */
record ProxyConversation(ChatCompletionRequest request, String name, CubeId cube, String session) {
    private static final String STANDARD = "default";
    private static final int LONGEST_SESSION = 200;

    /** The cube by header, else by the end user whom the request names; refused if the caller may not read it. */
    static ProxyConversation of(HttpExchange exchange, ChatCompletionRequest request) {
        String name = exchange.header("X-Memos4j-Cube")
                .orElse(request.user().isBlank() ? STANDARD : request.user().strip());
        String session = exchange.header("X-Memos4j-Session").map(String::strip).orElse("");
        if (session.length() > LONGEST_SESSION) {
            throw MemoryException.invalid("Header X-Memos4j-Session has at most " + LONGEST_SESSION + " characters.");
        }
        return new ProxyConversation(request, name, exchange.requirePermission(name, Permission.READ), session);
    }
}
