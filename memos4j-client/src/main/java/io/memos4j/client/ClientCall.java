package io.memos4j.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP call to the server.
 *
 * @param path the encoded path, with its query
 * @param body the body, to be written as JSON
 * @param repeatable true if sending it twice has the same effect and answer as sending it once
 * @param extraTime time that the answer may take beyond the usual timeout
 */
record ClientCall(
        String method,
        String path,
        Optional<Object> body,
        Map<String, String> headers,
        boolean repeatable,
        Duration extraTime) {
    static ClientCall get(String path) {
        return new ClientCall("GET", path, Optional.empty(), Map.of(), true, Duration.ZERO);
    }

    /** Returns a call that changes something; it is sent again only if the first try did not reach the server. */
    static ClientCall of(String method, String path) {
        return new ClientCall(method, path, Optional.empty(), Map.of(), false, Duration.ZERO);
    }

    ClientCall with(Object json) {
        return new ClientCall(method, path, Optional.of(json), headers, repeatable, extraTime);
    }

    ClientCall header(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(name, value);
        return new ClientCall(method, path, body, all, repeatable, extraTime);
    }

    ClientCall safeToRepeat() {
        return new ClientCall(method, path, body, headers, true, extraTime);
    }

    ClientCall withExtraTime(Duration longer) {
        return new ClientCall(method, path, body, headers, repeatable, longer);
    }

    /** Adds a query parameter. */
    ClientCall query(String name, Object value) {
        String next = path + (path.contains("?") ? "&" : "?") + name + "=" + encoded(value.toString());
        return new ClientCall(method, next, body, headers, repeatable, extraTime);
    }

    /** Encodes a path segment or the value of a parameter. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
