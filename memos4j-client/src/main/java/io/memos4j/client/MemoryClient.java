package io.memos4j.client;

import io.memos4j.http.HttpEndpoints;
import io.memos4j.http.HttpRetrier;
import java.net.URI;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A client of a memory server.
 *
 * <pre>{@code
 * var memory = MemoryClient.connect("http://127.0.0.1:7070", System.getenv("MEMOS4J_KEY"));
 * var alice = memory.cube("alice");
 *
 * alice.add(AddRequest.messages(
 *                 Message.user("I moved to Lyon last week.").by("Alice"),
 *                 Message.assistant("How do you like it?"))
 *         .in("monday"));
 *
 * SearchResult result = alice.search(SearchRequest.of("Where does Alice live?").limit(5).maxTokens(512));
 * System.out.println(result.context());
 *
 * MemoryRecord first = result.hits().get(0).memory();
 * alice.update(first, ItemEdit.none().tags("home"));  // fails if it has changed in the meantime
 * alice.list().filter(each -> each.type().equals("message")).forEach(each -> System.out.println(each.text()));
 * alice.delete(first.id());
 * }</pre>
 *
 * <p>Calls block and can be interrupted. They fail with {@link MemoryClientException}. Calls that are safe to repeat
 * are retried after a failure of the network or of the server, with growing pauses; adds are safe, because each has an
 * idempotency key. Thread-safe; an application should share one client, because it keeps connections open.
 */
public final class MemoryClient {
    private static final String OWNER = "a memory server";

    private final ClientTransport transport;

    private MemoryClient(ClientTransport transport) {
        this.transport = transport;
    }

    /**
     * Returns a client of the server at {@code url}; no call is made yet.
     *
     * @param url the address that the server prints when it starts
     * @param key the API key
     */
    public static MemoryClient connect(String url, String key) {
        return connect(url, key, ClientOptions.DEFAULT);
    }

    /** Returns a client with other timeouts and retries. */
    public static MemoryClient connect(String url, String key, ClientOptions options) {
        return connect(url, key, options, duration -> Thread.sleep(duration.toMillis()));
    }

    static MemoryClient connect(String url, String key, ClientOptions options, HttpRetrier.Pause pause) {
        URI base = HttpEndpoints.requireBase(URI.create(url), OWNER, IllegalArgumentException::new);
        String secret = HttpEndpoints.requireKey(key, OWNER, IllegalArgumentException::new);
        return new MemoryClient(new ClientTransport(base, secret, options, pause));
    }

    /** Returns a client of a cube. The first add creates the cube. A granted cube has the name {@code @space/name}. */
    public CubeClient cube(String name) {
        return new CubeClient(transport, name);
    }

    /** Returns the names of the cubes that the key may use. */
    public List<String> cubes() {
        return transport
                .json(ClientCall.get("/v1/cubes"))
                .path("cubes")
                .valueStream()
                .map(cube -> cube.path("cube").asString())
                .toList();
    }

    /** Searches several cubes as one. */
    public SearchResult search(List<String> cubes, SearchRequest request) {
        ClientCall call = ClientCall.of("POST", "/v1/search")
                .with(request.over(cubes).fields())
                .safeToRepeat();
        return CubeClient.parse(transport.json(call));
    }

    /** Returns a client of the background tasks. */
    public TaskClient tasks() {
        return new TaskClient(transport);
    }

    /** Returns true if the server is ready and accepts the key. */
    public boolean ready() {
        JsonNode json = transport.json(ClientCall.get("/v1/ready"));
        return json.path("status").asString("").equals("ready");
    }
}
