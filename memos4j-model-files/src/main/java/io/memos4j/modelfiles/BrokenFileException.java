package io.memos4j.modelfiles;

/** Describes a defect of a file; becomes a {@link io.memos4j.api.MemoryException} where the file's name is known. */
final class BrokenFileException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    BrokenFileException(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
