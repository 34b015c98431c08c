package io.memos4j.cli;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.AddResult.Outcome;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Looking at, comparing and going back to what was known, from the command line. */
class TimeTravelTest extends CommandLineFixture {
    /** The first line of an answer. */
    private JsonNode first(String... arguments) {
        Outcome outcome = run(arguments);
        assertThat(outcome.err()).isEmpty();
        return MAPPER.readTree(outcome.out().lines().findFirst().orElse(""));
    }

    private String add(String text) {
        return run("add", text).out().strip();
    }

    private void rewrite(String id, String text) {
        try (MemOs memos = MemOs.open(MemOsConfig.at(data()).withoutEmbedder())) {
            assertThat(memos.cube("default")
                            .update(ItemId.parse(id), ItemEdit.text(text))
                            .text())
                    .isEqualTo(text);
        }
    }

    /** A printer that was moved, and a scanner that came, after the snapshot "before". */
    private String printer() {
        String printer = add("The printer stands on floor two");
        assertThat(run("snapshot", "before").out()).endsWith("Z  before" + System.lineSeparator());
        rewrite(printer, "The printer stands on floor five");
        add("The scanner stands on floor one");
        return printer;
    }

    @Test
    void searchListAndShowTellWhatWasKnown() {
        String printer = printer();
        assertThat(run("search", "printer", "--recorded-at", "before").out())
                .contains("floor two")
                .doesNotContain("floor five");
        assertThat(run("list", "--recorded-at", "before").out())
                .contains("floor two")
                .doesNotContain("scanner");
        assertThat(run("show", printer, "--recorded-at", "before").out()).contains("floor two");
        assertThat(first("show", printer, "--json", "--recorded-at", "before")
                        .path("version")
                        .asInt())
                .isEqualTo(1);
        assertThat(run("list").out()).contains("floor five").contains("scanner");
        assertThat(run("show", printer, "--recorded-at", "2020-01-01").err()).contains("at that time");
        assertThat(run("list", "--recorded-at", "whenever").err())
                .contains("neither a snapshot of cube 'default' nor a time");
        assertThat(run("list", "--recorded-at", "2999-01-01").status()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aDiffShowsBothTexts() {
        String printer = printer();
        assertThat(run("diff", "before").out())
                .contains(printer)
                .contains("  - The printer stands on floor two")
                .contains("  + The printer stands on floor five")
                .contains("  + The scanner");
        JsonNode change = first("diff", "before", "--json", "--limit", "1").path("before");
        assertThat(change.path("text").asString()).isEqualTo("The printer stands on floor two");
        assertThat(run("diff", "before", "before").out()).contains("No difference.");
        assertThat(run("diff", "before", "--limit", "1").out()).contains("More: --cursor ");
    }

    @Test
    void aRollbackSaysHowToUndoIt() {
        String printer = printer();
        Outcome back = run("rollback", "--to", "before");
        assertThat(back.out()).contains("Restored 1 items and archived 1 later ones.");
        assertThat(run("search", "printer scanner").out()).contains("floor two").doesNotContain("scanner");
        String undo = back.out().substring(back.out().indexOf("--to ") + 5).strip();
        JsonNode undone = first("rollback", "--to", undo, "--json");
        assertThat(undone.path("restored").size()).isEqualTo(2);
        assertThat(run("search", "printer scanner").out())
                .contains("floor five")
                .contains("scanner");
        assertThat(run("rollback", "--item", printer, "--to", "before").out()).contains("version 5");
        assertThat(run("rollback").status()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void snapshotsAreListedAndForgotten() {
        printer();
        assertThat(first("snapshot", "--list", "--json").path("name").asString())
                .isEqualTo("before");
        assertThat(run("snapshot").out()).contains("before");
        assertThat(run("snapshot", "before").err()).contains("[invalid_argument]");
        assertThat(run("snapshot", "before", "--delete").out()).contains("Deleted snapshot 'before'");
        assertThat(run("snapshot", "before", "--delete").err()).contains("[snapshot_not_found]");
        assertThat(run("snapshot", "--delete").err()).contains("Name the snapshot");
    }

    @Test
    void aForkIsAnotherCube() {
        printer();
        assertThat(run("fork", "default", "what-if", "--at", "before").out())
                .contains("Created cube 'what-if' with 1 items.");
        assertThat(run("list", "--cube", "what-if").out()).contains("floor two");
        assertThat(first("fork", "default", "copy", "--json").path("items").asInt())
                .isEqualTo(2);
        assertThat(run("fork", "default", "copy").err()).contains("[cube_exists]");
    }
}
