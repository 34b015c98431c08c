package io.memos4j.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** One cube of a server. Thread-safe; costs nothing to make. */
public final class CubeClient {
    /** Entries fetched at once. */
    private static final int PAGE = 200;

    private static final String ITEM_NOT_FOUND = "item_not_found";

    private final ClientTransport wire;
    private final String name;
    private final String path;

    CubeClient(ClientTransport wire, String name) {
        this.wire = wire;
        this.name = name;
        this.path = "/v1/cubes/" + ClientCall.encoded(name);
    }

    public String name() {
        return name;
    }

    /** Makes the cube, unless it is there. */
    public CubeSummary create() {
        return wire.as(CubeSummary.class, ClientCall.of("PUT", path).safeToRepeat());
    }

    /** What it holds. */
    public CubeSummary describe() {
        return wire.as(CubeSummary.class, ClientCall.get(path));
    }

    /** Deletes the cube with everything in it. */
    public void deleteCube() {
        wire.sendForStatus(ClientCall.of("DELETE", path));
    }

    // Remembering.

    /** Remembers a note. */
    public AddResult add(String note) {
        return add(AddRequest.notes(note));
    }

    /** Remembers messages that belong to no session. */
    public AddResult add(List<Message> messages) {
        return add(AddRequest.messages(messages));
    }

    /**
     * Remembers. Durable, and found by words, when this returns; the tasks that it names do the rest. Safe to repeat.
     */
    public AddResult add(AddRequest what) {
        String once = what.idempotencyKey().orElseGet(() -> UUID.randomUUID().toString());
        return wire.as(
                AddResult.class,
                ClientCall.of("POST", path + "/memories")
                        .with(what.json())
                        .header("Idempotency-Key", once)
                        .withExtraTime(what.waiting().orElse(Duration.ZERO))
                        .safeToRepeat());
    }

    // Asking.

    public SearchResult search(String query) {
        return search(SearchRequest.of(query));
    }

    public SearchResult search(SearchRequest query) {
        return found(wire.json(
                ClientCall.of("POST", path + "/search").with(query.fields()).safeToRepeat()));
    }

    static SearchResult found(JsonNode json) {
        return new SearchResult(
                json.path("hits").valueStream().map(CubeClient::hit).toList(),
                json.path("context").asString(""),
                json.path("context_tokens").asInt(0),
                ClientJson.list(SearchResult.Warning.class, json.path("warnings")));
    }

    private static SearchResult.Hit hit(JsonNode json) {
        return new SearchResult.Hit(
                ClientJson.as(MemoryRecord.class, json),
                json.path("score").asDouble(0),
                json.path("excerpt").asString(""),
                json.path("citation").asInt(0),
                json.path("tokens").asInt(0),
                ClientJson.list(String.class, json.path("why")));
    }

    public Optional<MemoryRecord> get(String id) {
        try {
            return Optional.of(wire.as(MemoryRecord.class, ClientCall.get(memoryPath(id))));
        } catch (MemoryClientException e) {
            if (e.code().equals(ITEM_NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private String memoryPath(String id) {
        return path + "/memories/" + ClientCall.encoded(id);
    }

    /** Everything, in the order of recording. Pages are fetched as the stream is read. */
    public Stream<MemoryRecord> list() {
        return list(Map.of());
    }

    /** What fits a filter, see {@link SearchRequest#where}. */
    public Stream<MemoryRecord> list(Map<String, ?> filter) {
        ClientCall first = ClientCall.get(path + "/memories").query("limit", PAGE);
        ClientCall call = filter.isEmpty() ? first : first.query("filter", ClientJson.text(filter));
        return new PagedStream(wire, call, "memories").stream(MemoryRecord.class);
    }

    /** Every version, oldest first. */
    public List<MemoryVersion> history(String id) {
        return wire.json(ClientCall.get(memoryPath(id) + "/history"))
                .path("versions")
                .valueStream()
                .map(CubeClient::version)
                .toList();
    }

    private static MemoryVersion version(JsonNode json) {
        VersionFields fields = ClientJson.as(VersionFields.class, json);
        return new MemoryVersion(
                ClientJson.as(MemoryRecord.class, json), fields.cause, fields.actor, fields.superseded);
    }

    /** What a version has beyond a memory. */
    private record VersionFields(String cause, String actor, Optional<Instant> superseded) {}

    /** The conversations in the cube. Pages are fetched as the stream is read. */
    public Stream<SessionSummary> sessions() {
        ClientCall call = ClientCall.get(path + "/sessions").query("limit", PAGE);
        return new PagedStream(wire, call, "sessions").stream(SessionSummary.class);
    }

    /** Its tasks that are known, the last that changed first. */
    public List<TaskStatus> tasks() {
        return ClientJson.list(
                TaskStatus.class,
                wire.json(ClientCall.get("/v1/tasks").query("cube", name)).path("tasks"));
    }

    // Changing.

    /**
     * Changes a memory, if it is still as it was when it was read.
     *
     * @throws MemoryClientException with the code {@code version_conflict} if somebody else has changed it
     */
    public MemoryRecord update(MemoryRecord seen, ItemEdit edit) {
        ClientCall call = ClientCall.of("PATCH", memoryPath(seen.id())).with(edit.fields());
        return wire.as(MemoryRecord.class, call.header("If-Match", "\"" + seen.version() + "\""));
    }

    /** Changes a memory, whatever it is now. */
    public MemoryRecord update(String id, ItemEdit edit) {
        return wire.as(
                MemoryRecord.class, ClientCall.of("PATCH", memoryPath(id)).with(edit.fields()));
    }

    /** Forgets a memory with its history and what was made from it alone. */
    public DeleteResult delete(String id) {
        return wire.as(DeleteResult.class, ClientCall.of("DELETE", memoryPath(id)));
    }

    public DeleteResult deleteSession(String session) {
        return delete("session", session);
    }

    /** Forgets what fits a filter, see {@link SearchRequest#where}. */
    public DeleteResult deleteMatching(Map<String, ?> filter) {
        return delete("filter", filter);
    }

    /**
     * Choosing twice forgets no more than choosing once, but the second answer would not tell what the first has done.
     */
    private DeleteResult delete(String how, Object what) {
        return wire.as(
                DeleteResult.class, ClientCall.of("POST", path + "/forget").with(Map.of(how, what)));
    }

    /** Says that memories were of use. */
    public FeedbackOutcome helpful(String... ids) {
        return feedback("helpful", List.of(ids), "");
    }

    /** Says that memories were of no use. */
    public FeedbackOutcome unhelpful(String... ids) {
        return feedback("unhelpful", List.of(ids), "");
    }

    /** Says what is right, in the place of these memories. */
    public FeedbackOutcome correct(String truth, String... ids) {
        return feedback("correction", List.of(ids), truth);
    }

    private FeedbackOutcome feedback(String kind, List<String> ids, String text) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", kind);
        json.put("items", new ArrayList<>(ids));
        json.put("text", text);
        return wire.as(
                FeedbackOutcome.class, ClientCall.of("POST", path + "/feedback").with(json));
    }

    /** Does now what the cube is waiting for; whether all was done in time. */
    public boolean maintain(Duration patience) {
        ClientCall call = ClientCall.of("POST", path + "/maintain")
                .query("timeout_ms", patience.toMillis())
                .withExtraTime(patience)
                .safeToRepeat();
        return wire.json(call).path("complete").asBoolean(false);
    }
}
