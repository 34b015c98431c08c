package io.memos4j.core.language;

import java.util.regex.Pattern;

/** Recognizes turns that ask: they end in a question mark, remarks in brackets aside. */
public final class QuestionDetector {
    /** The characters at the end of a turn that decide. */
    private static final int TAIL = 400;

    private static final Pattern ASKS = Pattern.compile("[?？][\"'”’)）]*\\s*(?:\\[[^\\]]*]\\s*)?$");

    private QuestionDetector() {}

    public static boolean isQuestion(String turn) {
        String tail = turn.substring(Math.max(0, turn.length() - TAIL)).strip();
        return ASKS.matcher(tail).find();
    }
}
