package io.memos4j.cli.adapters;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Memories in the parameters of a model: the commands on adapters. */
@Command(
        name = "adapters",
        description = {
            "Teach memories to a model: low-rank adapters (LoRA) that answer without the memories in the prompt.",
            "Each knows what it was taught. It is examined before it is used, out of use as soon as one of its memories is corrected or"
                    + " erased, and trained anew without it.",
            "",
            "The first time:",
            "  memos4j adapters policy --consent yes",
            "  memos4j adapters curriculum",
            "  memos4j adapters train --model FILE.gguf --base DIR",
            "  memos4j chat --model FILE.gguf",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            AdapterListCommand.class,
            AdapterShowCommand.class,
            AdapterPolicyCommand.class,
            AdapterCurriculumCommand.class,
            AdapterTrainCommand.class,
            AdapterEvaluateCommand.class,
            AdapterActivateCommand.class,
            AdapterRollbackCommand.class,
            AdapterRetireCommand.class,
            AdapterHistoryCommand.class
        })
public final class AdaptersCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
