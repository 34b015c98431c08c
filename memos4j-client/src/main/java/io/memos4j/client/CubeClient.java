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

/** A client of one cube of a server. Thread-safe; creating one makes no call. */
public final class CubeClient {
    /** Entries per page. */
    private static final int PAGE = 200;

    private static final String ITEM_NOT_FOUND = "item_not_found";

    private final ClientTransport transport;
    private final String name;
    private final String path;

    CubeClient(ClientTransport transport, String name) {
        this.transport = transport;
        this.name = name;
        this.path = "/v1/cubes/" + ClientCall.encoded(name);
    }

    public String name() {
        return name;
    }

    /** Creates the cube unless it exists. */
    public CubeSummary create() {
        return transport.as(CubeSummary.class, ClientCall.of("PUT", path).safeToRepeat());
    }

    /** Returns a summary of its contents. */
    public CubeSummary describe() {
        return transport.as(CubeSummary.class, ClientCall.get(path));
    }

    /** Deletes the cube with everything in it. */
    public void deleteCube() {
        transport.send(ClientCall.of("DELETE", path));
    }

    /** Adds a note. */
    public AddResult add(String note) {
        return add(AddRequest.notes(note));
    }

    /** Adds messages that belong to no session. */
    public AddResult add(List<Message> messages) {
        return add(AddRequest.messages(messages));
    }

    /**
     * Adds messages and notes. When this returns, they are durable and can be found by their words; the tasks in the
     * result do the rest. Safe to repeat.
     */
    public AddResult add(AddRequest what) {
        String once = what.idempotencyKey().orElseGet(() -> UUID.randomUUID().toString());
        return transport.as(
                AddResult.class,
                ClientCall.of("POST", path + "/memories")
                        .with(what.json())
                        .header("Idempotency-Key", once)
                        .withExtraTime(what.waiting().orElse(Duration.ZERO))
                        .safeToRepeat());
    }

    /** Searches with the defaults of the server. */
    public SearchResult search(String query) {
        return search(SearchRequest.of(query));
    }

    /** Searches the cube. */
    public SearchResult search(SearchRequest request) {
        return parse(transport.json(
                ClientCall.of("POST", path + "/search").with(request.fields()).safeToRepeat()));
    }

