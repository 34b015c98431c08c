package io.memos4j.server.proxy;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.server.http.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;

/**
 * HTTP client for the provider behind the proxy. The provider gets its own key, never the client's credentials.
 * Thread-safe.
 */
final class UpstreamClient {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int LARGEST = 64 << 20;

    /** The headers of the client that are forwarded. */
    private static final List<String> NAMES = List.of("accept", "user-agent", "idempotency-key");

    private static final String OPENAI = "openai-";

    private final ProxyConfig config;
    private final HttpClient client;

    UpstreamClient(ProxyConfig config) {
        this.config = config;
        boolean secure = "https".equals(config.upstream().getScheme());
        this.client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                // Over clear text the client would request an HTTP/2 upgrade, which some servers cannot handle.
                .version(secure ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                .executor(Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("memos4j-upstream-", 0).factory()))
                .build();
    }

    /** A response whose status and headers have arrived. Must be closed. */
    final class Reply implements AutoCloseable {
        private final int status;
        private final HttpHeaders headers;
        private final UpstreamBodyReader chunks = new UpstreamBodyReader();

        private Reply(HttpResponse<Flow.Publisher<List<ByteBuffer>>> response) {
            status = response.statusCode();
            headers = response.headers();
            response.body().subscribe(chunks);
        }

        int status() {
            return status;
        }

        boolean ok() {
            return status / 100 == 2;
        }

        Optional<String> header(String name) {
            return headers.firstValue(name);
        }

        HttpHeaders headers() {
            return headers;
        }

        boolean streams() {
            return header("Content-Type")
                    .filter(type -> type.toLowerCase(Locale.ROOT).startsWith("text/event-stream"))
                    .isPresent();
        }

        /** Returns the next chunk of the body; empty at the end. */
        Optional<byte[]> next() throws IOException {
            try {
                return chunks.next(config.timeout());
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }

        /** Reads the whole body. */
        byte[] whole() {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            try {
                for (Optional<byte[]> piece = next(); piece.isPresent(); piece = next()) {
                    body.writeBytes(piece.get());
                    if (body.size() > LARGEST) {
                        throw new MemoryException(ErrorCode.UPSTREAM_FAILED, "The provider's answer is too large.");
                    }
                }
                return body.toByteArray();
            } catch (IOException e) {
                throw new MemoryException(ErrorCode.UPSTREAM_FAILED, "The provider's answer broke off.", e);
            }
        }

        @Override
        public void close() {
            chunks.close();
        }
    }

    /**
     * Sends a request; returns when the status and headers of the response have arrived.
     *
     * @param path relative to the base URL
     * @throws MemoryException if there is no response
     */
    Reply send(HttpExchange exchange, String path, Optional<byte[]> body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address(path)).timeout(config.timeout());
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
        try {
            return new Reply(client.send(request.build(), BodyHandlers.ofPublisher()));
        } catch (HttpTimeoutException e) {
            throw timedOut(config.timeout());
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.UPSTREAM_FAILED, "The provider cannot be reached.", e);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private URI address(String path) {
        return URI.create(config.upstream().toString().replaceAll("/+$", "") + path);
    }

    static MemoryException timedOut(Duration patience) {
        return new MemoryException(ErrorCode.TIMEOUT, "The provider sent nothing for " + patience.toSeconds() + " s.");
    }

    private static MemoryException interrupted() {
        Thread.currentThread().interrupt();
        return new MemoryException(ErrorCode.INTERRUPTED, "The request was interrupted. Try again.");
    }
}
