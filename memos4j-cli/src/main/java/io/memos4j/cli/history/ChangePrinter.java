package io.memos4j.cli.history;

import io.memos4j.api.history.ChangeRecord;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.cli.output.TimeFormat;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints changes for people. */
final class ChangePrinter {
    private ChangePrinter() {}

    static void print(ChangeRecord change, TextOutput screen) {
        screen.line(TextOutput.bold(
                TimeFormat.format(change.recordedAt()) + "  " + change.kind().id()));
        screen.wrapped(sentence(change), "  ");
        change.obstacle()
                .ifPresentOrElse(
                        why -> screen.wrapped("Cannot be undone: " + why, "  "),
                        () -> screen.line(TextOutput.dim("  Undo: memos4j undo " + change.id())));
    }

    private static String sentence(ChangeRecord change) {
        String former = quote(change.former().text());
        return switch (change.kind()) {
            case EDITED ->
                change.former().text().equals(change.current().text())
                        ? former + " got other metadata" + reason(change)
                        : former + " now reads " + quote(change.current().text()) + reason(change);
            case CORRECTED -> former + " was corrected" + by(change);
            case SUPERSEDED -> former + " was set aside" + by(change);
            case MERGED -> former + " was merged" + by(change);
            case ARCHIVED, DECAYED -> former + " was archived: " + change.cause() + reason(change);
            case EXPIRED -> former + " expired" + reason(change);
            case FORGOTTEN -> former + " was asked to be forgotten" + by(change);
            case REINSTATED -> former + " is recalled again: " + change.cause() + reason(change);
            case FROZEN -> former + " was frozen" + reason(change);
            case UNFROZEN -> former + " was unfrozen" + reason(change);
            case UNDONE -> quote(change.current().text()) + " got its former state back" + reason(change);
        };
    }

    /** The memories that led to the change, and the reason. */
    private static String by(ChangeRecord change) {
        String evidence = change.evidence().stream()
                .map(each -> each.text().isEmpty() ? each.id().toString() : quote(each.text()))
                .collect(Collectors.joining(", "));
        return (evidence.isEmpty() ? "" : " because of " + evidence) + reason(change);
    }

    /** The rule and its confidence; the free text of changes that have no rule. */
    private static String reason(ChangeRecord change) {
        return change.rule().isEmpty()
                ? " (" + change.cause() + ")."
                : " (rule " + change.rule()
                        + change.confidence()
                                .map(value -> String.format(Locale.ROOT, ", %.2f", value))
                                .orElse("")
                        + ").";
    }

    private static String quote(String text) {
        return text.isEmpty() ? "What is withheld" : "'" + text + "'";
    }
}
