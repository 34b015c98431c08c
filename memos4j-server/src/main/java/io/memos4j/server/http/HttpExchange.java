package io.memos4j.server.http;

import io.javalin.http.Context;
import io.memos4j.api.CompositeCube;
import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.CallerIdentity;
import io.memos4j.api.access.Permission;
import io.memos4j.api.access.Principal;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.privacy.Reader;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.core.MemOs;
import io.memos4j.core.access.AuditedCall;
import io.memos4j.core.privacy.LabelFilters;
import io.memos4j.core.privacy.Redactor;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** One HTTP request and its response: the caller, the input, the cube it addresses. Not thread-safe. */
public final class HttpExchange {
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Context context;
    private final Route route;
    private final MemOs memos;
    private final ServerLimits limits;
    private final SseConnections streams;
    private final String requestId;
    private RequestBody body = RequestBody.NONE;
    private Optional<CallerIdentity> identity = Optional.empty();
    private AuditedCall call;
    private Optional<CubeId> auditedCube = Optional.empty();
    private String auditTarget = "";

    HttpExchange(Context context, Route route, MemOs memos, ServerLimits limits, SseConnections streams) {
        this.context = context;
        this.route = route;
        this.memos = memos;
        this.limits = limits;
        this.streams = streams;
        this.requestId = header("X-Request-Id")
                .filter(id -> REQUEST_ID.matcher(id).matches())
                .orElseGet(() -> UUID.randomUUID().toString());
        this.call = AuditedCall.of(route.name(), requestId);
    }

    /** Returns the servlet layer's view of the request, for streams and whatever else this class does not cover. */
    public Context context() {
        return context;
    }

    public Route route() {
        return route;
    }

    public MemOs memos() {
        return memos;
    }

    /** Returns the {@code X-Request-Id} of the client, or a new one if it sent none that is valid. */
    public String requestId() {
        return requestId;
    }

    // The caller.

    void authenticated(CallerIdentity caller) {
        identity = Optional.of(caller);
        call = call.by(caller);
        if (route.audited()) {
            call = call.changing();
        }
    }

    /** Returns the call that the audit records. */
    public AuditedCall call() {
        return call;
    }

    /** Returns the caller if it has been authenticated. */
    public Optional<CallerIdentity> caller() {
        return identity;
    }

    /** Returns the caller. Only for routes that require a key. */
    public CallerIdentity identity() {
        return identity.orElseThrow();
    }

    // The cube.

    /** Resolves the caller's name of a cube: one of its own space, or {@code @space/name} for one granted to it. */
    public CubeId resolve(String name) {
        return TenantCubeNames.resolve(identity().principal(), name);
    }

    /** Returns the name under which the caller knows a cube. */
    public String cubeName(CubeId cube) {
        return TenantCubeNames.display(identity().principal(), cube);
    }

    /** Returns the caller's permission on a cube; empty for none, in which case the cube must look nonexistent. */
    public Optional<Permission> permission(CubeId cube) {
        return memos().governance().permission(identity(), cube);
    }

    /** Returns whether the caller has at least {@code needed} on a cube. */
    public boolean hasPermission(CubeId cube, Permission needed) {
        return permission(cube).filter(held -> held.includes(needed)).isPresent();
    }

    /**
     * Resolves the caller's name of a cube, which need not exist, and checks the caller's permission on it.
     *
     * @throws MemoryException if the caller lacks the permission
     */
    public CubeId requirePermission(String name, Permission needed) {
        CubeId cube = resolve(name);
        auditedCube = Optional.of(cube);
        Permission held = permission(cube).orElseThrow(() -> cubeNotFound(name));
        if (!held.includes(needed)) {
            throw new MemoryException(
                    ErrorCode.FORBIDDEN,
                    "This requires " + needed.id() + " permission on cube '" + name + "', but the key has " + held.id()
                            + ". Ask the cube's owner for a grant, or use another key.");
        }
        return cube;
    }

    /** Returns the cube if it exists. */
    public Optional<MemCube> findCube(String name, Permission needed) {
        return memos().find(requirePermission(name, needed)).map(this::asReader);
    }

    /**
     * Returns an existing cube.
     *
     * @throws MemoryException if it does not exist or the caller lacks the permission
     */
    public MemCube cube(String name, Permission needed) {
        return findCube(name, needed).orElseThrow(() -> cubeNotFound(name));
    }

    /** Returns the existing cube that the path names, with the permission that the route requires. */
    public MemCube cube() {
        return cube(pathParameter("cube"), route.access().permission());
    }

    /** Returns the cube to add to; creates it if it is missing and lies in the caller's own space. */
    public MemCube cubeForWriting(String name) {
        CubeId cube = requirePermission(name, Permission.WRITE);
        return asReader(
                identity().principal().owns(cube)
                        ? memos().cube(cube.value())
                        : memos().find(cube).orElseThrow(() -> cubeNotFound(name)));
    }

    private MemCube asReader(MemCube cube) {
        return cube.as(reader(cube.id()));
    }

    /** Returns the caller as a reader of a cube: its owner, who reads everything, or one by the permission it has. */
    public Reader reader(CubeId cube) {
        if (isOwn(cube)) {
            return Reader.OWNER;
        }
        return Reader.upTo(hasPermission(cube, Permission.ADMIN) ? Sensitivity.PRIVATE : Sensitivity.INTERNAL);
    }

    /** Returns an item as a language model may see it on behalf of the caller. */
    public MemoryItem forPrompts(MemoryItem item) {
        return memos().find(item.cube())
                .map(cube -> new Redactor(
                        cube.settings().privacy(), reader(item.cube()).throughModel()))
                .map(redactor -> redactor.redact(item))
                .orElse(item);
    }

