package io.memos4j.server;

import io.memos4j.api.access.KeyRequest;
import io.memos4j.api.access.Permission;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real server on a free port of this machine, over an engine in a folder of the test, and a client that speaks to it
 * and holds every answer of the native API against its contract.
 */
public final class RunningServer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final MemOs memos;
    private final MemoryServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    private RunningServer(MemOs memos, MemoryServer server) {
        this.memos = memos;
        this.server = server;
    }

    public static RunningServer at(Path directory) {
        return at(directory, UnaryOperator.identity());
    }

    /** Starts without an embedder, so that no test depends on a model. */
    public static RunningServer at(Path directory, UnaryOperator<ServerConfig> change) {
        return over(MemOs.open(MemOsConfig.at(directory).withoutEmbedder()), change);
    }

    public static RunningServer over(MemOs memos, UnaryOperator<ServerConfig> change) {
        return new RunningServer(
                memos,
                MemoryServer.start(memos, change.apply(ServerConfig.defaults().withPort(0))));
    }

    public MemOs memos() {
        return memos;
    }

    public MemoryServer server() {
        return server;
    }

    /** Returns the secret of the administrator's first key. */
    public String adminKey() {
        return server.firstKey().orElseThrow().secret();
    }

    /** Creates a principal and a key with this scope; returns the secret. */
    public String keyOf(String principal, Permission scope) {
        var governance = memos.governance();
        if (governance.principals().stream().noneMatch(each -> each.name().equals(principal))) {
            governance.create(principal, false);
        }
        return governance.issue(KeyRequest.of(principal).scope(scope)).secret();
    }

    public URI url(String path) {
        return URI.create(server.url() + path);
    }

    /** A response, with its body parsed if it is JSON. */
    public record Answer(int status, JsonNode json, HttpResponse<String> response) {
        public JsonNode at(String pointer) {
            return json.at(pointer);
        }

        public String text(String pointer) {
            return json.at(pointer).asString();
        }
    }

    public Answer get(String key, String path) {
        return send(key, "GET", path, "");
    }

    public Answer put(String key, String path, String body) {
        return send(key, "PUT", path, body);
    }

    public Answer post(String key, String path, String body) {
        return send(key, "POST", path, body);
    }

    public Answer send(String key, String method, String path, String body) {
        return send(key, method, path, body, Map.of());
    }

    /** Sends a request. An empty key sends none; single quotes in the body stand for double quotes. */
    public Answer send(String key, String method, String path, String body, Map<String, String> headers) {
        return exchange(key, method, path, body.replace('\'', '"'), headers);
    }

    /** Returns the content encoding of the response for a client that accepts gzip. */
    public Optional<String> encoding(String key, String path) {
        HttpRequest request = HttpRequest.newBuilder(url(path))
                .header("Authorization", "Bearer " + key)
                .header("Accept-Encoding", "gzip")
                .build();
        try {
            return client.send(request, BodyHandlers.discarding()).headers().firstValue("Content-Encoding");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends a request with a raw body. */
    public Answer raw(String key, String method, String path, String body) {
        return exchange(key, method, path, body, Map.of());
    }

    /** Sends a request with a raw body and additional headers. */
    Answer exchange(String key, String method, String path, String body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url(path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        headers.forEach(request::setHeader);
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            String type = response.headers().firstValue("Content-Type").orElse("");
            boolean json = type.contains("json") && !type.contains("ndjson");
            JsonNode answer = json ? JSON.readTree(response.body()) : JSON.createObjectNode();
            ContractCheck.check(method, path, response.statusCode(), type, answer);
            return new Answer(response.statusCode(), answer, response);
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.close();
        memos.close();
        client.close();
    }
}
