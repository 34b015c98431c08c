package io.memos4j.core.extraction;

/**
 * A rejected proposal and the reason.
 *
 * @param what its place in the answer and the beginning of its text
 * @param reason a stable code, a colon, and a sentence: {@code unsupported: no source names 'Oslo'}
 */
public record ProposalRefusal(String what, String reason) {}
