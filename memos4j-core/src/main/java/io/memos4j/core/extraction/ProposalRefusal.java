package io.memos4j.core.extraction;

/**
 * A rejected proposal and the reason.
 *
 * @param what its place in the answer and the beginning of its text
 * @param reason a stable code, a colon, and a sentence: {@code unsupported: no source names 'Oslo'}
 */
public record ProposalRefusal(String what, String reason) {

    /** The stable code at the head of the reason, for example {@code unsupported}. */
    public String code() {
        int colon = reason.indexOf(':');
        return colon < 0 ? reason : reason.substring(0, colon);
    }
}
