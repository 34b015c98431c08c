package io.memos4j.core.language;

import java.util.Set;
import java.util.regex.Pattern;

/** Whether a text announces that something is no longer as it was. */
public final class ChangeDetector {
    private static final String VERBS =
            "moved|moving|migrat(?:ed|ing)|switch(?:ed|ing)|chang(?:ed|ing)|updat(?:ed?|ing)|upgrad(?:ed|ing)"
                    + "|downgrad(?:ed|ing)|renam(?:ed|ing)|replac(?:ed|ing)|increas(?:ed|ing)|decreas(?:ed|ing)|reduc(?:ed|ing)|rais(?:ed|ing)"
                    + "|lower(?:ed|ing)|extend(?:ed|ing)|shorten(?:ed|ing)|adjust(?:ed|ing)|reschedul(?:ed|ing)|postpon(?:ed|ing)|revert(?:ed|ing)"
                    + "|restructur(?:ed|ing)|expand(?:ed|ing)|adopt(?:ed|ing)|add(?:ed|ing)|remov(?:ed|ing)|enabl(?:ed|ing)|disabl(?:ed|ing)"
                    + "|capp(?:ed|ing)|split|promoted|transferred|converted|rewritten|moved on";

    private static final Pattern ANNOUNCED = Pattern.compile(
            "\\b(?:now|currently|" + VERBS
                    + "|became|become|no longer|any ?more|instead|new|newly|recently|reached|improved|grown?|latest"
                    + "|started|stopped|quit|set (?:to|at)|as of|actually|correction)\\b"
                    + "|现在|改成|改为|改到|换成|换了|变成|搬到|搬去|不再|已经|更新|升级|新的|取消|推迟|提前|刚刚",
            Pattern.CASE_INSENSITIVE);

    /** A predicate without its subject: the subject stands in the statement before. */
    private static final Pattern ELLIPTIC = Pattern.compile(
            "^(?:also |then |later )?(?:" + VERBS + ")\\b|^(?:改成|改为|换成|搬到|升级到|变成)", Pattern.CASE_INSENSITIVE);

    /** The words that announce changes, as {@link ContentWords} reads them: they say nothing about what changed. */
    public static final Set<String> CHANGE_WORDS = ContentWords.of(
            "moved moving migrated migrating switched switching changed changing change changes"
                    + " updated update updates updating upgraded upgrade renamed replaced increased increase decreased reduced raised lowered extended"
                    + " adjusted rescheduled postponed reverted restructured expanded adopted added removed enabled disabled capped split set became"
                    + " become now current currently new newly recent recently latest reached improved grown started stopped longer anymore instead");

    private ChangeDetector() {}

    public static boolean announcesChange(String text) {
        return ANNOUNCED.matcher(text).find();
    }

    /**
     * Whether the text begins with the change itself: "Migrated to Redis." It is about what was said directly before.
     */
    public static boolean isElliptic(String text) {
        return ELLIPTIC.matcher(text.strip()).find();
    }
}
