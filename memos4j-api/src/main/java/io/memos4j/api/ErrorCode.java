package io.memos4j.api;

/**
 * Stable error codes of the memory operating system.
 *
 * <p>The {@link #id()} is part of the contract: it is never renamed and never reused. New codes are only added.
 */
public enum ErrorCode {
    /** A value given by the caller is malformed or out of bounds. */
    INVALID_ARGUMENT("invalid_argument", 400, false),
    /** A filter names a field that no item has. */
    UNKNOWN_FIELD("unknown_field", 400, false),
    /** The input is larger than the configured limit. */
    TOO_LARGE("too_large", 413, false),
    /** The privacy policy of the cube refuses what the input holds; the message says which kind. */
    SENSITIVE_CONTENT("sensitive_content", 422, false),
    /** The document cannot be read as what it claims to be. */
    UNREADABLE_DOCUMENT("unreadable_document", 422, false),
    /** No cube of this name. */
    CUBE_NOT_FOUND("cube_not_found", 404, false),
    /** A cube of this name exists already. */
    CUBE_EXISTS("cube_exists", 409, false),
    /** No item with this id in this cube. */
    ITEM_NOT_FOUND("item_not_found", 404, false),
    /** No task with this id; those that ended are forgotten after a while. */
    TASK_NOT_FOUND("task_not_found", 404, false),
    /** Another worker has taken the task over; nothing of this run is kept. */
    LEASE_LOST("lease_lost", 409, true),
    /** No adapter of this name and version in this cube. */
    ADAPTER_NOT_FOUND("adapter_not_found", 404, false),
    /** No snapshot of this name in this cube. */
    SNAPSHOT_NOT_FOUND("snapshot_not_found", 404, false),
    /** No principal of this name. */
    PRINCIPAL_NOT_FOUND("principal_not_found", 404, false),
    /** A principal of this name exists already. */
    PRINCIPAL_EXISTS("principal_exists", 409, false),
    /** No key with this id. */
    KEY_NOT_FOUND("key_not_found", 404, false),
    /** The call carries no key, or one that opens nothing. */
    UNAUTHENTICATED("unauthenticated", 401, false),
    /** The key does not allow this. */
    FORBIDDEN("forbidden", 403, false),
    /** Nothing answers at this address. */
    ROUTE_NOT_FOUND("route_not_found", 404, false),
    /** The address exists, but not for this method. */
    METHOD_NOT_ALLOWED("method_not_allowed", 405, false),
    /** The body is of a type that is not understood here. */
    UNSUPPORTED_MEDIA_TYPE("unsupported_media_type", 415, false),
    /** More calls than the key is allowed; wait as long as the answer says. */
    RATE_LIMITED("rate_limited", 429, true),
    /** The server holds as many requests as its memory allows; wait as long as the answer says. */
    OVERLOADED("overloaded", 503, true),
    /** The server that should have answered behind this one did not. */
    UPSTREAM_FAILED("upstream_failed", 502, true),
    /** A bug in memos4j; the log has more under the id of the request. */
    INTERNAL("internal", 500, false),
    /** The item changed since the version that the caller expected. */
    VERSION_CONFLICT("version_conflict", 409, false),
    /** The idempotency key was used before with another payload. */
    IDEMPOTENCY_CONFLICT("idempotency_conflict", 409, false),
    /** The cube was written with another embedder than the configured one. */
    EMBEDDER_MISMATCH("embedder_mismatch", 409, false),
    /**
     * A saved activation belongs to another model, cache type or build of the runtime; the message names what differs.
     */
    ACTIVATION_MISMATCH("activation_mismatch", 409, false),
    /** The handle is at work for another call. */
    ACTIVATION_BUSY("activation_busy", 409, true),
    /** The configuration is unusable. */
    INVALID_CONFIGURATION("invalid_configuration", 500, false),
    /** Another process holds the data directory. */
    DIRECTORY_LOCKED("directory_locked", 423, true),
    /** The data directory was written by a newer release. */
    FORMAT_TOO_NEW("format_too_new", 500, false),
    /** The data directory has indexes or other files of a vault, but the vault itself is missing or empty. */
    VAULT_MISSING("vault_missing", 500, false),
    /** Stored data failed an integrity check. */
    CORRUPT("corrupt", 500, false),
    /** A file is no saved activation, is cut short or was changed; make it anew from its tokens. */
    ACTIVATION_CORRUPT("activation_corrupt", 500, false),
    /** The disk is full or the vault reached its size limit. */
    STORAGE_FULL("storage_full", 507, true),
    /** Reading or writing the storage failed. */
    STORAGE_FAILED("storage_failed", 500, true),
    /** The runtime cannot hold more tokens or handles until others are closed. */
    CONTEXT_FULL("context_full", 507, true),
    /** The embedding model failed or cannot be loaded. */
    EMBEDDER_FAILED("embedder_failed", 500, true),
    /** A language model or reranker failed for now: too many requests, a broken answer, no connection. */
    MODEL_FAILED("model_failed", 502, true),
    /** A language model or reranker will not answer this call: wrong key, unknown model, input too long. */
    MODEL_REFUSED("model_refused", 502, false),
    /** An adapter is no plain LoRA, not for this model or unsafe; the message says which and what to do. */
    ADAPTER_REFUSED("adapter_refused", 422, false),
    /** A model file is missing, cut short or of a kind that the runtime does not run. */
    MODEL_UNREADABLE("model_unreadable", 422, false),
    /**
     * The loss of a training is no number any more; train with a smaller learning rate, and check the base for broken
     * weights.
     */
    TRAINING_DIVERGED("training_diverged", 422, false),
    /** The inference runtime failed or cannot be loaded. */
    RUNTIME_FAILED("runtime_failed", 500, false),
    /** The implementation behind this call does not support it; the message says which feature is missing. */
    UNSUPPORTED("unsupported", 501, false),
    /** The operation did not finish in the time allowed. */
    TIMEOUT("timeout", 504, true),
    /** The calling thread was interrupted. */
    INTERRUPTED("interrupted", 503, true),
    /** The memory operating system has been closed. */
    CLOSED("closed", 503, false);

    private final String id;
    private final int httpStatus;
    private final boolean retryable;

    ErrorCode(String id, int httpStatus, boolean retryable) {
        this.id = id;
        this.httpStatus = httpStatus;
        this.retryable = retryable;
    }

    /** The stable identifier, for example {@code cube_not_found}. */
    public String id() {
        return id;
    }

    /** The HTTP status that a server answers with. */
    public int httpStatus() {
        return httpStatus;
    }

    /** Returns true if the same call may succeed later with the same arguments. */
    public boolean retryable() {
        return retryable;
    }
}
