package io.memos4j.cli;

import io.memos4j.api.items.AddResult.Outcome;
import io.memos4j.cli.command.ExitCode;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Background tasks on the command line: seen, run, taken back, repeated, paused, and all upkeep done at once. */
class TasksCommandTest extends CommandLineFixture {
    private void say(String text) {
        assertThat(run("add", "--speaker", "Alice", "--session", "s", text).status())
                .isZero();
    }

    private String idOf(String kind) {
        return json("tasks", "--kind", kind, "--json").path("id").asString();
    }

    @Test
    void whatAnAddAsksForIsListedShownAndCounted() {
        say("I live in Lyon.");
        assertThat(run("tasks").out()).contains("scheduled  default: profile", "default: summarize s");
        assertThat(run("tasks", "--kind", "profile,link").out().lines()).hasSize(2);
        assertThat(run("tasks", "--state", "dead").out()).isEqualTo(String.format("No tasks.%n"));
        assertThat(run("tasks", "show", idOf("profile")).out())
                .contains("kind       profile", "about      the whole cube", "by add");
        assertThat(run("tasks", "status").out()).contains("all cubes", "paused     no", "0 calls");
        assertThat(json("tasks", "status", "--cube", "default", "--json")
                        .path("scheduled")
                        .asInt())
                .isPositive();
    }

    @Test
    void maintenanceDoesNowWhatIsPlannedForLater() {
        say("I live in Lyon.");
        assertThat(run("maintain").out()).contains("profile", "Cube 'default' is up to date.");
        assertThat(run("tasks", "--state", "scheduled", "--kind", "profile").out())
                .contains("No tasks.");
        JsonNode again = json("maintain", "--all", "--json");
        assertThat(again.path("finished").asBoolean()).isTrue();
        assertThat(again.path("cube").asString()).isEqualTo("default");
        assertThat(json("list", "--type", "profile", "--json").path("text").asString())
                .contains("I live in Lyon.");
    }

    @Test
    void aTaskIsRunAtOnceAndAPausedOneIsRefusedOrLeftWaiting() {
        say("I live in Lyon.");
        assertThat(run("tasks", "run", "profile", "--wait").out()).contains("done", "profile");
        assertThat(run("tasks", "run", "summarize", "--about", "s", "--wait").status())
                .isZero();
        assertThat(run("tasks", "pause").out()).contains("paused     yes");
        assertThat(run("tasks", "run", "link", "--wait"))
                .returns(2, Outcome::status)
                .satisfies(outcome -> assertThat(outcome.err()).contains("tasks resume --cube default"));
        assertThat(run("maintain").err()).contains("tasks resume --cube default");
        String id = json("tasks", "run", "link", "--json").path("id").asString();
        assertThat(run("tasks", "show", id).out()).contains("state      ready");
        assertThat(run("tasks", "cancel", id).out()).contains("cancelled");
        assertThat(run("tasks", "cancel", id).err()).contains("is cancelled already");
        assertThat(run("tasks", "replay", id).out()).contains("ready");
        assertThat(run("tasks", "resume").out()).contains("paused     no");
        assertThat(run("maintain").status()).isZero();
        assertThat(run("tasks", "show", id).out()).contains("state      done");
        assertThat(run("tasks", "replay", id).err()).contains("only a dead or cancelled one");
    }

    @Test
    void allCubesArePausedAndResumedTogether() {
        say("I live in Lyon.");
        assertThat(json("tasks", "pause", "--all", "--json").path("paused").asBoolean())
                .isTrue();
        assertThat(run("tasks", "resume").err()).contains("tasks resume --all");
        assertThat(run("maintain").err()).contains("tasks resume --all");
        assertThat(json("tasks", "resume", "--all", "--json").path("paused").asBoolean())
                .isFalse();
    }

    @Test
    void wrongUsageIsRefusedWithAdvice() {
        say("tea");
        assertThat(run("tasks", "show").err()).contains("memos4j tasks show ID");
        assertThat(run("tasks", "run").err()).contains("memos4j tasks run KIND");
        assertThat(run("tasks", "status", "x").err()).contains("takes only options");
        assertThat(run("tasks", "show", "x").err()).contains("'x' is not a task id");
        assertThat(run("tasks", "show", "01890a5d-ac96-774b-bcce-b302099a8057").err())
                .contains("[task_not_found]");
        assertThat(run("tasks", "run", "dream").err()).contains("Unknown kind of task 'dream'");
        assertThat(run("tasks", "run", "extract").err()).contains("memos4j extract");
        assertThat(run("tasks", "run", "promote").err()).contains("cannot run the task 'promote'");
        assertThat(run("tasks", "--state", "lost").err()).contains("Unknown task state 'lost'");
        assertThat(run("tasks", "--cube", "defalt").err()).contains("Did you mean default?");
        assertThat(run("tasks", "--wait").err()).contains("go with run");
        assertThat(run("tasks", "pause", "--all", "--cube", "default").err()).contains("either --cube or --all");
        assertThat(run("tasks", "dance").status()).isEqualTo(ExitCode.USAGE);
        assertThat(run("maintain", "--all", "--cube", "default").status()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void theHelpSaysThatTasksRunOnlyWhileACommandRuns() {
        assertThat(run("tasks", "--help").out().replaceAll("\\s+", " "))
                .contains("only while a command runs", "memos4j maintain");
        assertThat(run("maintain", "--help").out().replaceAll("\\s+", " ")).contains("only while a command runs");
    }
}
