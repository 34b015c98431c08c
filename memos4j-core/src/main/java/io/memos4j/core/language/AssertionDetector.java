package io.memos4j.core.language;

/**
 * Tells whether a text asserts something of the present: not asked, supposed, played, denied, told of others' beliefs,
 * past, or true only for a while.
 */
public final class AssertionDetector {
    /** Longer texts are content rather than a remark about the turns around them. */
    private static final int LONGEST_REMARK = 1_000;

    private AssertionDetector() {}

    public static boolean isAsserted(String text) {
        return !QuestionDetector.isQuestion(text)
                && !LanguageRules.matches(PatternSet.NOT_ASSERTED, text)
                && !LanguageRules.matches(PatternSet.TEMPORARY, text)
                && !LanguageRules.matches(PatternSet.FORMER, text);
    }

    /** Returns a sentence without a question at its end, which asks about what the sentence asserts. */
    public static String withoutQuestion(String sentence) {
        return QuestionDetector.isQuestion(sentence)
                ? LanguageRules.replaceAll(PatternSet.QUESTION_CLAUSE, sentence, "")
                : sentence;
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
