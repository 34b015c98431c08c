package io.memos4j.core.language;

/** Recognizes wishes that depend on something: "… when I ask about prices". */
public final class ConditionDetector {
    private ConditionDetector() {}

    public static boolean isConditional(String text) {
        return LanguageRules.matches(PatternSet.CONDITIONAL, text);
    }
}
