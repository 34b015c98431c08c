package io.memos4j.cli.options;

import io.memos4j.api.MemoryException;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command line into words, as a shell does: at blanks; {@code '…'} is literal; a backslash escapes {@code "}
 * and itself within {@code "…"}, and any character outside of quotes. No shell runs: variables, patterns, pipes and
 * redirections are plain text.
 */
final class ShellWords {
    private final String text;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean begun;
    private int at;

    private ShellWords(String text) {
        this.text = text;
    }

    static List<String> of(String text) {
        return new ShellWords(text).read();
    }

    private List<String> read() {
        while (at < text.length()) {
            char next = text.charAt(at++);
            if (Character.isWhitespace(next)) {
                endWord();
            } else {
                begun = true;
                switch (next) {
                    case '\'' -> readQuoted(next, false);
                    case '"' -> readQuoted(next, true);
                    case '\\' -> readEscaped();
                    default -> word.append(next);
                }
            }
        }
        endWord();
        return List.copyOf(words);
    }

    private void endWord() {
        if (begun) {
            words.add(word.toString());
            word.setLength(0);
            begun = false;
        }
    }

    private void readQuoted(char quote, boolean escapes) {
        while (at < text.length() && text.charAt(at) != quote) {
            char next = text.charAt(at);
            boolean escape =
                    escapes && next == '\\' && at + 1 < text.length() && "\"\\".indexOf(text.charAt(at + 1)) >= 0;
            at += escape ? 1 : 0;
            word.append(text.charAt(at++));
        }
        if (at == text.length()) {
            throw MemoryException.invalid("The command has an unclosed " + quote + ": " + text);
        }
        at++;
    }

    private void readEscaped() {
        if (at == text.length()) {
            throw MemoryException.invalid("The command ends with a backslash: " + text);
        }
        word.append(text.charAt(at++));
    }
}
