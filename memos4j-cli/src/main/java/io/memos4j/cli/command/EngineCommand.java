package io.memos4j.cli.command;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.cli.options.ModelOptions;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.core.ChatConfig;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.core.MemOsConfig.Background;
import io.memos4j.core.TrainingConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command that works on a data directory has in common: its options, opening and closing the engine. */
public abstract class EngineCommand implements Callable<Integer> {
    /** The language model is shown the cube that the command names, and nothing by itself. */
    private static final Background ASKED_FOR = new Background(Set.of(TaskKind.EXTRACT, TaskKind.SUMMARIZE), List.of());

    /**
     * A command that teaches does so itself, and nothing beside it; one that stays, such as a server, says what it does
     * by itself.
     */
    private static final Background NOT_TAUGHT = new Background(Set.of(TaskKind.TEACH), List.of());

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${env:MEMOS4J_DATA:-memos-data}",
            description = "The data directory (default: ${DEFAULT-VALUE}; environment: MEMOS4J_DATA).")
    private Path data;

    @Option(names = "--no-embedder", description = "Do without vectors: rank by words alone.")
    private boolean noEmbedder;

    @Mixin
    private ModelOptions models;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    /** Does the work on an open engine; returns the exit code. */
    public abstract int run(MemOs memos) throws Exception;

    /**
     * Whether it lets a language model read what is new. The other commands load none, and nothing is sent anywhere.
     */
    public boolean usesLanguageModel() {
        return false;
    }

    /** What the scheduler does by itself while the command reads. */
    public Background background() {
        return ASKED_FOR;
    }

    /** What answers conversations; the other commands load nothing. */
    public Optional<ChatConfig> answering() {
        return Optional.empty();
    }

    /** How memories are taught; the other commands teach nothing. */
    public Optional<TrainingConfig> learning() {
        return Optional.empty();
    }

    /** What must end before the engine closes when the process is told to end. */
    public void beforeClose() {}

    /** Whether it searches, and a reranker is of use. The other commands load none. */
    public boolean usesReranker() {
        return false;
    }

    @Override
    public Integer call() throws Exception {
        MemOs memos = MemOs.open(config(data));
        // An interrupt from the keyboard ends the process; the hook lets running work finish and closes cleanly.
        Thread hook = new Thread(
                () -> {
                    beforeClose();
                    memos.close();
                },
                "memos4j-close");
        Runtime.getRuntime().addShutdownHook(hook);
        try (memos) {
            return run(memos);
        } finally {
            removeHook(hook);
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is already ending, and the hook is doing its work.
        }
    }

    public final MemOsConfig config(Path directory) {
        models.check();
        MemOsConfig config = MemOsConfig.at(directory);
        config = noEmbedder ? config.withoutEmbedder() : config;
        config = usesLanguageModel()
                ? models.languageModel().map(config::withModel).orElse(config)
                : config;
        config = usesLanguageModel() ? config.withBackground(background()) : config;
        config = answering().map(config::withChat).orElse(config);
        config = withLearning(config);
        return usesReranker() ? models.reranker().map(config::withReranker).orElse(config) : config;
    }

    private MemOsConfig withLearning(MemOsConfig config) {
        return learning()
                .map(config::withTraining)
                .map(with -> usesLanguageModel() ? with : with.withBackground(NOT_TAUGHT))
                .orElse(config);
    }

    public final ModelOptions models() {
        return models;
    }

    public final Path data() {
        return data;
    }

    public final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    public final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Says how an item stands after a change. */
    public final void printChanged(MemoryItem item, boolean json) {
        if (json) {
            out().println(JsonOutput.of(JsonOutput.SHAPES.item(item)));
        } else {
            new TextOutput(out())
                    .line(item.id() + "  version " + item.version() + "  "
                            + item.state().id() + "  " + TextOutput.firstLine(item.text()));
        }
    }

    /** An existing cube; a refusal names cubes of similar names. */
    public static MemCube requireCube(MemOs memos, String name) {
        return memos.find(CubeId.of(name)).orElseThrow(() -> {
            List<CubeId> cubes = memos.cubes();
            List<String> near = cubes.stream()
                    .map(CubeId::value)
                    .filter(each -> similar(each, name))
                    .limit(5)
                    .toList();
            String hint = cubes.isEmpty()
                    ? "There are no cubes here yet: add something, or choose another directory with --data."
                    : near.isEmpty() ? "See: memos4j cubes" : "Did you mean " + String.join(", ", near) + "?";
            return new MemoryException(ErrorCode.CUBE_NOT_FOUND, "There is no cube '" + name + "'. " + hint);
        });
    }

    private static boolean similar(String a, String b) {
        String left = a.toLowerCase(Locale.ROOT);
        String right = b.toLowerCase(Locale.ROOT);
        return left.contains(right) || right.contains(left) || left.charAt(0) == right.charAt(0);
    }
}
