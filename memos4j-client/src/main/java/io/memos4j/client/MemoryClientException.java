package io.memos4j.client;

/** The failure of a call: an error of the server, or the lack of an answer. */
public final class MemoryClientException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The code for a server that does not answer. */
    public static final String UNREACHABLE = "unreachable";

    /** The code for an answer that did not come in time. */
    public static final String TIMEOUT = "timeout";

    /** The code for an interrupted call. */
    public static final String INTERRUPTED = "interrupted";

    /** The code for an answer that is not from a memory server, or from an incompatible version. */
    public static final String UNEXPECTED_ANSWER = "unexpected_answer";

    private final String code;
    private final int status;
    private final String requestId;
    private final boolean retryable;

    MemoryClientException(ProblemResponse problem) {
        super(problem.detail() + " [" + problem.code() + "]");
        this.code = problem.code();
        this.status = problem.status();
        this.requestId = problem.requestId();
        this.retryable = problem.retryable();
    }

    MemoryClientException(ProblemResponse problem, Throwable cause) {
        this(problem);
        initCause(cause);
    }

    /** Returns the stable error code: one of the server, or one of this class. */
    public String code() {
        return code;
    }

    /** Returns the HTTP status; 0 if there was no answer. */
    public int status() {
        return status;
    }

    /** Returns the ID of the call in the log and the audit of the server; empty if there was no answer. */
    public String requestId() {
        return requestId;
    }

    /** Returns true if the same call may succeed later. The client has already retried where that was safe. */
    public boolean retryable() {
        return retryable;
    }
}
