package io.memos4j.core.extraction;

/** Signals during validation that a proposal is rejected; becomes a {@link ProposalRefusal}. */
final class ProposalRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    ProposalRefusedException(RefusalReason reason, String sentence) {
        super(sentence, null, false, false);
        this.reason = reason.id() + ": " + sentence;
    }

    String reason() {
        return reason;
    }
}
