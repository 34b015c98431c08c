package io.memos4j.client;

/** Why a call failed: the server's problem, or why there was no answer. */
public final class MemoryClientException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** No server answered at the address. */
    public static final String UNREACHABLE = "unreachable";

    /** No answer came in time. */
    public static final String TIMEOUT = "timeout";

    /** The calling thread was interrupted. */
    public static final String INTERRUPTED = "interrupted";

    /** What answered is no memory server, or of a version that this client does not understand. */
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

    /** Stable: one of the server's error codes, or one of this class. */
    public String code() {
        return code;
    }

    /** The HTTP status; 0 if no answer came. */
    public int status() {
        return status;
    }

    /** Under which the log and the audit of the server know the call; empty if no answer came. */
    public String requestId() {
        return requestId;
    }

    /** Whether the same call may succeed later. The client has tried some times already where that was safe. */
    public boolean retryable() {
        return retryable;
    }
}
