package io.memos4j.core.language;

import java.util.Set;

/** Recognizes texts that announce that something is no longer as it was. */
public final class ChangeDetector {
    /** The words that announce changes, as {@link ContentWords} reads them: they say nothing about what changed. */
    public static final Set<String> CHANGE_WORDS =
            ContentWords.of(String.join(" ", LanguageRules.words(WordList.CHANGE_WORDS)));

    private ChangeDetector() {}

    public static boolean announcesChange(String text) {
        return LanguageRules.matches(PatternSet.CHANGE_ANNOUNCED, text);
    }

    /**
     * Returns whether the text begins with the change itself: "Migrated to Redis." Its subject is in the text before.
     */
    public static boolean isElliptic(String text) {
        return LanguageRules.matches(PatternSet.CHANGE_ELLIPTIC, text.strip());
    }
}
