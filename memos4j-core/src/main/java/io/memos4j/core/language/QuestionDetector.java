package io.memos4j.core.language;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Recognizes turns that ask, and what they assert beside their questions. Thread-safe. */
public final class QuestionDetector {
    /** The characters at the end of a turn that decide. */
    private static final int TAIL = 400;

    /** Longer texts without a question mark are no questions. */
    private static final int LONGEST_UNMARKED = 120;

    /** Longer turns tell something, whatever they ask beside it. */
    private static final int LONGEST_ASKING = 400;

    /** The share of a turn that its questions make up, if it asks rather than tells. */
    private static final double MOST = 0.5;

    private static final Pattern ASKS = Pattern.compile("[?？][\"'”’)）]*\\s*(?:\\[[^\\]]*]\\s*)?$");

    private static final TextFunctionCache<String> ASSERTED =
            new TextFunctionCache<>(QuestionDetector::removeQuestions);

    private QuestionDetector() {}

    /** Returns whether a turn ends in a question mark, remarks in brackets aside. */
    public static boolean isQuestion(String turn) {
        String tail = turn.substring(Math.max(0, turn.length() - TAIL)).strip();
        return ASKS.matcher(tail).find();
    }

    private static boolean isUnmarkedQuestion(String turn) {
        return turn.length() <= LONGEST_UNMARKED && LanguageRules.matches(PatternSet.INTERROGATIVE, turn.strip());
    }

    /**
     * Returns whether a turn asks rather than tells: it ends in a question, with or without a mark, or questions are
     * most of it.
     */
    public static boolean asks(String turn) {
        return isQuestion(turn)
                || isUnmarkedQuestion(turn)
                || turn.length() <= LONGEST_ASKING && withoutQuestions(turn).length() <= MOST * turn.length();
    }

    /** Returns the sentences of a turn that are no questions, and what precedes a question in its sentence. */
    public static String withoutQuestions(String turn) {
        return ASSERTED.apply(turn);
    }

    /** Returns the last question of a turn; empty if it has none. */
    public static String lastQuestion(String turn) {
        return SentenceSplitter.split(turn.substring(Math.max(0, turn.length() - TAIL))).stream()
                .filter(QuestionDetector::isQuestion)
                .reduce("", (first, second) -> second);
    }

    private static String removeQuestions(String turn) {
        return SentenceSplitter.split(turn).stream()
                .map(AssertionDetector::withoutQuestion)
                .filter(sentence -> !isQuestion(sentence) && !isUnmarkedQuestion(sentence))
                .collect(Collectors.joining(" "));
    }
}
