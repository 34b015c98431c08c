package io.memos4j.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An answer whose head has arrived and whose body is read as it comes. For one thread. Closing it gives up what was not
 * read, and with it the connection.
 */
public final class HttpResponseStream implements AutoCloseable {
    private final HttpResponse<ResponseBody> response;
    private final WaitLimit limit;
    private final Runnable atClose;

    HttpResponseStream(HttpResponse<ResponseBody> response, WaitLimit limit, Runnable atClose) {
        this.response = response;
        this.limit = limit;
        this.atClose = atClose;
    }

    public int status() {
        return response.statusCode();
    }

    /** Tells whether the status is 2xx. */
    public boolean isSuccess() {
        return status() / 100 == 2;
    }

    public HttpHeaders headers() {
        return response.headers();
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return headers().firstValue(name);
    }

    /** Waits for the next bytes and returns them; an empty array at the end. */
    public byte[] read() throws HttpCallException, InterruptedException {
        return response.body().next(limit);
    }

    /**
     * Reads the whole body.
     *
     * @throws HttpCallException also {@link HttpFailureKind#ANSWER_TOO_LARGE}, as soon as it is
     */
    public byte[] readAll(long maxBytes) throws HttpCallException, InterruptedException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] piece = read(); piece.length > 0; piece = read()) {
            requireBounded(body.size() + (long) piece.length, maxBytes);
            body.writeBytes(piece);
        }
        return body.toByteArray();
    }

    /** Reads the whole body as {@link #readAll} does, decoded as UTF-8. */
    public String readText(long maxBytes) throws HttpCallException, InterruptedException {
        return new String(readAll(maxBytes), StandardCharsets.UTF_8);
    }

    /**
     * Copies the whole body.
     *
     * @throws IOException if writing fails, or {@link HttpCallException} as {@link #readAll} has it
     */
    public void copyTo(OutputStream target, long maxBytes) throws IOException, InterruptedException {
        long copied = 0;
        for (byte[] piece = read(); piece.length > 0; piece = read()) {
            copied += piece.length;
            requireBounded(copied, maxBytes);
            target.write(piece);
        }
    }

    private static void requireBounded(long bytes, long maxBytes) throws HttpCallException {
        if (bytes > maxBytes) {
            throw HttpCallException.tooLarge(maxBytes);
        }
    }

    /** Reads the body as server-sent events, none of which is longer than {@code maxBytes}. */
    public ServerSentEventReader events(int maxBytes) {
        return new ServerSentEventReader(this::read, new ServerSentEventDecoder(maxBytes));
    }

    /**
     * Reads the beginning of the body, at most {@code maxBytes} of it, and returns the failure that the status stands
     * for.
     */
    public HttpCallException failure(int maxBytes) throws HttpCallException, InterruptedException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] piece = read();
        while (piece.length > 0 && body.size() < maxBytes) {
            body.write(piece, 0, Math.min(piece.length, maxBytes - body.size()));
            piece = body.size() < maxBytes ? read() : piece;
        }
        return new HttpCallException(
                status(),
                body.toString(StandardCharsets.UTF_8),
                header("Retry-After").orElse(""));
    }

    @Override
    public void close() {
        atClose.run();
        response.body().cancel();
    }
}
