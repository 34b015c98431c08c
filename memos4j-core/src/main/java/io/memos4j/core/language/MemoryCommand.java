package io.memos4j.core.language;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A request about the memory itself in a user's message. Words of others ("my lawyer said never record that call") and
 * requests about other things ("delete the temp files") are none.
 */
public record MemoryCommand(Kind kind, String what) {
    /** The kinds of requests. */
    public enum Kind {
        /** No request: it is a message like others. */
        NONE,
        /** Asks not to keep the message: "Do not save this." */
        OFF_THE_RECORD,
        /** Asks to forget what {@link MemoryCommand#what} describes: "Forget my old address: 5 Elm Street." */
        FORGET,
        /** Asks to forget everything about {@link MemoryCommand#what}: "Forget what I told you about Ferit." */
        FORGET_ABOUT;

        /** Returns whether it asks to forget something that was said before. */
        public boolean forgets() {
            return this == FORGET || this == FORGET_ABOUT;
        }
    }

    /** Longer texts are content rather than requests. */
    private static final int LONGEST = 1_000;

    /** The longest line at the edge of a longer text that may ask not to keep it. */
    private static final int LONGEST_EDGE = 200;

    /** The end of a sentence that asks something: "Don't save this, but is it normal?". */
    private static final Pattern QUESTION_CLAUSE = Pattern.compile("[^-.!?。！？\\n,，;；:：、–—]*+[?？]");

    /** The least share of common words of a request and a memory, in both directions, where neither names the other. */
    private static final double SAME_WORDS = 0.8;

    public static final MemoryCommand NONE = new MemoryCommand(Kind.NONE, "");

    /** The request in a user's message. */
    public static MemoryCommand parse(String message) {
        String text = message.strip();
        if (isOffTheRecord(text.length() > LONGEST ? edges(text) : text)) {
            return new MemoryCommand(Kind.OFF_THE_RECORD, "");
        }
        if (text.length() > LONGEST || QuestionDetector.isQuestion(text) && !asksPolitely(text)) {
            return NONE;
        }
        return find(PatternSet.FORGET_ABOUT_REQUEST, Kind.FORGET_ABOUT, text)
                .or(() -> find(PatternSet.FORGET_REQUEST, Kind.FORGET, text))
                .orElse(NONE);
    }

    /** The first and the last line of a long text, unless they are long themselves. */
    private static String edges(String text) {
        String first = text.substring(0, Math.max(0, text.indexOf('\n')));
        String last = text.substring(text.lastIndexOf('\n') + 1);
        return Stream.of(first, last)
                .filter(line -> line.length() <= LONGEST_EDGE)
                .collect(Collectors.joining("\n"));
    }

    /** Words of others are looked for last, in the few texts that ask for something at all. */
    private static boolean isOffTheRecord(String text) {
        return asksNotToKeep(text) && asksNotToKeep(LanguageRules.blank(PatternSet.WORDS_OF_OTHERS, text));
    }

    private static boolean asksNotToKeep(String own) {
        return LanguageRules.matches(PatternSet.OFF_THE_RECORD_QUESTION, own)
                || LanguageRules.matches(
                        PatternSet.OFF_THE_RECORD, QUESTION_CLAUSE.matcher(own).replaceAll("."));
    }

    private static boolean asksPolitely(String text) {
        return find(PatternSet.FORGET_REQUEST, Kind.FORGET, text).isPresent()
                || find(PatternSet.FORGET_ABOUT_REQUEST, Kind.FORGET_ABOUT, text)
                        .isPresent();
    }

    private static Optional<MemoryCommand> find(PatternSet set, Kind kind, String text) {
        for (LanguagePack pack : LanguageRules.packs()) {
            for (Pattern pattern : pack.patterns(set)) {
                Matcher matcher = pattern.matcher(text);
                if (matcher.matches() && !ContentWords.of(matcher.group("what")).isEmpty()) {
                    return Optional.of(
                            new MemoryCommand(kind, matcher.group("what").strip()));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Returns whether this request to forget covers a memory: everything about a subject covers what has all its words;
     * a description covers what has nearly the same words, begins with them, or has them as the subject of one of its
     * sentences ("my PIN", "My PIN is 4711."). Numbers, symbols and identifiers of the request must be in the memory:
     * what names C++ or 250 covers nothing about C# or 350.
     */
    public boolean covers(String memory) {
        Set<String> wanted = ContentWords.of(what);
        if (kind == Kind.FORGET_ABOUT) {
            return ContentWords.of(memory).containsAll(wanted) && hasExactParts(memory);
        }
        String beginning = TextNormalizer.wordsOnly(what) + " ";
        return SentenceSplitter.split(memory).stream().anyMatch(sentence -> {
            Set<String> words = ContentWords.of(sentence);
            if (!hasExactParts(sentence)) {
                return false;
            }
            return TextNormalizer.wordsOnly(sentence).startsWith(beginning)
                    || words.containsAll(wanted) && wanted.equals(ContentWords.of(SubjectDetector.subject(sentence)))
                    || ContentWords.coverage(wanted, words) >= SAME_WORDS
                            && ContentWords.coverage(words, wanted) >= SAME_WORDS;
        });
    }

    /** People who ask in lower case mean what they wrote in capitals before. */
    private boolean hasExactParts(String memory) {
        return TextEquality.exactParts(memory.toLowerCase(Locale.ROOT))
                .containsAll(TextEquality.exactParts(what.toLowerCase(Locale.ROOT)));
    }
}
