package io.memos4j.cli;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.cli.adapters.AdaptersCommand;
import io.memos4j.cli.admin.AuditCommand;
import io.memos4j.cli.admin.GrantsCommand;
import io.memos4j.cli.admin.KeysCommand;
import io.memos4j.cli.admin.PrincipalsCommand;
import io.memos4j.cli.chat.ActivationsCommand;
import io.memos4j.cli.chat.ChatCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.cubes.CubesCommand;
import io.memos4j.cli.cubes.MergeCommand;
import io.memos4j.cli.cubes.MoveCommand;
import io.memos4j.cli.cubes.SettingsCommand;
import io.memos4j.cli.demo.DemoCommand;
import io.memos4j.cli.evaluation.BenchCommand;
import io.memos4j.cli.evaluation.EvalCommand;
import io.memos4j.cli.history.ChangesCommand;
import io.memos4j.cli.history.DiffCommand;
import io.memos4j.cli.history.ForkCommand;
import io.memos4j.cli.history.HistoryCommand;
import io.memos4j.cli.history.ReinstateCommand;
import io.memos4j.cli.history.RestoreCommand;
import io.memos4j.cli.history.RollbackCommand;
import io.memos4j.cli.history.SnapshotCommand;
import io.memos4j.cli.history.SupersedeCommand;
import io.memos4j.cli.history.UndoCommand;
import io.memos4j.cli.history.WhyCommand;
import io.memos4j.cli.maintenance.BackupCommand;
import io.memos4j.cli.maintenance.DoctorCommand;
import io.memos4j.cli.maintenance.MaintainCommand;
import io.memos4j.cli.maintenance.PolicyCommand;
import io.memos4j.cli.maintenance.ReindexCommand;
import io.memos4j.cli.maintenance.TasksCommand;
import io.memos4j.cli.memory.AddCommand;
import io.memos4j.cli.memory.DeleteCommand;
import io.memos4j.cli.memory.ErasureCommand;
import io.memos4j.cli.memory.ExtractCommand;
import io.memos4j.cli.memory.FeedbackCommand;
import io.memos4j.cli.memory.ForgetCommand;
import io.memos4j.cli.memory.ImportCommand;
import io.memos4j.cli.memory.ListCommand;
import io.memos4j.cli.memory.ShowCommand;
import io.memos4j.cli.memory.StateCommand;
import io.memos4j.cli.search.RelatedCommand;
import io.memos4j.cli.search.SearchCommand;
import io.memos4j.cli.search.WorkingCommand;
import io.memos4j.cli.server.McpCommand;
import io.memos4j.cli.server.ServeCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line. Exit codes: 0 success, 1 failure, 2 wrong usage; see {@link ExitCode}. */
@Command(
        name = "memos4j",
        resourceBundle = "io.memos4j.cli.Help",
        description = "A memory for LLM applications: add, search, correct, erase.",
        version = "memos4j 0.1.0-SNAPSHOT",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            AddCommand.class,
            ImportCommand.class,
            ExtractCommand.class,
            SearchCommand.class,
            ChatCommand.class,
            FeedbackCommand.class,
            ListCommand.class,
            ShowCommand.class,
            HistoryCommand.class,
            WhyCommand.class,
            RelatedCommand.class,
            SupersedeCommand.class,
            ReinstateCommand.class,
            ChangesCommand.class,
            UndoCommand.class,
            RestoreCommand.class,
            StateCommand.class,
            PolicyCommand.class,
            SettingsCommand.class,
            WorkingCommand.class,
            ActivationsCommand.class,
            AdaptersCommand.class,
            DiffCommand.class,
            RollbackCommand.class,
            SnapshotCommand.class,
            ForkCommand.class,
            ForgetCommand.class,
            DeleteCommand.class,
            ErasureCommand.class,
            CubesCommand.class,
            MergeCommand.class,
            MoveCommand.class,
            TasksCommand.class,
            MaintainCommand.class,
            ServeCommand.class,
            McpCommand.class,
            PrincipalsCommand.class,
            KeysCommand.class,
            GrantsCommand.class,
            AuditCommand.class,
            BackupCommand.class,
            ReindexCommand.class,
            DoctorCommand.class,
            EvalCommand.class,
            BenchCommand.class
        },
        footer = {"", "In a source checkout also: build (compile only), test (run all tests)."})
public final class Main implements Runnable {
    /** Kept in a field so that the logger, and its level with it, is not garbage collected. */
    private static final Logger LUCENE = Logger.getLogger("org.apache.lucene");

    @Spec
    private CommandSpec spec;

    @Option(names = "--debug", scope = ScopeType.INHERIT)
    private boolean debug;

    public static void main(String[] arguments) {
        if (Boolean.getBoolean("memos4j.wipeIncubatorWarning")) {
            System.err.print("\033[1A\033[2K");
        }
        LUCENE.setLevel(Level.WARNING);
        PrintWriter out = utf8(FileDescriptor.out);
        PrintWriter err = utf8(FileDescriptor.err);
        int status = run(out, err, List.of(arguments));
        out.flush();
        err.flush();
        System.exit(status);
    }

    private static PrintWriter utf8(FileDescriptor descriptor) {
        return new PrintWriter(
                new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8),
                false,
                StandardCharsets.UTF_8);
    }

    /** Runs one command, with its output and errors written to the two writers. */
    static int run(PrintWriter out, PrintWriter err, List<String> arguments) {
        Main main = new Main();
        CommandLine line = new CommandLine(main)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> main.handleFailure(failure, err))
                .setParameterExceptionHandler((failure, given) -> handleUsageError(failure, err));
        int status = line.execute(arguments.toArray(String[]::new));
        out.flush();
        err.flush();
        return status;
    }

    private static int handleUsageError(ParameterException failure, PrintWriter err) {
        CommandLine command = failure.getCommandLine();
        err.println("memos4j: " + failure.getMessage());
        err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private int handleFailure(Exception failure, PrintWriter err) {
        if (debug) {
            failure.printStackTrace(err);
        }
        return switch (failure) {
            case MemoryException known -> {
                err.println(
                        "memos4j: " + known.getMessage() + " [" + known.code().id() + "]");
                yield known.code() == ErrorCode.INVALID_ARGUMENT || known.code() == ErrorCode.UNKNOWN_FIELD
                        ? ExitCode.USAGE
                        : ExitCode.FAILED;
            }
            default -> {
                err.println("memos4j: " + failure + " [internal_error]"
                        + (debug ? "" : ". Run it again with --debug and report the stack trace."));
                yield ExitCode.FAILED;
            }
        };
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
