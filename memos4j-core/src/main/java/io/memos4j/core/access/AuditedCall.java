package io.memos4j.core.access;

import io.memos4j.api.Actor;
import io.memos4j.api.access.CallerIdentity;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A call of a surface of the engine: a request to a server, a call of a tool, a command, a use of the library. What the
 * engine does within it is audited under the name of its caller. Thread-safe.
 */
public final class AuditedCall {
    /** The principal of whoever opened the data directory, which needs no key. */
    public static final String LOCAL = "local";

    /** Whoever uses the library, unless another call is bound. */
    static final AuditedCall LIBRARY = new AuditedCall(LOCAL, "", "", "", false);

    private final String principal;
    private final String key;
    private final String action;
    private final String request;
    private final boolean changes;
    private final AtomicBoolean recorded;

    private AuditedCall(String principal, String key, String action, String request, boolean changes) {
        this(principal, key, action, request, changes, new AtomicBoolean());
    }

    private AuditedCall(
            String principal, String key, String action, String request, boolean changes, AtomicBoolean recorded) {
        this.principal = principal;
        this.key = key;
        this.action = action;
        this.request = request;
        this.changes = changes;
        this.recorded = recorded;
    }

    /** A call of a caller without an accepted key. */
    public static AuditedCall of(String action, String request) {
        return new AuditedCall("", "", action, request, false);
    }

    /** A call of the owner of the data directory, for example {@code memos4j add}. */
    public static AuditedCall local(String action) {
        return new AuditedCall(LOCAL, "", action, "", false);
    }

    /** The same call, of an authenticated caller. */
    public AuditedCall by(CallerIdentity caller) {
        return new AuditedCall(caller.principal().name(), caller.key().id(), action, request, changes, recorded);
    }

    /** A part of this call under another action. */
    public AuditedCall as(String newAction) {
        return new AuditedCall(principal, key, newAction, request, changes, recorded);
    }

    /** The same call as one that changes something; what it reads for that is not recorded. */
    public AuditedCall changing() {
        return new AuditedCall(principal, key, action, request, true, recorded);
    }

    /** Returns whether anything that the call did is in the audit, or about to be. */
    public boolean isRecorded() {
        return recorded.get();
    }

    String principal() {
        return principal;
    }

    /** Returns the id of the caller's key; empty if it has none. */
    public String key() {
        return key;
    }

    /** Returns the action; that of a use of the library is named by its operation. */
    String action(String operation) {
        return action.isEmpty() ? "library " + operation : action;
    }

    String request() {
        return request;
    }

    boolean changes() {
        return changes;
    }

    void markRecorded() {
        recorded.set(true);
    }

    /** Returns the author of what the call writes, see {@link Actor#named}. */
    public String actor() {
        return key.isEmpty() ? Actor.USER.stored() : "key:" + key;
    }
}
