package io.memos4j.client;

import io.memos4j.http.HttpRetrier;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * A client of a memory server.
 *
 * <pre>{@code
 * var memory = MemoryClient.connect("http://127.0.0.1:7070", System.getenv("MEMOS4J_KEY"));
 * var alice = memory.cube("alice");
 *
 * alice.add(Remember.messages(
 *                 Saying.user("I moved to Lyon last week.").by("Alice"),
 *                 Saying.assistant("How do you like it?"))
 *         .in("monday"));
 *
 * Found found = alice.search(Query.of("Where does Alice live?").limit(5).maxTokens(512));
 * System.out.println(found.context());
 *
 * Memory first = found.hits().get(0).memory();
 * alice.update(first, Edit.none().tags("home"));  // refused if somebody else has changed it meanwhile
 * alice.list().filter(each -> each.type().equals("message")).forEach(each -> System.out.println(each.text()));
 * alice.forget(first.id());
 * }</pre>
 *
 * <p>Calls block and can be interrupted. They fail with {@link MemoryClientException}. What is safe to repeat is
 * repeated after a failure of the network or of the server, with growing pauses; adds are safe, since each has an
 * idempotency key. Thread-safe; one client for a whole application is best, because it keeps connections.
 */
public final class MemoryClient {
    private final ClientTransport wire;

    private MemoryClient(ClientTransport wire) {
        this.wire = wire;
    }

    /**
     * A client of the server at {@code url}; no call is made yet.
     *
     * @param url as the server prints it when it starts
     * @param key that opens the cubes
     */
    public static MemoryClient connect(String url, String key) {
        return connect(url, key, ClientOptions.DEFAULT);
    }

    public static MemoryClient connect(String url, String key, ClientOptions setting) {
        return connect(url, key, setting, duration -> Thread.sleep(duration.toMillis()));
    }

    static MemoryClient connect(String url, String key, ClientOptions setting, HttpRetrier.Pause pause) {
        URI base = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
        String scheme = String.valueOf(base.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https") || base.getHost() == null) {
            throw new IllegalArgumentException(
                    "The address of a server looks like http://127.0.0.1:7070, this one is " + url);
        }
        return new MemoryClient(new ClientTransport(base, key, setting, pause));
    }

    /**
     * A cube of this name; it need not exist yet, the first add makes it. {@code @space/name} for one that somebody
     * else granted.
     */
    public CubeClient cube(String name) {
        return new CubeClient(wire, name);
    }

    /** The names of the cubes that the key opens. */
    public List<String> cubes() {
        return wire.json(ClientCall.get("/v1/cubes"))
                .path("cubes")
                .valueStream()
                .map(cube -> cube.path("cube").asString())
                .toList();
    }

    /** Searches several cubes as one. */
    public SearchResult search(List<String> cubes, SearchRequest query) {
        ClientCall call = ClientCall.of("POST", "/v1/search")
                .with(query.over(cubes).fields())
                .safeToRepeat();
        return CubeClient.found(wire.json(call));
    }

    /** The background work. */
    public TaskClient tasks() {
        return new TaskClient(wire);
    }

    /** Whether a server answers that can do its work, for this key. */
    public boolean ready() {
        JsonNode json = wire.json(ClientCall.get("/v1/ready"));
        return json.path("status").asString("").equals("ready");
    }
}
