package io.memos4j.cli.command;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.TimeZones;
import io.memos4j.api.Warning;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.cli.options.HelpOption;
import io.memos4j.cli.options.ModelOptions;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.core.ChatConfig;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.core.MemOsConfig.Background;
import io.memos4j.core.TrainingConfig;
import io.memos4j.core.access.AuditedCall;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Base of the commands that work on a data directory: their common options, opening and closing the engine. */
public abstract class EngineCommand implements Callable<Integer> {
    /** Runs no task that asks a language model: only {@code extract} does, for the cube that it names. */
    private static final Background WITHOUT_MODEL =
            new Background(Set.of(TaskKind.EXTRACT, TaskKind.SUMMARIZE, TaskKind.REVIEW), List.of());

    /** Runs no training in the background: a command that trains does so itself. */
    private static final Background WITHOUT_TRAINING = new Background(Set.of(TaskKind.TEACH), List.of());

    @Spec
    private CommandSpec spec;

    @Option(names = "--data", paramLabel = "DIR", defaultValue = "${env:MEMOS4J_DATA:-memos-data}")
    private Path data;

    @Option(names = "--no-embedder")
    private boolean noEmbedder;

    @Option(names = "--time-zone", paramLabel = "ZONE", defaultValue = "${env:MEMOS4J_TIME_ZONE}")
    private Optional<String> timeZone = Optional.empty();

    @Option(names = "--audit-key", paramLabel = "FILE", defaultValue = "${env:MEMOS4J_AUDIT_KEY}")
    private Optional<Path> auditKey = Optional.empty();

    @Mixin
    private ModelOptions models;

    @Mixin
    private HelpOption help;

    /** Does the work on an open engine and returns the exit code. */
    protected abstract int run(MemOs memos) throws Exception;

    /** Returns true if a language model may read new messages; other commands send nothing anywhere. */
    protected boolean usesLanguageModel() {
        return false;
    }

    /** Returns the background tasks that run while a command with a language model is running. */
    protected Background background() {
        return WITHOUT_MODEL;
    }

    /** Returns the model that answers conversations, for commands that have one. */
    protected Optional<ChatConfig> chatConfig() {
        return Optional.empty();
    }

    /** Returns the training setup, for commands that train adapters. */
    protected Optional<TrainingConfig> trainingConfig() {
        return Optional.empty();
    }

    /** Stops running work before the engine closes, when the process is told to end. */
    protected void beforeClose() {}

    /** Returns the time after which a process that was told to end does, even if its work or the engine hangs. */
    protected Duration closingTime() {
        return Duration.ofMinutes(2);
    }

    /** Returns true if the command searches and a reranker is of use. */
    protected boolean usesReranker() {
        return false;
    }

    @Override
    public Integer call() throws Exception {
        MemOs memos = MemOs.open(config(data));
        // Ctrl-C ends the process; the hook lets running work finish and closes cleanly.
        Thread hook = new Thread(
                () -> {
                    try (BoundedShutdown bound = BoundedShutdown.start(closingTime())) {
                        beforeClose();
                        memos.close();
                    }
                },
                "memos4j-close");
        Runtime.getRuntime().addShutdownHook(hook);
        try (memos) {
            return runAudited(memos);
        } finally {
            removeHook(hook);
        }
    }

    /** Runs the command, so that the audit names it. */
    private int runAudited(MemOs memos) throws Exception {
        record Outcome(int status, Optional<Exception> failure) {}
        Outcome outcome = memos.runAs(AuditedCall.local(spec.qualifiedName()), () -> {
            try {
                return new Outcome(run(memos), Optional.empty());
            } catch (Exception e) {
                return new Outcome(ExitCode.FAILED, Optional.of(e));
            }
        });
        if (outcome.failure.isPresent()) {
            throw outcome.failure.get();
        }
        return outcome.status;
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is already ending, and the hook is running.
        }
    }

    protected final MemOsConfig config(Path directory) {
        models.check();
        MemOsConfig config = MemOsConfig.at(directory).withZone(zone());
        config = auditKey.map(config::withAuditKey).orElse(config);
        config = noEmbedder ? config.withoutEmbedder() : config;
        config = usesLanguageModel()
                ? models.languageModel().map(config::withModel).orElse(config)
                : config;
        config = usesLanguageModel() ? config.withBackground(background()) : config;
        config = chatConfig().map(config::withChat).orElse(config);
        config = withTraining(config);
        return usesReranker() ? models.reranker().map(config::withReranker).orElse(config) : config;
    }

    private ZoneId zone() {
        return timeZone.filter(text -> !text.isBlank())
                .map(text -> TimeZones.parse(text, "--time-zone"))
                .orElseGet(ZoneId::systemDefault);
    }

    private MemOsConfig withTraining(MemOsConfig config) {
        return trainingConfig()
                .map(config::withTraining)
                .map(with -> usesLanguageModel() ? with : with.withBackground(WITHOUT_TRAINING))
                .orElse(config);
    }

    protected final ModelOptions models() {
        return models;
    }

    protected final Path data() {
        return data;
    }

    protected final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    protected final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    protected final TextOutput screen() {
        return new TextOutput(out());
    }

    /** Prints a message about the command itself to the error stream. */
    protected final void warn(String message) {
        err().println("memos4j: " + message);
    }

    /** Prints the warnings of the engine to the error stream. */
    protected final void warn(List<Warning> warnings) {
        warnings.forEach(warning -> warn(warning.message()));
    }

    /** Prints the state of an item after a change. */
    protected final void printChanged(MemoryItem item, boolean json) {
        if (json) {
            out().println(JsonOutput.of(JsonOutput.SHAPES.item(item)));
        } else {
            screen().line(item.id() + "  version " + item.version() + "  "
                    + item.state().id() + "  " + TextOutput.firstLine(item.text()));
        }
    }

    /** Returns an existing cube; the error for an unknown name suggests similar ones. */
    protected static MemCube requireCube(MemOs memos, String name) {
        return memos.find(CubeId.of(name)).orElseThrow(() -> {
            List<CubeId> cubes = memos.cubes();
            List<String> near = cubes.stream()
                    .map(CubeId::value)
                    .filter(each -> isSimilar(each, name))
                    .limit(5)
                    .toList();
            String hint = cubes.isEmpty()
                    ? "There are no cubes here yet: add something, or choose another directory with --data."
                    : near.isEmpty() ? "See: memos4j cubes" : "Did you mean " + String.join(", ", near) + "?";
            return new MemoryException(ErrorCode.CUBE_NOT_FOUND, "There is no cube '" + name + "'. " + hint);
        });
    }

    private static boolean isSimilar(String a, String b) {
        String left = a.toLowerCase(Locale.ROOT);
        String right = b.toLowerCase(Locale.ROOT);
        return left.contains(right) || right.contains(left) || left.charAt(0) == right.charAt(0);
    }

    /** Counts the items that match a filter. */
    protected static long count(MemCube cube, Filter filter) {
        long count = 0;
        ListRequest request = ListRequest.first().where(filter).limit(ListRequest.MAX_LIMIT);
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            Page<MemoryItem> page = cube.list(request.after(next.get()));
            count += page.items().size();
            next = page.next();
        }
        return count;
    }
}
