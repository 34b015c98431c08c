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

    private final Wire wire;
    private final String name;
    private final String path;

    CubeClient(Wire wire, String name) {
        this.wire = wire;
        this.name = name;
        this.path = "/v1/cubes/" + Call.encoded(name);
    }

    public String name() {
        return name;
    }

    /** Makes the cube, unless it is there. */
    public CubeSummary create() {
        return wire.as(CubeSummary.class, Call.of("PUT", path).safeToRepeat());
    }

    /** What it holds. */
    public CubeSummary describe() {
        return wire.as(CubeSummary.class, Call.get(path));
    }

    /** Deletes the cube with everything in it. */
    public void delete() {
        wire.done(Call.of("DELETE", path));
    }

    // Remembering.

    /** Remembers a note. */
    public Added add(String note) {
        return add(Remember.notes(note));
    }

    /** Remembers messages that belong to no session. */
    public Added add(List<Saying> messages) {
        return add(Remember.messages(messages));
    }

    /** Remembers. Durable, and found by words, when this returns; the tasks that it names do the rest. Safe to repeat. */
    public Added add(Remember what) {
        String once = what.idempotencyKey().orElseGet(() -> UUID.randomUUID().toString());
        return wire.as(
                Added.class,
                Call.of("POST", path + "/memories")
                        .with(what.json())
                        .header("Idempotency-Key", once)
                        .taking(what.waiting().orElse(Duration.ZERO))
                        .safeToRepeat());
    }

    // Asking.

    public Found search(String query) {
        return search(Query.of(query));
    }

    public Found search(Query query) {
        return found(
                wire.json(Call.of("POST", path + "/search").with(query.fields()).safeToRepeat()));
    }

    static Found found(JsonNode json) {
        return new Found(
                json.path("hits").valueStream().map(CubeClient::hit).toList(),
                json.path("context").asString(""),
                json.path("context_tokens").asInt(0),
                Json.list(Found.Warning.class, json.path("warnings")));
    }

    private static Found.Hit hit(JsonNode json) {
        return new Found.Hit(
                Json.as(Memory.class, json),
                json.path("score").asDouble(0),
                json.path("excerpt").asString(""),
                json.path("citation").asInt(0),
                json.path("tokens").asInt(0),
                Json.list(String.class, json.path("why")));
    }

    public Optional<Memory> get(String id) {
        try {
            return Optional.of(wire.as(Memory.class, Call.get(one(id))));
        } catch (MemoryClientException e) {
            if (e.code().equals(ITEM_NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private String one(String id) {
        return path + "/memories/" + Call.encoded(id);
    }

    /** Everything, in the order of recording. Pages are fetched as the stream is read. */
    public Stream<Memory> list() {
        return list(Map.of());
    }

    /** What fits a filter, see {@link Query#where}. */
    public Stream<Memory> list(Map<String, ?> filter) {
        Call first = Call.get(path + "/memories").query("limit", PAGE);
        Call call = filter.isEmpty() ? first : first.query("filter", Json.text(filter));
        return new Pages(wire, call, "memories").stream(Memory.class);
    }

    /** Every version, oldest first. */
    public List<MemoryVersion> history(String id) {
        return wire.json(Call.get(one(id) + "/history"))
                .path("versions")
                .valueStream()
                .map(CubeClient::version)
                .toList();
    }

    private static MemoryVersion version(JsonNode json) {
        VersionFields fields = Json.as(VersionFields.class, json);
        return new MemoryVersion(Json.as(Memory.class, json), fields.cause, fields.actor, fields.superseded);
    }

    /** What a version has beyond a memory. */
    private record VersionFields(String cause, String actor, Optional<Instant> superseded) {}

    /** The conversations in the cube. Pages are fetched as the stream is read. */
    public Stream<Session> sessions() {
        Call call = Call.get(path + "/sessions").query("limit", PAGE);
        return new Pages(wire, call, "sessions").stream(Session.class);
    }

    /** Its tasks that are known, the last that changed first. */
    public List<Task> tasks() {
        return Json.list(
                Task.class, wire.json(Call.get("/v1/tasks").query("cube", name)).path("tasks"));
    }

    // Changing.

    /**
     * Changes a memory, if it is still as it was when it was read.
     *
     * @throws MemoryClientException with the code {@code version_conflict} if somebody else has changed it
     */
    public Memory update(Memory seen, Edit edit) {
        Call call = Call.of("PATCH", one(seen.id())).with(edit.fields());
        return wire.as(Memory.class, call.header("If-Match", "\"" + seen.version() + "\""));
    }

    /** Changes a memory, whatever it is now. */
    public Memory update(String id, Edit edit) {
        return wire.as(Memory.class, Call.of("PATCH", one(id)).with(edit.fields()));
    }

    /** Forgets a memory with its history and what was made from it alone. */
    public Forgotten forget(String id) {
        return wire.as(Forgotten.class, Call.of("DELETE", one(id)));
    }

    public Forgotten forgetSession(String session) {
        return forget("session", session);
    }

    /** Forgets what fits a filter, see {@link Query#where}. */
    public Forgotten forgetMatching(Map<String, ?> filter) {
        return forget("filter", filter);
    }

    /** Choosing twice forgets no more than choosing once, but the second answer would not tell what the first has done. */
    private Forgotten forget(String how, Object what) {
        return wire.as(Forgotten.class, Call.of("POST", path + "/forget").with(Map.of(how, what)));
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
                FeedbackOutcome.class, Call.of("POST", path + "/feedback").with(json));
    }

    /** Does now what the cube is waiting for; whether all was done in time. */
    public boolean maintain(Duration patience) {
        Call call = Call.of("POST", path + "/maintain")
                .query("timeout_ms", patience.toMillis())
                .taking(patience)
                .safeToRepeat();
        return wire.json(call).path("complete").asBoolean(false);
    }
}
