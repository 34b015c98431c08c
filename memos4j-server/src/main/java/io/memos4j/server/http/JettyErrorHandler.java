package io.memos4j.server.http;

import io.memos4j.api.ErrorCode;
import java.io.PrintWriter;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Reports requests that Jetty rejects before routing, such as a malformed header or URL, as RFC 9457 problems. */
final class JettyErrorHandler extends ErrorHandler {
    private static final int SERVER_ERROR = 500;

    JettyErrorHandler() {
        setDefaultResponseMimeType("application/json");
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        return super.handle(request, response, callback);
    }

    @Override
    protected void writeErrorJson(
            Request request, PrintWriter writer, int code, @Nullable String message, @Nullable Throwable cause) {
        ErrorCode known = code < SERVER_ERROR ? ErrorCode.INVALID_ARGUMENT : ErrorCode.INTERNAL;
        String reason = message == null ? "status " + code : message;
        ProblemDetail problem = new ProblemDetail(known, code, "The request cannot be read: " + reason + ".");
        writer.write(BoundedJson.text(problem.json("")));
    }
}