    /** Returns several existing cubes as one, each as the caller may see it. */
    public CompositeCube compose(CubeId... cubes) {
        return memos().compose(cubes).as(this::reader);
    }

    /**
     * Requires that nothing in a cube is withheld from the caller, who is about to copy from it.
     *
     * @throws MemoryException with {@link ErrorCode#FORBIDDEN}
     */
    public void requireNothingWithheld(CubeId cube) {
        memos().find(cube)
                .filter(whole -> LabelFilters.hidesFrom(whole, reader(cube)))
                .ifPresent(whole -> {
                    throw new MemoryException(
                            ErrorCode.FORBIDDEN,
                            "Cube '" + cubeName(cube) + "' holds memories that are withheld from this caller, who"
                                    + " cannot copy or move them. Ask the owner of the cube.");
                });
    }

    /**
     * Checks that {@link #cubeForWriting} will return a cube for each name, and creates none. A request that changes
     * several cubes calls this before its first effect.
     *
     * @throws MemoryException if a cube is not the caller's to write
     */
    public void requireWritable(Collection<String> names) {
        for (String name : names) {
            CubeId cube = requirePermission(name, Permission.WRITE);
            if (!identity().principal().owns(cube) && memos().find(cube).isEmpty()) {
                throw cubeNotFound(name);
            }
        }
    }

    /**
     * Returns whether a cube lies in the caller's own space. The space of an administrator is the whole engine without
     * the spaces of the tenants.
     */
    public boolean isOwn(CubeId cube) {
        Principal caller = identity().principal();
        return caller.owns(cube)
                && (!caller.administrator()
                        || memos().governance().principals().stream()
                                .noneMatch(each -> !each.administrator() && each.owns(cube)));
    }

    private static MemoryException cubeNotFound(String name) {
        return new MemoryException(
                ErrorCode.CUBE_NOT_FOUND,
                "There is no cube '" + name + "'. GET /v1/cubes lists the cubes that this key can use.");
    }

    // The audit.

    /** Returns the cube that the request addressed. */
    Optional<CubeId> auditedCube() {
        return auditedCube;
    }

    /** Records what the request is about, for the audit of one that changes nothing. */
    public void auditTarget(String about) {
        auditTarget = about;
    }

    String auditTarget() {
        return auditTarget;
    }

    /** Audits a failure of a part of this request, under an action of its own. */
    public void recordFailure(String action, int outcome) {
        memos.audit().ended(call.as(action), auditedCube, auditTarget, outcome);
    }

    // The input.

    /** Returns a decoded segment of the path. */
    public String pathParameter(String name) {
        return context.pathParam(name);
    }

    public Optional<String> queryParameter(String name) {
        return Optional.ofNullable(context.queryParam(name)).filter(text -> !text.isEmpty());
    }

    /** Returns every value of a repeatable parameter. */
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
            // Fall through to the exception below.
        }
        throw MemoryException.invalid("Parameter '" + name + "' must be a whole number from " + least + " to " + most
                + ", it is '" + text.orElse("") + "'.");
    }

    /**
     * Rejects parameters that the route does not know, so that a filter is never ignored.
     *
     * @throws MemoryException with {@link ErrorCode#UNKNOWN_FIELD}
     */
    public void rejectUnknownParameters(Set<String> known) {
        for (String name : context.queryParamMap().keySet()) {
            if (!known.contains(name)) {
                throw new MemoryException(
                        ErrorCode.UNKNOWN_FIELD,
                        "Parameter '" + name + "' is unknown here. Use "
                                + String.join(", ", known.stream().sorted().toList()) + ".");
            }
        }
    }

    public Optional<Instant> queryInstant(String name) {
        return queryParameter(name)
                .map(text -> JsonBody.time(name, text.replace(' ', '+')).toInstant());
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(context.header(name)).filter(text -> !text.isBlank());
    }

    /** Parses the body as a JSON object. The form media type is accepted too: curl sends it for any data. */
    public JsonBody body() {
        String type = header("Content-Type").orElse("application/json").toLowerCase(Locale.ROOT);
        if (!type.contains("json") && !type.startsWith("application/x-www-form-urlencoded")) {
            throw new MemoryException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "The body is of type " + type + ". Send JSON with Content-Type: application/json.");
        }
        return JsonBody.parse(jsonBytes());
    }

    /** Parses the body as a JSON object; empty if the request has none. */
    public Optional<JsonBody> optionalBody() {
        return context.req().getContentLengthLong() == 0 ? Optional.empty() : Optional.of(body());
    }

    /**
     * Returns the raw body of JSON, before it is parsed.
     *
     * @throws MemoryException with {@link ErrorCode#TOO_LARGE} if it has more values than the server parses at once
     */
    public byte[] jsonBytes() {
        return body.json();
    }

    /** Returns the raw body. */
    public byte[] bodyBytes() {
        return body.bytes();
    }

    /**
     * Reads the body. A larger one than allowed is rejected before it is read if the client declares its length.
     *
     * @param account pays for the body while the request runs
     */
    void receiveBody(BodyBudget.Account account) {
        body = RequestBody.receive(context.req(), limits, account);
    }

    // The response.

    /** Keeps a stream of server-sent events open until it ends, the client disconnects, or the server stops. */
    public void stream(StreamHandler conversation) throws Exception {
        streams.run(new SseResponse(this), conversation);
    }

    /** Writes the events of a stream. */
    @FunctionalInterface
    public interface StreamHandler {
        void run(SseResponse events) throws Exception;
    }

    public void respond(int status, Object json) {
        context.status(status).contentType("application/json").result(BoundedJson.write(json));
    }

    public void ok(Object json) {
        respond(200, json);
    }

    /** Responds with 204 No Content. */
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
