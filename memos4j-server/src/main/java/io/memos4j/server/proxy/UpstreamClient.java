package io.memos4j.server.proxy;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.http.HttpCallException;
import io.memos4j.http.HttpEndpoints;
import io.memos4j.http.HttpFailureKind;
import io.memos4j.http.HttpResponseStream;
import io.memos4j.http.HttpTransport;
import io.memos4j.http.WaitLimit;
import io.memos4j.server.http.HttpExchange;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;

/**
 * HTTP client for the provider behind the proxy. The provider gets its own key, never the client's credentials.
 * Thread-safe.
 */
final class UpstreamClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int MAX_BYTES = 64 << 20;

    /** The headers of the client that are forwarded. */
    private static final List<String> NAMES = List.of("accept", "user-agent", "idempotency-key");

    private static final String OPENAI = "openai-";

    private final ProxyConfig config;
    private final HttpTransport transport;

    UpstreamClient(ProxyConfig config) {
        this.config = config;
        boolean secure = "https".equals(config.upstream().getScheme());
        this.transport = new HttpTransport(HttpTransport.clientBuilder(CONNECT)
                .version(secure ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                .executor(Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("memos4j-upstream-", 0).factory()))
                .build());
    }

    /** A response whose status and headers have arrived. Must be closed. */
    final class Reply implements AutoCloseable {
        private final HttpResponseStream response;

        private Reply(HttpResponseStream response) {
            this.response = response;
        }

        int status() {
            return response.status();
        }

        boolean ok() {
            return response.isSuccess();
        }

        Optional<String> header(String name) {
            return response.header(name);
        }

        HttpHeaders headers() {
            return response.headers();
        }

        boolean streams() {
            return header("Content-Type")
                    .filter(type -> type.toLowerCase(Locale.ROOT).startsWith("text/event-stream"))
                    .isPresent();
        }

        /** Waits for the next bytes; an empty array at the end. */
        byte[] next() {
            return read(response::read);
        }

        /** Reads the whole body. A refusal that repeats the provider's key comes without it. */
        byte[] whole() {
            byte[] body = read(() -> response.readAll(MAX_BYTES));
            if (ok() || config.apiKey().isEmpty()) {
                return body;
            }
            String text = new String(body, StandardCharsets.ISO_8859_1);
            return text.replace(config.apiKey(), "***").getBytes(StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() {
            response.close();
        }
    }

    /** Ends running calls. */
    @Override
    public void close() {
        transport.close();
    }

    private interface Read<T> {
        T run() throws HttpCallException, InterruptedException;
    }

    private <T> T read(Read<T> read) {
        try {
            return read.run();
        } catch (HttpCallException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "The request was interrupted. Try again.", e);
        }
    }

    private MemoryException failure(HttpCallException failure) {
        if (failure.isConnectTimeout() || failure.kind() == HttpFailureKind.TIMED_OUT) {
            return new MemoryException(
                    ErrorCode.TIMEOUT,
                    "The provider sent nothing for " + config.timeout().toSeconds() + " s.");
        }
        return switch (failure.kind()) {
            case ANSWER_TOO_LARGE ->
                new MemoryException(ErrorCode.UPSTREAM_FAILED, "The provider's answer is too large.");
            case NOT_CONNECTED ->
                new MemoryException(ErrorCode.UPSTREAM_FAILED, "The provider cannot be reached.", failure);
            default -> new MemoryException(ErrorCode.UPSTREAM_FAILED, "The provider's answer broke off.", failure);
        };
    }

    /**
     * Sends a request; returns when the status and headers of the response have arrived.
     *
     * @param path relative to the base URL
     * @throws MemoryException if there is no response
     */
    Reply send(HttpExchange exchange, String path, Optional<byte[]> body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(HttpEndpoints.resolve(config.upstream(), path));
        body.ifPresentOrElse(
                bytes -> request.POST(BodyPublishers.ofByteArray(bytes)).header("Content-Type", "application/json"),
                request::GET);
        if (!config.apiKey().isEmpty()) {
            request.header("Authorization", "Bearer " + config.apiKey());
        }
        for (String name : Collections.list(exchange.context().req().getHeaderNames())) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (NAMES.contains(lower) || lower.startsWith(OPENAI)) {
                exchange.header(name).ifPresent(value -> request.setHeader(name, value));
            }
        }
        return read(() -> new Reply(transport.send(request.build(), WaitLimit.perWait(config.timeout()))));
    }
}
