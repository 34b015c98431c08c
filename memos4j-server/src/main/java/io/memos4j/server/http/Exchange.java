package io.memos4j.server.http;

import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.Identity;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Permission;
import io.memos4j.core.MemOs;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One call and its answer: who calls, what was sent, which cube is meant. For the thread that answers. */
public final class Exchange {
    private final Context context;
    private final Route route;
    private final Setting setting;
    private final String requestId;
    private Optional<Identity> identity = Optional.empty();
    private Optional<CubeId> about = Optional.empty();
    private String target = "";
    private Optional<Change> change = Optional.empty();

    /** What an exchange works with. */
    record Setting(MemOs memos, int bodyBytes, Streams streams) {}

    /** What a call changed or tried to, where its route does not tell. */
    record Change(String action, int outcome) {}

    Exchange(Context context, Route route, Setting setting, String requestId) {
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

    void admit(Identity caller) {
        identity = Optional.of(caller);
    }

    /** Who calls, if that is known. */
    public Optional<Identity> caller() {
        return identity;
    }

    /** Who calls; only on routes that need a key. */
    public Identity identity() {
        return identity.orElseThrow();
    }

    // Which cube is meant.

    /** The engine's name of a cube that the caller calls so: of its own space, or {@code @space/name} for one that it was granted. */
    public CubeId resolve(String name) {
        return Spaces.resolve(identity().principal(), name);
    }

    /** How the caller calls a cube of the engine. */
    public String shown(CubeId cube) {
        return Spaces.shown(identity().principal(), cube);
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
    public CubeId permitted(String name, Permission needed) {
        CubeId cube = resolve(name);
        about = Optional.of(cube);
        Permission held = permission(cube).orElseThrow(() -> missing(name));
        if (!held.includes(needed)) {
            throw new MemoryException(
                    ErrorCode.FORBIDDEN,
                    "This needs the permission to " + needed.id() + " on cube '" + name + "', the key has " + held.id()
                            + ". Ask its owner for a grant or use another key.");
        }
        return cube;
    }

    /** A cube that the caller may do this with, if there is one. */
    public Optional<MemCube> find(String name, Permission needed) {
        return memos().find(permitted(name, needed));
    }

    /**
     * An existing cube.
     *
     * @throws MemoryException if there is none that the caller may do this with
     */
    public MemCube cube(String name, Permission needed) {
        return find(name, needed).orElseThrow(() -> missing(name));
    }

    /** The cube that the path names; existing. */
    public MemCube cube() {
        return cube(path("cube"), route.need().permission());
    }

    /** The cube to add to; made if it is not there and lies in the caller's own space. */
    public MemCube cubeToAddTo(String name) {
        CubeId cube = permitted(name, Permission.WRITE);
        return identity().principal().owns(cube)
                ? memos().cube(cube.value())
                : memos().find(cube).orElseThrow(() -> missing(name));
    }

    private static MemoryException missing(String name) {
        return new MemoryException(
                ErrorCode.CUBE_NOT_FOUND,
                "There is no cube '" + name + "'. GET /v1/cubes lists those that this key opens.");
    }

    /** The cube that the call turned out to be about. */
    Optional<CubeId> about() {
        return about;
    }

    /** Says for the audit what was changed. */
    public void target(String changed) {
        target = changed;
    }

    String target() {
        return target;
    }

    /** Has the call written to the audit under this action and HTTP status, though not all calls of its route change something. */
    public void changed(String action, int outcome) {
        change = Optional.of(new Change(action, outcome));
    }

    Optional<Change> change() {
        return change;
    }

    // What was sent.

    /** A segment of the path, decoded. */
    public String path(String name) {
        return context.pathParam(name);
    }

    public Optional<String> query(String name) {
        return Optional.ofNullable(context.queryParam(name)).filter(text -> !text.isEmpty());
    }

    /** Every value of a parameter that may be repeated. */
    public List<String> queries(String name) {
        return context.queryParams(name);
    }

    public int query(String name, int otherwise, int least, int most) {
        Optional<String> text = query(name);
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
        return query(name).map(text -> Body.instant(name, text.replace(' ', '+')));
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(context.header(name)).filter(text -> !text.isBlank());
    }

    /** The body, a JSON object. What says to be a form is tried too: it is what curl calls any data. */
    public Body body() {
        String type = header("Content-Type").orElse("application/json").toLowerCase(Locale.ROOT);
        if (!type.contains("json") && !type.startsWith("application/x-www-form-urlencoded")) {
            throw new MemoryException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "The body is of type " + type + ". Send JSON with Content-Type: application/json.");
        }
        return Body.parse(bytes());
    }

    /** The body as it is. */
    public byte[] bytes() {
        return bytes(setting.bodyBytes);
    }

    /** The body, of at most so many bytes; what is larger is refused before it is read where the client says its length. */
    public byte[] bytes(int most) {
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
    public void stream(Conversation conversation) throws Exception {
        setting.streams.hold(context, conversation);
    }

    /** What is said over an open stream of server-sent events. */
    @FunctionalInterface
    public interface Conversation {
        void hold(SseClient client) throws Exception;
    }

    public void answer(int status, Object json) {
        context.status(status).contentType("application/json").result(Json.write(json));
    }

    public void ok(Object json) {
        answer(200, json);
    }

    /** Nothing to say. */
    public void done() {
        context.status(204);
    }

    public void contentType(String type) {
        context.contentType(type);
    }

    public void header(String name, String value) {
        context.header(name, value);
    }
}
