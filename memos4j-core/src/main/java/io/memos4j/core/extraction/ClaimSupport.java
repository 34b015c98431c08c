package io.memos4j.core.extraction;

import java.util.Optional;

/**
 * Checks whether evidence supports a claim: all its numbers and names, and at least half of its other words. This does
 * not prove the claim: it catches what a model made up or took from elsewhere, but not a reversed meaning.
 */
final class ClaimSupport {
    private ClaimSupport() {}

    /** Describes what the evidence lacks; empty if it supports the claim. */
    static Optional<String> findMissing(String claim, SourceEvidence evidence) {
        String undated = evidence.withoutDates(claim);
        ClaimTerms content = ClaimTerms.extract(undated);
        Optional<String> strict = findMissingNames(content, evidence);
        if (strict.isPresent()) {
            return strict;
        }
        if (content.size() == 0) {
            return undated.equals(claim) ? Optional.of("it says nothing that could be checked") : Optional.empty();
        }
        int carried = countCarried(content, evidence);
        return 2 * carried < content.ordinary()
                ? Optional.of("only " + carried + " of " + content.ordinary() + " words are in its sources")
                : Optional.empty();
    }

    /** Describes a number or a name that no source has. */
    static Optional<String> findMissingNames(ClaimTerms content, SourceEvidence evidence) {
        Optional<String> number = content.numbers().stream()
                .filter(one -> !evidence.hasNumber(one, content.signInWords()))
                .findFirst()
                .map(one -> "no source has the number " + one);
        return number.or(() -> content.names().stream()
                .filter(one -> !evidence.hasName(one))
                .findFirst()
                .map(one -> "no source has the name '" + one + "'"));
    }

    /** Counts the ordinary words that the evidence has. */
    static int countCarried(ClaimTerms content, SourceEvidence evidence) {
        long words = content.words().stream().filter(evidence::hasWord).count();
        long pairs = content.pairs().stream().filter(evidence::hasPair).count();
        return (int) (words + pairs);
    }

    /** Returns whether the evidence has any part of the claim. */
    static boolean touches(ClaimTerms content, SourceEvidence evidence) {
        return countCarried(content, evidence) > 0
                || content.numbers().stream().anyMatch(one -> evidence.hasNumber(one, content.signInWords()))
                || content.names().stream().anyMatch(evidence::hasName);
    }
}
