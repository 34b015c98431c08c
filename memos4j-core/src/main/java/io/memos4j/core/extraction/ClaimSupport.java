package io.memos4j.core.extraction;

import java.util.Optional;

/**
 * Whether a claim is carried by its evidence: all its numbers and names, and at least half of its other words. This is
 * no proof of the claim: it catches what a model made up or took from elsewhere, not what it turned round.
 */
final class ClaimSupport {
    private ClaimSupport() {}

    /** What is missing, in words; empty if the claim is carried. */
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

    /** A number or a name that no source has. */
    static Optional<String> findMissingNames(ClaimTerms content, SourceEvidence evidence) {
        Optional<String> number = content.numbers().stream()
                .filter(one -> !evidence.hasNumber(one))
                .findFirst()
                .map(one -> "no source has the number " + one);
        return number.or(() -> content.names().stream()
                .filter(one -> !evidence.hasName(one))
                .findFirst()
                .map(one -> "no source has the name '" + one + "'"));
    }

    /** How many of the ordinary words there are in the evidence. */
    static int countCarried(ClaimTerms content, SourceEvidence evidence) {
        long words = content.words().stream().filter(evidence::hasWord).count();
        long pairs = content.pairs().stream().filter(evidence::hasPair).count();
        return (int) (words + pairs);
    }

    /** Whether anything of the claim is in the evidence. */
    static boolean touches(ClaimTerms content, SourceEvidence evidence) {
        return countCarried(content, evidence) > 0
                || content.numbers().stream().anyMatch(evidence::hasNumber)
                || content.names().stream().anyMatch(evidence::hasName);
    }
}
