package io.memos4j.core.prompt;

import java.util.regex.Pattern;

/** Marks of chat templates, which split a prompt into the turns of its roles. */
public final class TemplateMarks {
    private static final String NAMED =
            "<\\|?\\s*/?\\s*(?:im_start|im_end|system|assistant|endoftext)\\s*\\|?>" + "|\\[/?INST]";

    private static final String OTHERS =
            "<\\|[a-z_]{2,30}\\|>|<</?SYS>>|</?(?:start|end)_of_turn>" + "|</?s>(?=\\s*\\[INST)|<｜[^｜>]{2,30}｜>";

    /** Matches the marks of widespread templates. */
    public static final Pattern PATTERN = Pattern.compile(NAMED + "|" + OTHERS, Pattern.CASE_INSENSITIVE);

    /** Matches a mark at the beginning of a line. */
    public static final Pattern AT_LINE_START =
            Pattern.compile("(?m)^[ \\t]*(?:" + NAMED + "|" + OTHERS + ")", Pattern.CASE_INSENSITIVE);

    /** Matches a line that poses as the heading of a turn of the system. */
    public static final Pattern ROLE_HEADING = Pattern.compile(
            "(?m)^[ \\t]*"
                    + "(?:#{1,6}\\s*(?:system|assistant|developer)(?:\\s+(?:prompt|message|instructions?))?"
                    + "\\s*[:：]?\\s*$"
                    + "|#{1,6}\\s*(?:system|assistant|developer)(?:\\s+(?:prompt|message|instructions?))?\\s*[:：]"
                    + "|\\[?\\(?(?:system|developer)(?:\\s+(?:prompt|message|instructions?|override))?\\)?]?\\s*[:：]"
                    + "|\\{\\s*\"role\"\\s*:\\s*\"(?:system|developer)\"|(?:standing instructions of|about) the user:)",
            Pattern.CASE_INSENSITIVE);

    private TemplateMarks() {}
}
