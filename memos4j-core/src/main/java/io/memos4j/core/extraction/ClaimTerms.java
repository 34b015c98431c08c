package io.memos4j.core.extraction;

import io.memos4j.core.language.ContentWords;
import io.memos4j.core.language.LanguagePack;
import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.NumberNormalizer;
import io.memos4j.core.language.PatternSet;
import io.memos4j.core.language.TextNormalizer;
import io.memos4j.core.language.WordList;
import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The terms of a text that make up its claim.
 *
 * @param numbers in one notation, negative ones with their sign
 * @param signInWords whether words such as "minus" or "fell by" may stand for the sign of a number
 * @param names capitalized words inside a sentence, or at its head if a verb or another name follows, and words that
 *     end with symbols, such as C++; in lower case
 * @param words the other words that mean something, in lower case
 * @param pairs neighboring characters of scripts without spaces; a single character where it stands alone
 */
record ClaimTerms(Set<String> numbers, boolean signInWords, Set<String> names, Set<String> words, Set<String> pairs) {
    private static final Set<UnicodeScript> UNSPACED = Set.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.HANGUL,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR);

    static final Pattern WORD =
            Pattern.compile("\\p{L}[\\p{L}\\p{M}\\p{N}]*(?:['’]\\p{L}+|[+#]{1,2}(?![\\p{L}\\p{N}+#]))?");
    private static final Pattern SYMBOL_AT_END = Pattern.compile("[+#]$");
    private static final Pattern SENTENCE_HEAD = Pattern.compile("(?:^|[.!?:;\\n\"“(\\[•-])[\\s\"“(*]*\\z");
    private static final Set<String> NO_CONTENT = Stream.of(WordList.STOP_WORDS, WordList.CLAIM_WORDS)
            .map(LanguageRules::words)
            .flatMap(Set::stream)
            .map(TextNormalizer::withoutAccents)
            .collect(Collectors.toUnmodifiableSet());
    private static final Set<String> RELATIVES = LanguageRules.words(WordList.RELATIVES).stream()
            .map(TextNormalizer::withoutAccents)
            .collect(Collectors.toUnmodifiableSet());

    /** The characters before a relative at the head of an unspaced clause: 我的. */
    private static final int UNSPACED_HEAD = 4;

    private static final int CONTEXT = 8;
    private static final int SHORTEST_WORD = 3;

    static ClaimTerms extract(String text) {
        String plain = withoutElisions(TextNormalizer.withoutAccents(text));
        Set<String> names = new LinkedHashSet<>();
        Set<String> words = new LinkedHashSet<>();
        Set<String> pairs = new LinkedHashSet<>();
        for (String run : unspaced(plain)) {
            cutAtParticles(run).forEach(part -> pairs.addAll(ContentWords.pairs(part)));
        }
        boolean signInWords = LanguageRules.matches(PatternSet.NEGATIVE_AMOUNT, plain);
        String spaced = spaced(plain);
        Matcher matcher = WORD.matcher(spaced);
        while (matcher.find()) {
            String word = LanguageRules.withoutPossessive(matcher.group());
            String lower = word.toLowerCase(Locale.ROOT);
            if (NO_CONTENT.contains(lower) || signInWords && LanguageRules.matches(PatternSet.NEGATIVE_AMOUNT, lower)) {
                continue;
            }
            if (SYMBOL_AT_END.matcher(word).find() || isName(spaced, matcher.start(), matcher.end())) {
                names.add(lower);
            } else if (lower.length() >= SHORTEST_WORD && !NumberNormalizer.isWord(lower)) {
                words.add(lower);
            }
        }
        return new ClaimTerms(NumberNormalizer.claimed(plain), signInWords, names, words, pairs);
    }

    /** Blanks short forms of words before vowels, which are written together with the next word. */
    static String withoutElisions(String text) {
        return LanguageRules.blank(PatternSet.ELISION, text);
    }

    /** The relatives that a text names, in lower case. */
    static Set<String> relatives(String text) {
        String plain = TextNormalizer.withoutAccents(text);
        Set<String> relatives = new LinkedHashSet<>();
        WORD.matcher(spaced(withoutElisions(plain))).results().forEach(word -> {
            String lower = LanguageRules.withoutPossessive(word.group()).toLowerCase(Locale.ROOT);
            if (RELATIVES.contains(lower)) {
                relatives.add(lower);
            }
        });
        RELATIVES.stream()
                .filter(word -> unspaced(word.codePointAt(0)) && plain.contains(word))
                .forEach(relatives::add);
        return relatives;
    }

    /** The names and relatives at the head of a clause, before any other word that means something. */
    static Set<String> subjects(String clause) {
        String plain = withoutElisions(TextNormalizer.withoutAccents(clause));
        Set<String> subjects = new LinkedHashSet<>();
        RELATIVES.stream()
                .filter(word -> unspaced(word.codePointAt(0)))
                .filter(word -> plain.contains(word) && plain.indexOf(word) <= UNSPACED_HEAD)
                .forEach(subjects::add);
        String spaced = spaced(LanguageRules.blank(PatternSet.DAY_NAME, plain));
        Matcher matcher = WORD.matcher(spaced);
        while (matcher.find()) {
            String lower = LanguageRules.withoutPossessive(matcher.group()).toLowerCase(Locale.ROOT);
            boolean names = RELATIVES.contains(lower)
                    || isName(spaced, matcher.start(), matcher.end())
                    || isHead(spaced, matcher.start(), matcher.end());
            if (!NO_CONTENT.contains(lower) && !names) {
                break;
            }
            if (names && !NO_CONTENT.contains(lower)) {
                subjects.add(lower);
            }
        }
        return subjects;
    }

    static boolean unspaced(int character) {
        return Character.isLetter(character) && UNSPACED.contains(UnicodeScript.of(character));
    }

    /** The number of terms. */
    int size() {
        return numbers.size() + names.size() + ordinary();
    }

    int ordinary() {
        return words.size() + pairs.size();
    }

    /** The terms that the evidence lacks. */
    ClaimTerms without(SourceEvidence evidence) {
        return new ClaimTerms(
                rest(numbers, number -> evidence.hasNumber(number, signInWords)),
                signInWords,
                rest(names, evidence::hasName),
                rest(words, evidence::hasWord),
                rest(pairs, evidence::hasPair));
    }

    private static Set<String> rest(Set<String> all, Predicate<String> said) {
        return all.stream().filter(said.negate()).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static boolean isName(String text, int start, int end) {
        if (!Character.isUpperCase(text.codePointAt(start)) || end - start < 2) {
            return false;
        }
        boolean head = SENTENCE_HEAD
                .matcher(text.substring(Math.max(0, start - CONTEXT), start))
                .find();
        if (!head || text.substring(start, end).chars().skip(1).anyMatch(Character::isUpperCase)) {
            return true;
        }
        if (end - start > 2 && (text.charAt(end - 2) == '\'' || text.charAt(end - 2) == '’')) {
            return true;
        }
        Matcher next = WORD.matcher(text);
        return next.find(end)
                && next.start() <= end + 1
                && (Character.isUpperCase(text.codePointAt(next.start())) || isVerb(next.group()));
    }

    /** Returns whether a capitalized word opens a text, and a word that means nothing by itself follows: "Ben is". */
    private static boolean isHead(String text, int start, int end) {
        Matcher next = WORD.matcher(text);
        return Character.isUpperCase(text.codePointAt(start))
                && text.substring(0, start).isBlank()
                && next.find(end)
                && NO_CONTENT.contains(next.group().toLowerCase(Locale.ROOT));
    }

    private static boolean isVerb(String word) {
        return LanguageRules.packs().stream()
                .flatMap(pack -> pack.patterns(PatternSet.CLAIM_VERB).stream())
                .anyMatch(verb -> verb.matcher(word).matches());
    }

    private static List<String> cutAtParticles(String run) {
        List<String> parts = List.of(run);
        for (LanguagePack pack : LanguageRules.packs()) {
            for (Pattern particle : pack.patterns(PatternSet.CLAIM_BREAK)) {
                parts = parts.stream().flatMap(particle::splitAsStream).toList();
            }
        }
        return parts;
    }

    /** Replaces every character of a script without spaces by a mark. */
    static String spaced(String text) {
        StringBuilder spaced = new StringBuilder(text.length());
        text.codePoints().forEach(c -> spaced.appendCodePoint(unspaced(c) ? '·' : c));
        return spaced.toString();
    }

    private static List<String> unspaced(String text) {
        List<String> runs = new ArrayList<>();
        StringBuilder run = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (unspaced(c)) {
                run.appendCodePoint(c);
            } else if (!run.isEmpty()) {
                runs.add(run.toString());
                run.setLength(0);
            }
        });
        if (!run.isEmpty()) {
            runs.add(run.toString());
        }
        return runs;
    }
}
