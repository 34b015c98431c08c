package io.memos4j.cli.output;

import io.memos4j.api.MemoryException;
import java.io.Console;

/** The question before something is destroyed. */
public final class ConfirmationPrompt {
    private ConfirmationPrompt() {}

    /** Returns if the person agrees; where nobody can be asked, only {@code --yes} agrees. */
    public static void require(boolean yes, String what) {
        ask(yes, what, "This cannot be undone. ", "Nothing was deleted.");
    }

    /** The same before something is changed that can be brought back. */
    public static void requireForChange(boolean yes, String what) {
        ask(yes, what, "", "Nothing was changed.");
    }

    private static void ask(boolean yes, String what, String warning, String refused) {
        if (yes) {
            return;
        }
        Console console = System.console();
        if (console == null || !TerminalDetection.in()) {
            throw MemoryException.invalid(what + "? Nobody can be asked here: repeat the command with --yes.");
        }
        String answer = console.readLine("%s? %s[y/N] ", what, warning);
        if (answer == null || !answer.strip().equalsIgnoreCase("y")) {
            throw MemoryException.invalid(refused);
        }
    }
}
