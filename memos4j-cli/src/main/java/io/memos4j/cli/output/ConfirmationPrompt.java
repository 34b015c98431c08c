package io.memos4j.cli.output;

import io.memos4j.api.MemoryException;
import java.io.Console;
import picocli.CommandLine.Option;

/** The question that a command asks before it changes or erases something, and the option that answers it. */
public final class ConfirmationPrompt {
    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask for confirmation.")
    private boolean yes;

    /** Asks before something is erased; where nobody can be asked, only {@code --yes} agrees. */
    public void requireForErasure(String what) {
        ask(what, "This cannot be undone. ", "Nothing was deleted.");
    }

    /** Asks before a change that can be undone. */
    public void requireForChange(String what) {
        ask(what, "", "Nothing was changed.");
    }

    private void ask(String what, String warning, String refused) {
        if (yes) {
            return;
        }
        Console console = System.console();
        if (console == null || !TerminalDetection.in()) {
            throw MemoryException.invalid(what + "? There is no terminal to ask on: repeat the command with --yes.");
        }
        String answer = console.readLine("%s? %s[y/N] ", what, warning);
        if (answer == null || !answer.strip().equalsIgnoreCase("y")) {
            throw MemoryException.invalid(refused);
        }
    }
}
