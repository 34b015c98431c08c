package io.memos4j.cli;

import io.memos4j.api.MemoryException;
import java.io.Console;

/** The question before something is destroyed. */
final class Confirmation {
    private Confirmation() {}

    /** Returns if the person agrees; where nobody can be asked, only {@code --yes} agrees. */
    static void require(boolean yes, String what) {
        if (yes) {
            return;
        }
        Console console = System.console();
        if (console == null || !Terminal.in()) {
            throw MemoryException.invalid(what + "? Nobody can be asked here: repeat the command with --yes.");
        }
        String answer = console.readLine("%s? This cannot be undone. [y/N] ", what);
        if (answer == null || !answer.strip().equalsIgnoreCase("y")) {
            throw MemoryException.invalid("Nothing was deleted.");
        }
    }
}
