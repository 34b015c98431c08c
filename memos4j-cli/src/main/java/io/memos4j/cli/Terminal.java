package io.memos4j.cli;

/**
 * Which streams are a terminal. The launcher says so, since Java can tell only from release 22 on; without the launcher none is, and the
 * output is plain.
 */
final class Terminal {
    private Terminal() {}

    static boolean in() {
        return Boolean.getBoolean("memos4j.terminal.in");
    }

    static boolean out() {
        return Boolean.getBoolean("memos4j.terminal.out");
    }

    static boolean err() {
        return Boolean.getBoolean("memos4j.terminal.err");
    }
}
