package io.memos4j.cli;

import io.memos4j.api.items.AddResult.Outcome;
import io.memos4j.cli.command.ExitCode;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Searching, merging and moving over several cubes from the command line. */
class SeveralCubesTest extends CommandLineFixture {
    private String add(String cube, String time, String text) {
        return run("add", "--cube", cube, "--speaker", "Alice", "--session", "s " + cube, "--time", time, text)
                .out()
                .strip();
    }

    @Test
    void aSearchOfSeveralCubesSaysWhereEachHitIsFrom() {
        add("home", "2025-01-01", "The cellar key hangs behind the door");
        add("work", "2025-01-01", "The office key is with the porter");
        assertThat(run("search", "--cube", "home", "--also", "work", "key").out())
                .contains("(home)  ", "(work)  ");
        assertThat(run("search", "--cube", "home", "key").out())
                .contains("cellar")
                .doesNotContain("(home)", "porter");
        assertThat(run("search", "--cube", "home", "--also", "work", "--context", "key")
                        .out())
                .contains("(work) Alice: The office key");
        assertThat(run("search", "--cube", "home", "--also", "wrok", "key").err())
                .contains("Did you mean work?");
    }

    @Test
    void aMergeCanBeTriedBeforeItIsDone() {
        String paris = add("old", "2025-01-01", "I live in Paris.");
        String lyon = add("new", "2025-06-01", "I live in Lyon.");
        Outcome tried = run("merge", "old", "new", "--dry-run");
        assertThat(tried.out()).contains("Would copy 1 items", "1 contradict").contains(paris, lyon);
        assertThat(run("show", "--cube", "new", paris).status()).isEqualTo(ExitCode.FAILED);
        assertThat(run("merge", "old", "new").err()).contains("--yes");
        JsonNode done = json("merge", "old", "new", "--yes", "--json");
        assertThat(done.path("copied").get(0).asString()).isEqualTo(paris);
        assertThat(done.path("conflicts").get(0).path("holds").asString()).isEqualTo(lyon);
        assertThat(run("show", "--cube", "new", paris).out()).contains("replaced by " + lyon);
        assertThat(run("merge", "old", "new", "--yes").out()).contains("Copied 0 items; 1 exist already");
    }

    @Test
    void aMoveTakesWhatTheConditionsName() {
        String stays = add("a", "2025-01-01", "stays here");
        String goes = run("add", "--cube", "a", "--session", "trip", "The ferry leaves at nine")
                .out()
                .strip();
        assertThat(run("cubes", "create", "b").status()).isZero();
        assertThat(run("move", "a", "b").err()).contains("Say what to move");
        assertThat(run("move", "a", "b", "--session", "nothing", "--yes").err()).contains("Nothing was moved");
        assertThat(run("move", "a", "b", "--session", "trip").err()).contains("--yes");
        assertThat(run("move", "a", "b", "--session", "trip", "--yes").out()).contains("Moved 1 items");
        assertThat(run("show", "--cube", "b", goes).out()).contains("ferry");
        assertThat(run("show", "--cube", "a", goes).status()).isEqualTo(ExitCode.FAILED);
        assertThat(json("move", "a", "b", "--item", stays, "--yes", "--json")
                        .path("moved")
                        .get(0)
                        .asString())
                .isEqualTo(stays);
    }
}
