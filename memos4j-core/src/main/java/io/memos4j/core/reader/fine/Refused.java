package io.memos4j.core.reader.fine;

/** Thrown inside a review to leave one proposal; becomes a {@link Refusal}. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    Refused(Reason reason, String sentence) {
        super(sentence, null, false, false);
        this.reason = reason.id() + ": " + sentence;
    }

    String reason() {
        return reason;
    }
}
