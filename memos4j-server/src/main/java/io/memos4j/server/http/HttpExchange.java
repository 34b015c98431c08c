package io.memos4j.server.http;

import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.CallerIdentity;
import io.memos4j.api.access.Permission;
import io.memos4j.core.MemOs;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One call and its answer: who calls, what was sent, which cube is meant. For the thread that answers. */
public final class HttpExchange {
    private final Context context;
    private final Route route;
    private final Setting setting;
    private final String requestId;
    private Optional<CallerIdentity> identity = Optional.empty();
    private Optional<CubeId> auditedCube = Optional.empty();
    private String auditTarget = "";
    private Optional<RecordedChange> recordedChange = Optional.empty();

    /** What an exchange works with. */
    record Setting(MemOs memos, int bodyBytes, SseConnections streams) {}

    /** What a call changed or tried to, where its route does not tell. */
    record RecordedChange(String action, int outcome) {}

    HttpExchange(Context context, Route route, Setting setting, String requestId) {
        this.context = context;
        this.route = route;
        this.setting = setting;
        this.requestId = requestId;
    }

    /** The servlet layer's view of the call, for streams and what else this class does not cover. */
    public Context context() {
        return context;
    }

    public Route route() {
        return route;
    }

    public MemOs memos() {
        return setting.memos;
    }

    public String requestId() {
        return requestId;
    }

    // Who calls.

    void authenticated(CallerIdentity caller) {
        identity = Optional.of(caller);
    }

    /** Who calls, if that is known. */
    public Optional<CallerIdentity> caller() {
        return identity;
    }

    /** Who calls; only on routes that need a key. */
    public CallerIdentity identity() {
        return identity.orElseThrow();
    }

    // Which cube is meant.

    /**
     * The engine's name of a cube that the caller calls so: of its own space, or {@code @space/name} for one that it
     * was granted.
     */
    public CubeId resolve(String name) {
        return TenantCubeNames.resolve(identity().principal(), name);
    }

    /** How the caller calls a cube of the engine. */
    public String cubeName(CubeId cube) {
        return TenantCubeNames.display(identity().principal(), cube);
    }

    /** The permission of the caller on a cube; empty for none, to which the answer is that there is no such cube. */
    public Optional<Permission> permission(CubeId cube) {
        return memos().governance().permission(identity(), cube);
    }

    /**
     * The engine's name of the cube that the caller calls so, which need not exist.
     *
     * @throws MemoryException if the caller may not do this with it
     */
    public CubeId requirePermission(String name, Permission needed) {
        CubeId cube = resolve(name);
        auditedCube = Optional.of(cube);
        Permission held = permission(cube).orElseThrow(() -> cubeNotFound(name));
        if (!held.includes(needed)) {
            throw new MemoryException(
                    ErrorCode.FORBIDDEN,
                    "This needs the permission to " + needed.id() + " on cube '" + name + "', the key has " + held.id()
                            + ". Ask its owner for a grant or use another key.");
        }
        return cube;
    }

    /** A cube that the caller may do this with, if there is one. */
    public Optional<MemCube> findCube(String name, Permission needed) {
        return memos().find(requirePermission(name, needed));
    }

    /**
     * An existing cube.
     *
     * @throws MemoryException if there is none that the caller may do this with
     */
    public MemCube cube(String name, Permission needed) {
        return findCube(name, needed).orElseThrow(() -> cubeNotFound(name));
    }

    /** The cube that the path names; existing. */
    public MemCube cube() {
        return cube(pathParameter("cube"), route.access().permission());
    }

    /** The cube to add to; made if it is not there and lies in the caller's own space. */
    public MemCube cubeForWriting(String name) {
        CubeId cube = requirePermission(name, Permission.WRITE);
        return identity().principal().owns(cube)
                ? memos().cube(cube.value())
                : memos().find(cube).orElseThrow(() -> cubeNotFound(name));
    }

