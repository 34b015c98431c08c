package io.memos4j.core.ingest;

import io.memos4j.api.MemoryException;

/**
 * Checks and repairs text so that every vault and index can hold it: no unpaired surrogates, no control characters but
 * line breaks and tabs.
 */
final class StorableText {
    private static final char REPLACEMENT = '\uFFFD';

    private StorableText() {}

    /** Rejects blank text and repairs other text; {@code what} names the input in the error. */
    static String requireReadable(String text, String what) {
        if (text.isBlank()) {
            throw MemoryException.invalid(what + " is empty. Leave it out or give it some text.");
        }
        String repaired = repair(text);
        if (repaired.chars().allMatch(unit -> unit == REPLACEMENT || Character.isWhitespace(unit))) {
            throw MemoryException.invalid(
                    what + " holds nothing readable, only control characters or broken encoding.");
        }
        return repaired;
    }

    /** Replaces characters that cannot be stored by U+FFFD; returns the same instance if there is nothing to repair. */
    static String repair(String text) {
        int bad = firstBad(text, 0);
        if (bad < 0) {
            return text;
        }
        StringBuilder repaired = new StringBuilder(text);
        while (bad >= 0) {
            repaired.setCharAt(bad, REPLACEMENT);
            bad = firstBad(repaired, bad + 1);
        }
        return repaired.toString();
    }

    private static int firstBad(CharSequence text, int from) {
        for (int i = from; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (Character.isHighSurrogate(unit)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(unit) || isForbiddenControl(unit)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isForbiddenControl(char unit) {
        return Character.isISOControl(unit) && unit != '\n' && unit != '\t' && unit != '\r';
    }
}
