package io.memos4j.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One call to be made.
 *
 * @param path encoded, with its query
 * @param body as JSON
 * @param repeatable whether doing it twice is the same as once, and gives the same answer
 * @param more how much longer than usual the answer may take
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

    /** A call that changes something, and is not repeated unless it is known not to have been begun. */
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

    /** With a parameter. */
    ClientCall query(String name, Object value) {
        String next = path + (path.contains("?") ? "&" : "?") + name + "=" + encoded(value.toString());
        return new ClientCall(method, next, body, headers, repeatable, extraTime);
    }

    /** A segment of a path, or a value of a parameter. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
