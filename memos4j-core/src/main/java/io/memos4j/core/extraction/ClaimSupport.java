package io.memos4j.core.extraction;

import java.util.Optional;

/**
 * Checks whether evidence supports a claim: all its numbers, names and relatives, all but a quarter of its other words
 * (or another word of the same concept), said of the same subject and neither denied nor ended
 * ({@link ClaimAlignment}). This does not prove the claim: it catches what a model made up, took from elsewhere or
 * reversed.
 */
final class ClaimSupport {
    private ClaimSupport() {}

    /** Describes what the evidence lacks; empty if it supports the claim. */
    static Optional<String> findMissing(String claim, SourceEvidence evidence) {
        String undated = evidence.withoutConcepts(evidence.withoutDates(claim));
        ClaimTerms content = ClaimTerms.extract(undated);
        Optional<String> strict = findMissingNames(content, evidence).or(() -> findMissingRelative(undated, evidence));
        if (strict.isPresent()) {
            return strict;
        }
        if (content.size() == 0) {
            return undated.equals(claim) ? Optional.of("it says nothing that could be checked") : Optional.empty();
        }
        return findMissingWords(content, evidence).or(() -> ClaimAlignment.findContradiction(undated, evidence));
    }

    /** Describes what a summary says without evidence: a number, a name, or more than half of its words. */
    static Optional<String> findUnmentioned(String summary, SourceEvidence evidence) {
        String undated = evidence.withoutDates(summary);
        ClaimTerms content = ClaimTerms.extract(undated);
        if (content.size() == 0) {
            return undated.equals(summary) ? Optional.of("it says nothing that could be checked") : Optional.empty();
        }
        return findMissingNames(content, evidence).or(() -> missing(content, evidence, content.ordinary() / 2));
    }

    private static Optional<String> findMissingWords(ClaimTerms content, SourceEvidence evidence) {
        Optional<String> pair = content.pairs().stream()
                .filter(each -> each.length() > 1 && !evidence.touchesPair(each))
                .findFirst()
                .map(each -> "no source says " + each);
        int spared = content.pairs().isEmpty() ? content.ordinary() / 4 : content.ordinary() / 2;
        return pair.or(() -> missing(content, evidence, spared));
    }

    private static Optional<String> missing(ClaimTerms content, SourceEvidence evidence, int spared) {
        int carried = countCarried(content, evidence);
        return content.ordinary() - carried > spared
                ? Optional.of("only " + carried + " of " + content.ordinary() + " words are in its sources")
                : Optional.empty();
    }

    private static Optional<String> findMissingRelative(String claim, SourceEvidence evidence) {
        return ClaimTerms.relatives(claim).stream()
                .filter(one -> !evidence.hasWord(one) && !evidence.hasPair(one))
                .findFirst()
                .map(one -> "no source speaks of a " + one);
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
