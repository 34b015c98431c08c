package io.memos4j.core.language;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Compares the subjects of two statements by their words, without a grammar: enough to tell that a sentence is about
 * somebody else, and which words of a statement only name its subject.
 */
public final class SubjectDetector {
    private static final Pattern WORD = Pattern.compile("\\p{IsHan}+|[\\p{L}\\p{N}]+(?:['’._/-]+[\\p{L}\\p{N}]+)*+");

    private static final Set<String> RELATIVES = LanguageRules.words(WordList.RELATIVES).stream()
            .map(LanguageRules::stem)
            .collect(Collectors.toUnmodifiableSet());

    private static final TextFunctionCache<List<String>> WORDS = new TextFunctionCache<>(SubjectDetector::readWords);
    private static final TextFunctionCache<Set<String>> BARE_WORDS =
            new TextFunctionCache<>(SubjectDetector::readBareWords);
    private static final TextFunctionCache<Set<String>> SUBJECTS =
            new TextFunctionCache<>(SubjectDetector::readSubject);
    private static final TextFunctionCache<Set<String>> CONTENT = new TextFunctionCache<>(ContentWords::of);

    /** A subject longer than this is no subject. */
    private static final int LONGEST = 8;

    private SubjectDetector() {}

    /**
     * Returns whether a sentence is about somebody or something that the former statement does not name: a relative, a
     * person by a name at its head, or another thing than the one that is asked for.
     *
     * @param asked the content words of the query
     */
    public static boolean isAboutAnother(String sentence, String former, Set<String> asked) {
        Set<String> known = BARE_WORDS.apply(former);
        List<String> words = WORDS.apply(sentence);
        boolean others = words.stream()
                .limit(LONGEST)
                .map(SubjectDetector::bare)
                .anyMatch(word -> RELATIVES.contains(LanguageRules.stem(word)) && !known.contains(word));
        if (others || haveDifferentSubjects(sentence, former, asked)) {
            return true;
        }
        boolean speaks = LanguageRules.matches(PatternSet.SELF_MENTION, sentence)
                || LanguageRules.matches(PatternSet.FIRST_PERSON, sentence);
        boolean spoke = LanguageRules.matches(PatternSet.FIRST_PERSON, former);
        return spoke && !speaks && !words.isEmpty() && startsWithUnknownName(words, known);
    }

    private static boolean startsWithUnknownName(List<String> words, Set<String> known) {
        String first = words.getFirst();
        return words.size() > 1
                && Character.isUpperCase(first.codePointAt(0))
                && LanguageRules.matches(PatternSet.CLAIM_VERB, words.get(1))
                && !known.contains(bare(first));
    }

    /**
     * Returns whether each of two sentences has a word in its subject that the other lacks, and the query asks for that
     * of the former one.
     */
    private static boolean haveDifferentSubjects(String sentence, String former, Set<String> asked) {
        Set<String> added = new HashSet<>(SUBJECTS.apply(sentence));
        added.removeAll(CONTENT.apply(former));
        Set<String> missing = new HashSet<>(SUBJECTS.apply(former));
        missing.removeAll(CONTENT.apply(sentence));
        return !added.isEmpty() && missing.stream().anyMatch(asked::contains);
    }

    /** Returns the words that the subjects of two sentences have in common; empty if either has none. */
    public static Set<String> commonSubject(String sentence, String former) {
        Set<String> common = new HashSet<>(SUBJECTS.apply(sentence));
        common.retainAll(SUBJECTS.apply(former));
        return common;
    }

    private static Set<String> readSubject(String sentence) {
        return ContentWords.of(LanguageRules.replaceAll(PatternSet.SUBJECT_NOISE, subject(sentence), ""));
    }

