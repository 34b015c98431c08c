package io.memos4j.cli.adapters;

import io.memos4j.cli.options.HelpOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Groups the commands on adapters. */
@Command(
        name = "adapters",
        description = {
            "Teach memories to a model with LoRA adapters, so that it answers without the memories in the prompt.",
            "Each adapter records what it was taught. It is evaluated before it is activated, deactivated as soon as"
                    + " one of its memories is corrected or erased, and then trained anew without it.",
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

    @Mixin
    private HelpOption help;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
