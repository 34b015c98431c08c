package io.memos4j.core.language;

import java.util.Set;

/** Recognizes turns that answer the question before them and mean nothing without it: "No, Ghent now.", "A cat.". */
public final class AnswerDetector {
    private static final int LONGEST = 80;
    private static final int LONGEST_UNSPACED = 24;

    private static final double HALF = 0.5;

    private AnswerDetector() {}

    /** Returns whether a turn has no subject of its own, so that it takes what a question before it asks. */
    public static boolean isShortAnswer(String turn) {
        String text = turn.strip();
        boolean unspaced = text.codePoints().anyMatch(Character::isIdeographic);
        if (text.length() > (unspaced ? LONGEST_UNSPACED : LONGEST) || QuestionDetector.asks(text)) {
            return false;
        }
        return denies(text)
                || affirms(text)
                || !LanguageRules.matches(PatternSet.FIRST_PERSON, text)
                        && SubjectDetector.subject(text).isBlank();
    }

    /** Returns whether an answer denies what was asked. */
    public static boolean denies(String answer) {
        return LanguageRules.matches(PatternSet.DENYING_ANSWER, answer.strip());
    }

    /** Returns whether an answer affirms what was asked. */
    public static boolean affirms(String answer) {
        return LanguageRules.matches(PatternSet.AFFIRMING_ANSWER, answer.strip());
    }

    /**
     * Returns whether the answer to a question says that what it asks after holds no longer: it denies that it still
     * does, or answers with a change.
     */
    public static boolean endsWhatIsAsked(String question, String answer) {
        if (affirms(answer)) {
            return false;
        }
        boolean still = LanguageRules.matches(PatternSet.CONTINUATION_QUESTION, question);
        return denies(answer)
                ? still || ChangeDetector.announcesChange(answer)
                : still && ChangeDetector.announcesChange(answer);
    }

    /**
     * Returns whether a question asks after what a sentence states: more than half of the topic words of either are in
     * the other. A question that names no concept ("Are you still in Lyon?") must ask for being there, not for liking
     * it.
     */
    public static boolean asksAfter(String question, String statement) {
        Set<String> asked = topics(LanguageRules.replaceAll(PatternSet.CONTINUATION_QUESTION, question, " "));
        Set<String> stated = topics(statement);
        boolean named = asked.stream().anyMatch(TopicWords::isConcept)
                || stated.stream().noneMatch(TopicWords::isConcept)
                || SubjectDetector.hasPredicate(question);
        return named && sharesHalf(asked, stated);
    }

    private static boolean sharesHalf(Set<String> asked, Set<String> stated) {
        return ContentWords.coverage(asked, stated) > HALF || ContentWords.coverage(stated, asked) > HALF;
    }

    /** Particles are no topics, but stand in the pairs of characters of a text without spaces. */
    private static Set<String> topics(String text) {
        return TopicWords.of(LanguageRules.replaceAll(PatternSet.CLAIM_BREAK, text, " "));
    }
}
