package io.memos4j.core.language;

import java.util.regex.Pattern;

/**
 * Tells whether a text asserts something of the present: not asked, supposed, played, denied, told of others' beliefs,
 * past, or true only for a while.
 */
public final class AssertionDetector {
    /** Longer texts are content rather than a remark about the turns around them. */
    private static final int LONGEST_REMARK = 1_000;

    private static final Pattern QUESTION_MARKS = Pattern.compile("[?？]+\\s*$");

    private AssertionDetector() {}

    public static boolean isAsserted(String text) {
        return !QuestionDetector.isQuestion(text)
                && !LanguageRules.matches(PatternSet.NOT_ASSERTED, text)
                && !LanguageRules.matches(PatternSet.TEMPORARY, text)
                && !LanguageRules.matches(PatternSet.FORMER, text);
    }

    /**
     * Returns what a sentence asserts beside a question: the part before a question at its end, or the clause that the
     * question takes for granted ("… now that I get up at 7?"); the sentence itself if there is none.
     */
    public static String withoutQuestion(String sentence) {
        if (!QuestionDetector.isQuestion(sentence)) {
            return sentence;
        }
        String before = LanguageRules.replaceAll(PatternSet.QUESTION_CLAUSE, sentence, "");
        return QuestionDetector.isQuestion(before)
                ? LanguageRules.firstMatch(PatternSet.PRESUPPOSITION, before)
                        .map(start ->
                                QUESTION_MARKS.matcher(before.substring(start)).replaceAll(""))
                        .orElse(before)
                : before;
    }

    /** Returns whether the turns after a text are not meant: "Let's play a game", "Translate the next line:". */
    public static boolean opensPretense(String text) {
        return text.length() <= LONGEST_REMARK && LanguageRules.matches(PatternSet.PRETENSE, text);
    }

    /** Returns whether a text corrects something that was said before. */
    public static boolean corrects(String text) {
        return text.length() <= LONGEST_REMARK && LanguageRules.matches(PatternSet.CORRECTION, text);
    }

    /** Returns whether a text takes back the turn before it as a joke. */
    public static boolean takesBack(String text) {
        return text.length() <= LONGEST_REMARK && LanguageRules.matches(PatternSet.TAKEN_BACK, text);
    }
}
