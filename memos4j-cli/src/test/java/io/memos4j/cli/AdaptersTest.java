package io.memos4j.cli;

import io.memos4j.api.items.AddResult.Outcome;
import io.memos4j.cli.command.ExitCode;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What the commands on adapters say and refuse before anything is trained. */
class AdaptersTest extends CommandLineFixture {
    private String know(String text) {
        return run("add", "--type", "fact", text).out().strip();
    }

    private String base() throws IOException {
        return Files.createDirectories(directory.resolve("base")).toString();
    }

    /** As where no trainer was built in: what is not found by the loader is not there. */
    private Outcome withoutTrainer(String... arguments) {
        ClassLoader usual = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(new ClassLoader(usual) {
            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
                return name.endsWith("io.memos4j.spi.training.AdapterTrainer")
                        ? Collections.emptyEnumeration()
                        : super.getResources(name);
            }
        });
        try {
            return run(arguments);
        } finally {
            Thread.currentThread().setContextClassLoader(usual);
        }
    }

    @Test
    void theHelpNamesTheWayAndTheCommands() {
        for (String[] asked : List.of(new String[] {"adapters"}, new String[] {"adapters", "--help"})) {
            Outcome help = runPlain(asked);
            assertThat(help.status()).isZero();
            assertThat(help.out())
                    .contains("memos4j adapters train --model FILE.gguf --base DIR")
                    .contains(
                            "list ",
                            "show ",
                            "policy ",
                            "curriculum ",
                            "evaluate ",
                            "rollback ",
                            "retire ",
                            "history ");
        }
        assertThat(runPlain("adapters", "train", "--help").out().replaceAll("\\s+", " "))
                .contains("--trainer-command", "no shell runs", "docs/producers.md", "--divergence", "Ctrl-C");
        assertThat(runPlain("adapters", "dance").status()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aPolicyIsShownAndChangedAPartAtATime() {
        know("Dan plays golf.");
        assertThat(run("adapters", "policy").out()).contains("no: nothing is taught", "no: only on request", "7d");
        assertThat(run("adapters", "policy", "--consent", "yes", "--heat", "0.5")
                        .out())
                .contains("consent        yes", "heat           0.5");
        JsonNode policy = json("adapters", "policy", "--automatic", "yes", "--stable", "12h", "--json");
        assertThat(policy.path("consent").asBoolean()).isTrue();
        assertThat(policy.path("automatic").asBoolean()).isTrue();
        assertThat(policy.path("heat").asDouble()).isEqualTo(0.5);
        assertThat(policy.path("stable").asString()).isEqualTo("PT12H");
        assertThat(run("adapters", "policy", "--consent", "perhaps").status()).isEqualTo(ExitCode.USAGE);
        assertThat(run("adapters", "policy", "--heat", "-1").err()).contains("heat is 0 or more");
    }

    @Test
    void aCurriculumShowsWhatIsTaughtAndWhatNotAndWhy() {
        String golf = know("Dan plays golf.");
        String secret = know("The wifi password is hunter2.");
        assertThat(run("adapters", "curriculum", golf, secret).out())
                .contains("What does Dan play? → ", "left out: The wifi password", "a secret")
                .contains("about 1 memories; 1 memories left out", "adapters policy --consent yes");
        JsonNode all = json("adapters", "curriculum", golf, secret, "--json");
        assertThat(all.path("examples")
                        .valueStream()
                        .map(each -> each.path("item").asString()))
                .contains(golf, "")
                .doesNotContain(secret);
        assertThat(all.path("left").get(0).path("item").asString()).isEqualTo(secret);
        assertThat(all.path("left").get(0).path("why").asString()).contains("a secret");
    }

    @Test
    void trainingDataIsExportedALineForEachExample() throws IOException {
        String golf = know("Dan plays golf.");
        Path file = directory.resolve("data.jsonl");
        assertThat(run("adapters", "curriculum", golf, "--export", file.toString())
                        .out())
                .contains("examples to " + file);
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).isNotEmpty().allSatisfy(line -> {
            JsonNode example = MAPPER.readTree(line);
            assertThat(example.propertyNames()).containsExactly("item", "kind", "prompt", "completion");
            assertThat(example.path("item").asString()).isEqualTo(golf);
        });
        assertThat(run("adapters", "curriculum", golf, "--export", "-").out().lines())
                .containsExactlyElementsOf(lines);
        assertThat(run("adapters", "curriculum", "--export", "-", "--json").status())
                .isEqualTo(ExitCode.USAGE);
        assertThat(run(
                                "adapters",
                                "curriculum",
                                golf,
                                "--export",
                                directory.resolve("no/such").toString())
                        .err())
                .contains("Choose another file", "[storage_failed]");
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertThat(run("adapters", "list").err()).contains("[cube_not_found]");
        know("Dan plays golf.");
        assertThat(run("adapters", "list").out()).contains("has no adapters");
        assertThat(run("adapters", "list", "--json").out()).isEmpty();
        assertThat(run("adapters", "history").out()).contains("has no adapter history yet");
        for (String command : List.of("show", "activate", "retire")) {
            assertThat(run("adapters", command, "lesson-9@1").err())
                    .contains("has no adapter lesson-9@1", "adapters train", "[adapter_not_found]");
            assertThat(run("adapters", command, "lesson-9").err()).contains("with its version after the @");
        }
        assertThat(run("adapters", "rollback", "lesson-9").err()).contains("[adapter_not_found]");
        assertThat(run("adapters", "curriculum", "01890a5d-ac96-774b-bcce-b302099a8057")
                        .err())
                .contains("[item_not_found]");
        assertThat(run("adapters", "list", "--cube", "defalt").err()).contains("Did you mean default?");
    }

    @Test
    void whatATrainingLacksIsSaidBeforeAModelIsLoaded() throws IOException {
        assertThat(run("adapters", "train").err()).contains("--model FILE.gguf", "--runtime-url", "[invalid_argument]");
        assertThat(run("adapters", "evaluate", "lesson-1@1").err()).contains("--model FILE.gguf");
        assertThat(run("adapters", "train", "--model", "none.gguf").err()).contains("give --base DIR");
        assertThat(run("adapters", "train", "--model", "none.gguf", "--base", "nowhere")
                        .err())
                .contains("There is no directory nowhere");
        assertThat(run("adapters", "evaluate", "lesson-1@1", "--runtime-url", "http://127.0.0.1:9")
                        .err())
                .contains("give --base DIR");
        String[] whole = {"adapters", "train", "--model", "none.gguf", "--base", base()};
        assertThat(withoutTrainer(whole).err())
                .contains("This build has no trainer", "MEMOS4J_TRAINER=yes", "--trainer-command", "--trainer-url")
                .contains("[invalid_configuration]");
        assertThat(run(whole).err()).contains("[model_unreadable]");
    }

    @Test
    void oneTrainerIsNamedRight() throws IOException {
        String[][] refused = {
            {"--trainer-command", "a", "--trainer-url", "http://127.0.0.1:9", "Give only one trainer"},
            {"--trainer-key-env", "KEY", "goes with --trainer-url"},
            {"--trainer-command", " ", "names no program"},
            {"--trainer-command", "train 'it", "unclosed"},
            {"--trainer-url", "ftp://host", "http:// or https://"},
            {
                "--trainer-url",
                "http://127.0.0.1:9",
                "--trainer-key-env",
                "MEMOS4J_NO_SUCH",
                "variable MEMOS4J_NO_SUCH is not set"
            },
            {"--rank", "0", "rank must be 1"},
            {"--epochs", "0", "epochs is 1"},
            {"--recall", "2", "recall is 0 to 1"},
        };
        for (String[] options : refused) {
            String[] arguments = new String[options.length + 5];
            System.arraycopy(new String[] {"adapters", "train", "--model", "none.gguf", "--base"}, 0, arguments, 0, 5);
            System.arraycopy(options, 0, arguments, 6, options.length - 1);
            arguments[5] = base();
            Outcome outcome = run(arguments);
            assertThat(outcome.err()).contains(options[options.length - 1]);
            assertThat(outcome.status()).isEqualTo(ExitCode.USAGE);
        }
    }
}
