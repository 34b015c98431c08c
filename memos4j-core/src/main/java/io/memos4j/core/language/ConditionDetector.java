package io.memos4j.core.language;

import java.util.regex.Pattern;

/** Whether what a text wants depends on something: "… when I ask about prices". */
public final class ConditionDetector {
    private static final Pattern WORDS = Pattern.compile(
            "\\b(?:when(?:ever)?|if|every time|each time|in case|while|unless|for|about|regarding)\\b|每次|如果|当.*时|的时候",
            Pattern.CASE_INSENSITIVE);

    private ConditionDetector() {}

    public static boolean isConditional(String text) {
        return WORDS.matcher(text).find();
    }
}