    static SearchResult parse(JsonNode json) {
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

    /** Returns a memory; empty if there is none with this ID. */
    public Optional<MemoryRecord> get(String id) {
        try {
            return Optional.of(transport.as(MemoryRecord.class, ClientCall.get(memoryPath(id))));
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

    /** Lists all memories in the order of recording. Pages are fetched as the stream is read. */
    public Stream<MemoryRecord> list() {
        return list(Map.of());
    }

    /** Lists the memories that match a filter, see {@link SearchRequest#where}. */
    public Stream<MemoryRecord> list(Map<String, ?> filter) {
        return list(ClientCall.get(path + "/memories"), filter);
    }

    /** Lists the memories that matched a filter at an earlier time, as the cube knew them then. */
    public Stream<MemoryRecord> list(Map<String, ?> filter, Instant recordedAt) {
        return list(ClientCall.get(path + "/memories").query("recorded_at", recordedAt), filter);
    }

    private Stream<MemoryRecord> list(ClientCall call, Map<String, ?> filter) {
        ClientCall first = call.query("limit", PAGE);
        return new PagedStream(
                        transport,
                        filter.isEmpty() ? first : first.query("filter", ClientJson.text(filter)),
                        "memories")
                .stream(MemoryRecord.class);
    }

    /** Returns every version of a memory, oldest first. */
    public List<MemoryVersion> history(String id) {
        return transport
                .json(ClientCall.get(memoryPath(id) + "/history"))
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

    /** The fields that a version has in addition to those of a memory. */
    private record VersionFields(String cause, String actor, Optional<Instant> superseded) {}

    /** Lists the changes of all memories with their reasons, latest first. Pages are fetched as the stream is read. */
    public Stream<MemoryChange> changes() {
        return changes(ClientCall.get(path + "/changes"));
    }

    /** Lists the changes of one memory, latest first. */
    public Stream<MemoryChange> changes(String id) {
        return changes(ClientCall.get(path + "/changes").query("item", id));
    }

    /** Lists the changes recorded at an instant or later, latest first. */
    public Stream<MemoryChange> changes(Instant since) {
        return changes(ClientCall.get(path + "/changes").query("since", since));
    }

    private Stream<MemoryChange> changes(ClientCall call) {
        return new PagedStream(transport, call.query("limit", PAGE), "changes").stream(MemoryChange.class);
    }

    /** Undoes a change; undoing it twice changes nothing more. */
    public UndoOutcome undo(String change) {
        return transport.as(
                UndoOutcome.class,
                ClientCall.of("POST", path + "/changes/" + ClientCall.encoded(change) + "/undo")
                        .safeToRepeat());
    }

    /** Lists the sessions in the cube. Pages are fetched as the stream is read. */
    public Stream<SessionSummary> sessions() {
        ClientCall call = ClientCall.get(path + "/sessions").query("limit", PAGE);
        return new PagedStream(transport, call, "sessions").stream(SessionSummary.class);
    }

    /** Returns the tasks of the cube, last changed first. */
    public List<TaskStatus> tasks() {
        return ClientJson.list(
                TaskStatus.class,
                transport.json(ClientCall.get("/v1/tasks").query("cube", name)).path("tasks"));
    }

    /**
     * Changes a memory if it has not changed since it was read.
     *
     * @throws MemoryClientException with the code {@code version_conflict} if it has changed
     */
    public MemoryRecord update(MemoryRecord seen, ItemEdit edit) {
        ClientCall call = ClientCall.of("PATCH", memoryPath(seen.id())).with(edit.fields());
        return transport.as(MemoryRecord.class, call.header("If-Match", "\"" + seen.version() + "\""));
    }

    /** Changes the current version of a memory. */
    public MemoryRecord update(String id, ItemEdit edit) {
        return transport.as(
                MemoryRecord.class, ClientCall.of("PATCH", memoryPath(id)).with(edit.fields()));
    }

    /** Erases a memory with its history and everything derived from it alone. */
    public DeleteResult delete(String id) {
        return transport.as(DeleteResult.class, ClientCall.of("DELETE", memoryPath(id)));
    }

    /** Erases all memories of a session. */
    public DeleteResult deleteSession(String session) {
        return delete("session", session);
    }

    /** Erases the memories that match a filter, see {@link SearchRequest#where}. */
    public DeleteResult deleteMatching(Map<String, ?> filter) {
        return delete("filter", filter);
    }

    /** Not safe to repeat: the answer to a second call would not contain what the first one erased. */
    private DeleteResult delete(String how, Object what) {
        return transport.as(
                DeleteResult.class, ClientCall.of("POST", path + "/forget").with(Map.of(how, what)));
    }

    /** Rates memories as helpful. */
    public FeedbackOutcome helpful(String... ids) {
        return feedback("helpful", List.of(ids), "");
    }

    /** Rates memories as unhelpful. */
    public FeedbackOutcome unhelpful(String... ids) {
        return feedback("unhelpful", List.of(ids), "");
    }

    /** Replaces these memories by a correct statement. */
    public FeedbackOutcome correct(String truth, String... ids) {
        return feedback("correction", List.of(ids), truth);
    }

    private FeedbackOutcome feedback(String kind, List<String> ids, String text) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", kind);
        json.put("items", new ArrayList<>(ids));
        json.put("text", text);
        return transport.as(
                FeedbackOutcome.class, ClientCall.of("POST", path + "/feedback").with(json));
    }

    /** Runs the pending tasks of the cube now; returns true if all were finished in time. */
    public boolean maintain(Duration patience) {
        ClientCall call = ClientCall.of("POST", path + "/maintain")
                .query("timeout_ms", patience.toMillis())
                .withExtraTime(patience)
                .safeToRepeat();
        return transport.json(call).path("complete").asBoolean(false);
    }
}
