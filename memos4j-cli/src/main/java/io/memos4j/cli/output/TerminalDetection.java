package io.memos4j.cli.output;

/**
 * Tells which standard streams are a terminal. The launcher passes this on, because Java itself can tell only from
 * release 22 on; without the launcher none is a terminal, and the output is plain.
 */
public final class TerminalDetection {
    private TerminalDetection() {}

    static boolean in() {
        return Boolean.getBoolean("memos4j.terminal.in");
    }

    public static boolean out() {
        return Boolean.getBoolean("memos4j.terminal.out");
    }

    public static boolean err() {
        return Boolean.getBoolean("memos4j.terminal.err");
    }
}
