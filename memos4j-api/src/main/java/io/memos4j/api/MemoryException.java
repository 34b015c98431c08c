package io.memos4j.api;

import java.util.Objects;

/**
 * The one unchecked exception of memos4j: a stable code and a message that says what failed, on what, and what to do.
 */
public final class MemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public MemoryException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public MemoryException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** A refusal of a caller's value, {@link ErrorCode#INVALID_ARGUMENT}. */
    public static MemoryException invalid(String message) {
        return new MemoryException(ErrorCode.INVALID_ARGUMENT, message);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNullElse(super.getMessage(), code.id());
    }

    public ErrorCode code() {
        return code;
    }
}
