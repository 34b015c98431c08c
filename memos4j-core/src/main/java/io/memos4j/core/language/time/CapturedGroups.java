package io.memos4j.core.language.time;

import java.util.Locale;
import java.util.regex.MatchResult;

/** The words that a phrase captured under names. */
record CapturedGroups(MatchResult match) {
    /** The captured words in lower case, empty if there are none. */
    String get(String name) {
        String words = match.group(name);
        return words == null ? "" : words.toLowerCase(Locale.ROOT);
    }

    boolean has(String name) {
        return match.start(name) >= 0;
    }

    int number(String name) {
        return Integer.parseInt(get(name));
    }
}
