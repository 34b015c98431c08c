package io.memos4j.cli;

import io.memos4j.api.items.AddResult.Outcome;
import io.memos4j.cli.adapters.AdapterTrainCommand;
import io.memos4j.cli.command.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Real trainings on the command line, of a tiny model in this process. What it learns is looked at where it is trained,
 * in TeachingTest.
 */
class AdapterTrainingTest extends CommandLineFixture {
    private static final Pattern STEP = Pattern.compile("at step (\\d+) of (\\d+)");

    @TempDir
    static Path models;

    private static TaughtBase base;

    @BeforeAll
    static void writeBase() throws IOException {
        base = TaughtBase.written(models);
    }

    private String know(String text) {
        return run("add", "--type", "fact", text).out().strip();
    }

    private List<String> with(List<String> first, String... more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of("--model", base.gguf().toString(), "--threads", "1"));
        all.addAll(List.of(more));
        return all;
    }

    private Outcome train(String... more) {
        List<String> all =
                with(List.of("adapters", "train"), "--base", base.folder().toString(), "--rank", "2");
        all.addAll(List.of(more));
        return run(all.toArray(String[]::new));
    }

    private Outcome run(List<String> arguments) {
        return run(arguments.toArray(String[]::new));
    }

    @Test
    void withoutConsentNothingIsTaught() {
        know("Dan plays golf.");
        Outcome refused = train();
        assertThat(refused.status()).isEqualTo(ExitCode.FAILED);
        assertThat(refused.err()).contains("adapters policy --cube default --consent yes", "[forbidden]");
    }

    @Test
    void anAdapterIsTrainedShownTakenOutOfUseBroughtBackAndSuspended() {
        String golf = know("Dan plays golf.");
        run("adapters", "policy", "--consent", "yes");

        JsonNode made = MAPPER.readTree(train(golf, "--epochs", "2", "--recall", "0", "--divergence", "1000", "--json")
                .out());

        assertThat(made.path("id").asString()).isEqualTo("lesson-1@1");
        assertThat(made.path("state").asString()).isEqualTo("active");
        assertThat(made.path("lora").path("rank").asInt()).isEqualTo(2);
        assertThat(made.path("taught").get(0).path("item").asString()).isEqualTo(golf);
        assertThat(made.path("evaluation").path("questions").asInt()).isPositive();
        assertThat(made.path("training").path("steps").asInt()).isPositive();
        assertThat(run("adapters", "list").out()).contains("lesson-1@1", "active", "rank 2", "1 memories");
        assertThat(run("adapters", "show", "lesson-1@1").out())
                .contains(
                        "state       active", "training    pytorch", "loss", "evaluation", "passed", "Dan plays golf.")
                .contains("history", "candidate");
        JsonNode shown = json("adapters", "show", "lesson-1@1", "--json");
        assertThat(shown.path("memories").get(0).path("text").asString()).isEqualTo("Dan plays golf.");
        assertThat(shown.path("history").size()).isGreaterThan(1);

        Outcome asked = run(with(List.of("chat", "What does Dan play?", "--no-remember"), "--max-tokens", "4"));
        assertThat(asked.out()).contains("· lesson-1@1 of default");
        JsonNode reply = MAPPER.readTree(
                run(with(List.of("chat", "What does Dan play?", "--no-remember"), "--max-tokens", "4", "--json"))
                        .out());
        assertThat(reply.path("adapters").get(0).path("adapter").asString()).isEqualTo("lesson-1@1");
        assertThat(run(with(
                                List.of("chat", "What does Dan play?", "--no-remember", "--no-adapters"),
                                "--max-tokens",
                                "4"))
                        .out())
                .doesNotContain("lesson-1");

        assertThat(train(golf).err()).contains(golf + " is not taught: It was already taught to lesson-1@1.");
        assertThat(run("adapters", "retire", "lesson-1@1").err()).contains("repeat the command with --yes");
        assertThat(run("adapters", "retire", "lesson-1@1", "--why", "tried out", "--yes")
                        .out())
                .contains("retired", "tried out");
        assertThat(run("adapters", "rollback", "lesson-1").out()).contains("active");
        run("adapters", "retire", "lesson-1@1", "--yes");
        assertThat(run("adapters", "activate", "lesson-1@1").out()).contains("active");
        assertThat(run("adapters", "history").out()).contains("lesson-1@1  retired", "tried out");
        assertThat(run("adapters", "history", "--json").out().lines().map(MAPPER::readTree))
                .allSatisfy(
                        change -> assertThat(change.path("adapter").asString()).isEqualTo("lesson-1@1"))
                .hasSizeGreaterThan(4);
        assertThat(run("adapters", "show", "lesson-2@1").err()).contains("It has lesson-1@1.");

        JsonNode deleted = json("delete", golf, "--yes", "--json");
        assertThat(deleted.path("adapters").get(0).asString()).isEqualTo("lesson-1@1");
        assertThat(run("adapters", "show", "lesson-1@1").out()).contains("suspended", "erased", "(erased)");
    }

    @Test
    void aRefusedAdapterStaysACandidateWithItsReasonsAndTheExitCodeSaysSo() {
        know("Dan plays golf.");
        run("adapters", "policy", "--consent", "yes", "--heat", "0", "--stable", "0s");
        Outcome refused = train("--epochs", "1");
        assertThat(refused.status()).isEqualTo(ExitCode.FAILED);
        assertThat(refused.out()).contains("lesson-1@1  candidate", "rejected", "It recalls 0 of");

        Outcome again = run(with(List.of("adapters", "evaluate", "lesson-1@1")));
        assertThat(again.status()).isEqualTo(ExitCode.FAILED);
        assertThat(again.out()).contains("candidate", "It recalls 0 of");
        assertThat(run("adapters", "activate", "lesson-1@1").err()).contains("[adapter_refused]");
        assertThat(run("adapters", "list").out()).contains("Rejected. It recalls 0 of");
        Outcome passed =
                run(with(List.of("adapters", "evaluate", "lesson-1@1"), "--recall", "0", "--divergence", "1000"));
        assertThat(passed.status()).isZero();
        assertThat(passed.out()).contains("lesson-1@1  admitted");
        assertThat(run("adapters", "policy", "--consent", "no").out()).contains("Retired 1 adapters.");
    }

    @Test
    void aProgramThatFailsIsQuoted() {
        know("Dan plays golf.");
        run("adapters", "policy", "--consent", "yes", "--heat", "0", "--stable", "0s");
        Outcome failed = train("--trainer-command", "sh -c 'echo \"no such card: {base}\" >&2; exit 5'");
        assertThat(failed.status()).isEqualTo(ExitCode.FAILED);
        assertThat(failed.err()).contains("no such card: " + base.folder(), "[unsupported]");
    }

    @Test
    void aTrainingThatIsEndedKeepsItsCheckpointAndTheSameCommandGoesOn() throws Exception {
        know("Dan plays golf.");
        run("adapters", "policy", "--consent", "yes", "--heat", "0", "--stable", "0s");

        int first = stepWhenStopped();
        int second = stepWhenStopped();

        assertThat(first).isGreaterThanOrEqualTo(50);
        assertThat(second).isGreaterThan(first);
        assertThat(run("adapters", "list", "--json").out()).isEmpty();
    }

    /** Trains until there is another checkpoint, and then ends as the process would. */
    private int stepWhenStopped() throws Exception {
        Optional<FileTime> before = checkpoint();
        AdapterTrainCommand command = new AdapterTrainCommand();
        StringWriter err = new StringWriter();
        CommandLine line = new CommandLine(command).setErr(new PrintWriter(err));
        List<String> arguments = List.of(
                "--model",
                base.gguf().toString(),
                "--base",
                base.folder().toString(),
                "--threads",
                "1",
                "--epochs",
                "10000",
                "--data",
                data().toString(),
                "--no-embedder");
        CompletableFuture<Integer> ended =
                CompletableFuture.supplyAsync(() -> line.execute(arguments.toArray(String[]::new)));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> ended.isDone() || !checkpoint().equals(before));
        command.beforeClose();
        assertThat(ended.get(1, TimeUnit.MINUTES)).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("The checkpoint is kept: the same command continues.");
        Matcher step = STEP.matcher(err.toString());
        assertThat(step.find()).isTrue();
        return Integer.parseInt(step.group(1));
    }

    /** When the last one was written. */
    private Optional<FileTime> checkpoint() throws IOException {
        Path work = data().resolve("adapters").resolve("work");
        if (!Files.isDirectory(work)) {
            return Optional.empty();
        }
        try (Stream<Path> folders = Files.walk(work, 3)) {
            Optional<Path> file = folders.filter(folder -> folder.endsWith("checkpoints"))
                    .map(folder -> folder.resolve("checkpoint.safetensors"))
                    .filter(Files::exists)
                    .findFirst();
            return file.isEmpty() ? Optional.empty() : Optional.of(Files.getLastModifiedTime(file.get()));
        }
    }
}
