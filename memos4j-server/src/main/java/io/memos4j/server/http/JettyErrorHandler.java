package io.memos4j.server.http;

import io.memos4j.api.ErrorCode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.jspecify.annotations.Nullable;

/** Reports requests that Jetty rejects before routing, such as a malformed header or URL, as RFC 9457 problems. */
final class JettyErrorHandler extends ErrorHandler {
    private static final int SERVER_ERROR = 500;

    JettyErrorHandler() {
        setDefaultResponseMimeType("application/json");
    }

    @Override
    protected void writeErrorJson(
            Request request, PrintWriter writer, int code, @Nullable String message, @Nullable Throwable cause) {
        ErrorCode known = code < SERVER_ERROR ? ErrorCode.INVALID_ARGUMENT : ErrorCode.INTERNAL;
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", "urn:memos4j:error:" + known.id());
        json.put("title", known.id().replace('_', ' '));
        json.put("status", code);
        json.put("detail", "The request cannot be read: " + (message == null ? "status " + code : message) + ".");
        json.put("code", known.id());
        json.put("retryable", false);
        json.put("request_id", "");
        writer.write(BoundedJson.text(json));
    }
}