    /**
     * Returns the words of a sentence before its first predicate: a form of <i>to be</i> or <i>to have</i>, or a verb
     * of change; empty if it has none.
     */
    public static String subject(String sentence) {
        int comma = sentence.indexOf(',');
        String head = comma < 0 ? sentence : sentence.substring(0, comma);
        for (LanguagePack pack : LanguageRules.packs()) {
            if (!pack.isSpaced() && pack.appliesTo(head)) {
                return pack.words(WordList.PREDICATES).stream()
                        .mapToInt(head::indexOf)
                        .filter(at -> at > 0)
                        .min()
                        .stream()
                        .mapToObj(at -> head.substring(0, at))
                        .findFirst()
                        .orElse("");
            }
        }
        List<String> words = readWords(head);
        int end = predicate(words);
        return end < 0 ? "" : String.join(" ", words.subList(0, end));
    }

    /** Returns whether a sentence has a form of <i>to be</i> or another predicate at its head. */
    static boolean hasPredicate(String sentence) {
        return predicate(WORDS.apply(sentence)) >= 0 || !subject(sentence).isBlank();
    }

    private static int predicate(List<String> words) {
        for (int i = 0; i < Math.min(LONGEST, words.size()); i++) {
            if (isPredicate(words.get(i))) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Returns the topic words of a statement that name only its subject: those before its first predicate, else those
     * at its head that the other sentence has too. Nouns that name an attribute are no such words, nor is the head of a
     * statement that is a change itself: "React upgraded to 17".
     */
    public static Set<String> subjectWords(String statement, String other) {
        List<String> words = WORDS.apply(statement);
        if (!words.isEmpty() && Character.isIdeographic(words.getFirst().codePointAt(0))) {
            return TopicWords.of(commonHead(statement, other));
        }
        if (!words.isEmpty() && LanguageRules.matches(PatternSet.FIRST_PERSON, words.getFirst())) {
            return Set.of();
        }
        int end = predicate(words);
        if (end >= 0 && isChangeWord(words.get(end))) {
            return Set.of();
        }
        if (end < 0) {
            end = lengthOfCommonHead(words, BARE_WORDS.apply(other));
            end -= end > 0 && followsChangeWord(words.get(end - 1), WORDS.apply(other)) ? 1 : 0;
        }
        List<String> head = new ArrayList<>(words.subList(0, end));
        head.removeIf(SubjectDetector::isAttributeNoun);
        return TopicWords.of(String.join(" ", head));
    }

    private static int lengthOfCommonHead(List<String> words, Set<String> elsewhere) {
        int end = 0;
        while (end < Math.min(LONGEST, words.size())
                && (elsewhere.contains(bare(words.get(end))) || isFunctionWord(words.get(end)))
                && !isChangeWord(words.get(end))) {
            end++;
        }
        while (end > 0 && isFunctionWord(words.get(end - 1))) {
            end--;
        }
        return end;
    }

    /** Returns whether a word follows an adverb of change, which shows it to be a predicate: "now leaves". */
    private static boolean followsChangeWord(String word, List<String> words) {
        int at = words.stream().map(SubjectDetector::bare).toList().indexOf(bare(word));
        return at > 0 && isChangeWord(words.get(at - 1));
    }

    private static String commonHead(String one, String other) {
        int end = 0;
        while (end < Math.min(one.length(), other.length()) && one.charAt(end) == other.charAt(end)) {
            end++;
        }
        return one.substring(0, end);
    }

    private static boolean isAttributeNoun(String word) {
        return LanguageRules.table(WordTable.ATTRIBUTE_KINDS).containsKey(bare(word));
    }

    private static boolean isPredicate(String word) {
        return LanguageRules.words(WordList.PREDICATES).contains(bare(word));
    }

    private static boolean isChangeWord(String word) {
        return ChangeDetector.CHANGE_WORDS.contains(LanguageRules.stem(bare(word)));
    }

    private static boolean isFunctionWord(String word) {
        return LanguageRules.words(WordList.STOP_WORDS).contains(bare(word));
    }

    private static List<String> readWords(String text) {
        return WORD.matcher(text).results().map(MatchResult::group).toList();
    }

    private static Set<String> readBareWords(String text) {
        return WORDS.apply(text).stream().map(SubjectDetector::bare).collect(Collectors.toUnmodifiableSet());
    }

    private static String bare(String word) {
        return LanguageRules.withoutPossessive(word.toLowerCase(Locale.ROOT));
    }
}
