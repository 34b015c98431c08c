package io.memos4j.core.extraction;

import io.memos4j.core.extraction.SourceEvidence.DatedText;
import io.memos4j.core.language.LanguagePack;
import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.PatternSet;
import io.memos4j.core.language.QuestionDetector;
import io.memos4j.core.language.SentenceSplitter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares each clause of a claim with the clauses of its sources that say most of it: one of them must be about the
 * same subject, and deny or end what it says if and only if the claim does.
 *
 * <p>Without a grammar, the subject of a clause is what it names before its first other word. A question says nothing
 * by itself, so its subject and its polarity are not compared: its answer may be a single word.
 */
final class ClaimAlignment {
    /** Shorter parts of a sentence are no clauses of their own, unless they deny something: "No, Ghent now." */
    private static final int SHORTEST = 3;

    /** The beginning of a clause in which its subject stands. */
    private static final int HEAD = 14;

    /** The characters beside an end, in a script without spaces, that name what ended. */
    private static final int BESIDE = 8;

    private ClaimAlignment() {}

    /** A part of a sentence that says something. */
    private record Clause(String text, String speaker, boolean asks) {
        boolean denies() {
            return LanguageRules.matches(PatternSet.NEGATION, text);
        }

        boolean ends() {
            return LanguageRules.matches(PatternSet.END_ANNOUNCED, text);
        }

        boolean isOfSpeaker() {
            return LanguageRules.matches(PatternSet.FIRST_PERSON, text.substring(0, Math.min(HEAD, text.length())));
        }
    }

    /** Describes how the sources contradict a claim whose words they have; empty if they do not. */
    static Optional<String> findContradiction(String claim, SourceEvidence evidence) {
        List<Clause> sources = new ArrayList<>();
        for (DatedText text : evidence.texts()) {
            sources.addAll(clauses(text.text(), text.speaker()));
        }
        return clauses(claim, "").stream()
                .flatMap(clause -> findContradiction(clause, sources, claim).stream())
                .findFirst();
    }

    private static Optional<String> findContradiction(Clause claim, List<Clause> sources, String wholeClaim) {
        ClaimTerms terms = ClaimTerms.extract(claim.text);
        List<Clause> nearest = new ArrayList<>();
        int most = 1;
        for (Clause source : sources) {
            int common = countCommon(terms, source);
            if (common > most) {
                nearest.clear();
            }
            if (common >= most) {
                most = common;
                nearest.add(source);
            }
        }
        return unlessOneAgrees(
                        nearest,
                        source -> comparePolarity(claim, source, terms)
                                .or(() -> compareSubjects(claim, source, wholeClaim)))
                .or(() -> terms.names().stream()
                        .flatMap(name -> unlessOneAgrees(
                                sources.stream()
                                        .filter(source -> SourceEvidence.ofWords(source.text)
                                                .hasName(name))
                                        .toList(),
                                source -> compareSubjects(claim, source, wholeClaim))
                                .stream())
                        .findFirst());
    }

    /**
     * The last contradiction between a claim and these sources; empty if one of them agrees, asks, or there are none.
     */
    private static Optional<String> unlessOneAgrees(
            List<Clause> sources, Function<Clause, Optional<String>> contradiction) {
        Optional<String> last = Optional.empty();
        for (Clause source : sources) {
            last = source.asks ? Optional.empty() : contradiction.apply(source);
            if (last.isEmpty()) {
                return last;
            }
        }
        return last;
    }

    private static int countCommon(ClaimTerms terms, Clause source) {
        SourceEvidence said = SourceEvidence.ofWords(source.text);
        long strict = terms.numbers().stream()
                        .filter(number -> said.hasNumber(number, terms.signInWords()))
                        .count()
                + terms.names().stream().filter(said::hasName).count();
        return (int) strict + ClaimSupport.countCarried(terms, said);
    }

    private static Optional<String> comparePolarity(Clause claim, Clause source, ClaimTerms terms) {
        boolean denied = claim.denies() || claim.ends();
        boolean agrees = denied ? source.denies() || source.ends() : !source.denies() && !endsOneOf(source, terms);
        return agrees
                ? Optional.empty()
                : Optional.of(denied ? "its source does not deny it" : "its source denies it or says that it ended");
    }