    private static MemoryException cubeNotFound(String name) {
        return new MemoryException(
                ErrorCode.CUBE_NOT_FOUND,
                "There is no cube '" + name + "'. GET /v1/cubes lists those that this key opens.");
    }

    /** The cube that the call turned out to be about. */
    Optional<CubeId> auditedCube() {
        return auditedCube;
    }

    /** Says for the audit what was changed. */
    public void auditTarget(String changed) {
        auditTarget = changed;
    }

    String auditTarget() {
        return auditTarget;
    }

    /**
     * Has the call written to the audit under this action and HTTP status, though not all calls of its route change
     * something.
     */
    public void recordChange(String action, int outcome) {
        recordedChange = Optional.of(new RecordedChange(action, outcome));
    }

    Optional<RecordedChange> recordedChange() {
        return recordedChange;
    }

    // What was sent.

    /** A segment of the path, decoded. */
    public String pathParameter(String name) {
        return context.pathParam(name);
    }

    public Optional<String> queryParameter(String name) {
        return Optional.ofNullable(context.queryParam(name)).filter(text -> !text.isEmpty());
    }

    /** Every value of a parameter that may be repeated. */
    public List<String> queryParameters(String name) {
        return context.queryParams(name);
    }

    public int queryParameter(String name, int otherwise, int least, int most) {
        Optional<String> text = queryParameter(name);
        try {
            int number = text.map(Integer::parseInt).orElse(otherwise);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Fall through to the one refusal below.
        }
        throw MemoryException.invalid("Parameter '" + name + "' must be a whole number from " + least + " to " + most
                + ", it is '" + text.orElse("") + "'.");
    }

    public Optional<Instant> queryInstant(String name) {
        return queryParameter(name).map(text -> JsonBody.instant(name, text.replace(' ', '+')));
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(context.header(name)).filter(text -> !text.isBlank());
    }

    /** The body, a JSON object. What says to be a form is tried too: it is what curl calls any data. */
    public JsonBody body() {
        String type = header("Content-Type").orElse("application/json").toLowerCase(Locale.ROOT);
        if (!type.contains("json") && !type.startsWith("application/x-www-form-urlencoded")) {
            throw new MemoryException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "The body is of type " + type + ". Send JSON with Content-Type: application/json.");
        }
        return JsonBody.parse(bodyBytes());
    }

    /** The body as it is. */
    public byte[] bodyBytes() {
        return bodyBytes(setting.bodyBytes);
    }

    /**
     * The body, of at most so many bytes; what is larger is refused before it is read where the client says its length.
     */
    public byte[] bodyBytes(int most) {
        if (context.req().getContentLengthLong() > most) {
            throw tooLarge(most);
        }
        try (InputStream in = context.req().getInputStream()) {
            byte[] read = in.readNBytes(most + 1);
            if (read.length > most) {
                throw tooLarge(most);
            }
            return read;
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.INVALID_ARGUMENT, "The body ended before it was complete.", e);
        }
    }

    private static MemoryException tooLarge(int most) {
        return new MemoryException(
                ErrorCode.TOO_LARGE,
                "The body is larger than " + most + " bytes. Send it in parts, or raise limits.body.");
    }

    // The answer.

    /** Talks to the client until the conversation has ended, the client is gone or the server stops. */
    public void stream(StreamHandler conversation) throws Exception {
        setting.streams.run(context, conversation);
    }

    /** What is said over an open stream of server-sent events. */
    @FunctionalInterface
    public interface StreamHandler {
        void run(SseClient client) throws Exception;
    }

    public void respond(int status, Object json) {
        context.status(status).contentType("application/json").result(BoundedJson.write(json));
    }

    public void ok(Object json) {
        respond(200, json);
    }

    /** Nothing to say. */
    public void noContent() {
        context.status(204);
    }

    public void contentType(String type) {
        context.contentType(type);
    }

    public void header(String name, String value) {
        context.header(name, value);
    }
}
