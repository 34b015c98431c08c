package io.memos4j.core.language;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A request about the memory itself in a user's message. */
public record MemoryCommand(Kind kind, String what) {
    /** The kinds of requests. */
    public enum Kind {
        /** No request: it is a message like others. */
        NONE,
        /** Asks not to keep the message: "Do not save this." */
        OFF_THE_RECORD,
        /** Asks to forget what {@link MemoryCommand#what} describes: "Forget my old address: 5 Elm Street." */
        FORGET
    }

    /** Longer texts are content rather than requests. */
    private static final int LONGEST = 1_000;

    /** Fewer content words describe nothing that could be found. */
    private static final int FEWEST_WORDS = 2;

    public static final MemoryCommand NONE = new MemoryCommand(Kind.NONE, "");

    /** The request in a user's message. */
    public static MemoryCommand parse(String message) {
        String text = message.strip();
        if (text.length() > LONGEST) {
            return NONE;
        }
        if (LanguageRules.matches(PatternSet.OFF_THE_RECORD, text)) {
            return new MemoryCommand(Kind.OFF_THE_RECORD, "");
        }
        for (LanguagePack pack : LanguageRules.packs()) {
            for (Pattern pattern : pack.patterns(PatternSet.FORGET_REQUEST)) {
                Matcher matcher = pattern.matcher(text);
                if (matcher.matches() && ContentWords.of(matcher.group("what")).size() >= FEWEST_WORDS) {
                    return new MemoryCommand(Kind.FORGET, matcher.group("what").strip());
                }
            }
        }
        return NONE;
    }
}