    private static Optional<String> compareSubjects(Clause claim, Clause source, String wholeClaim) {
        Set<String> about = others(source.text, source.speaker);
        boolean speaks = LanguageRules.matches(PatternSet.FIRST_PERSON, source.text);
        if (!about.isEmpty() && !speaks && !mentionsOneOf(wholeClaim, about)) {
            return Optional.of("its source says so of '" + about.iterator().next() + "'");
        }
        Set<String> claimed = others(claim.text, source.speaker);
        return !claimed.isEmpty() && source.isOfSpeaker() && !mentionsOneOf(source.text, claimed)
                ? Optional.of("its source says so of its speaker")
                : Optional.empty();
    }

    /** The subjects of a clause other than its speaker. */
    private static Set<String> others(String clause, String speaker) {
        Set<String> subjects = new HashSet<>(ClaimTerms.subjects(clause));
        subjects.removeIf(subject -> SourceEvidence.ofWords(speaker).hasName(subject));
        return subjects;
    }

    private static boolean mentionsOneOf(String text, Set<String> names) {
        SourceEvidence words = SourceEvidence.ofWords(text);
        return names.stream().anyMatch(name -> words.hasName(name) || words.hasWord(name) || words.hasPair(name));
    }

    /** Returns whether what a clause says to have ended, the word after or before the end, is one of these terms. */
    private static boolean endsOneOf(Clause source, ClaimTerms terms) {
        for (LanguagePack pack : LanguageRules.packs()) {
            for (Pattern end :
                    pack.appliesTo(source.text) ? pack.patterns(PatternSet.END_ANNOUNCED) : List.<Pattern>of()) {
                Matcher matcher = end.matcher(source.text);
                if (matcher.find() && isBeside(source.text, matcher.start(), matcher.end(), terms)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isBeside(String text, int start, int end, ClaimTerms terms) {
        if (!terms.pairs().isEmpty()) {
            String around = text.substring(Math.max(0, start - BESIDE), Math.min(text.length(), end + BESIDE));
            return terms.pairs().stream().anyMatch(around::contains);
        }
        List<String> after = words(text.substring(end));
        List<String> before = words(text.substring(0, start));
        Optional<String> ended = after.isEmpty()
                ? before.reversed().stream().findFirst()
                : after.stream().findFirst();
        return ended.map(SourceEvidence::ofWords)
                .filter(word -> countIn(terms, word) > 0)
                .isPresent();
    }

    private static long countIn(ClaimTerms terms, SourceEvidence word) {
        return ClaimSupport.countCarried(terms, word)
                + terms.names().stream().filter(word::hasName).count();
    }

    /** The words of a text that mean something, in order. */
    private static List<String> words(String text) {
        return ClaimTerms.WORD
                .matcher(text)
                .results()
                .map(word -> word.group().toLowerCase(Locale.ROOT))
                .filter(word -> ClaimTerms.extract("x " + word).size() > 0)
                .toList();
    }

    private static List<Clause> clauses(String text, String speaker) {
        List<Clause> clauses = new ArrayList<>();
        for (String sentence : SentenceSplitter.split(text)) {
            boolean asks = QuestionDetector.isQuestion(sentence);
            parts(sentence).forEach(part -> clauses.add(new Clause(part, speaker, asks)));
        }
        return clauses;
    }

    private static List<String> parts(String sentence) {
        List<Integer> cuts = new ArrayList<>(List.of(0));
        for (LanguagePack pack : LanguageRules.packs()) {
            if (pack.appliesTo(sentence)) {
                pack.patterns(PatternSet.CLAUSE_BREAK)
                        .forEach(
                                pattern -> pattern.matcher(sentence).results().forEach(found -> cuts.add(found.end())));
            }
        }
        cuts.add(sentence.length());
        List<Integer> places = cuts.stream().distinct().sorted().toList();
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int end : places.subList(1, places.size())) {
            String part = sentence.substring(start, end);
            if (end == sentence.length() || isClause(part)) {
                parts.add(part.strip());
                start = end;
            }
        }
        return parts;
    }

    private static boolean isClause(String part) {
        return part.codePoints().anyMatch(ClaimTerms::unspaced)
                || part.strip().split("\\s+", -1).length > SHORTEST
                || LanguageRules.matches(PatternSet.NEGATION, part);
    }
}
