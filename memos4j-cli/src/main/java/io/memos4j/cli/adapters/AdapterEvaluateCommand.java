package io.memos4j.cli.adapters;

import io.memos4j.api.MemCube;
import io.memos4j.cli.options.AnsweringOptions;
import io.memos4j.cli.options.TrainingOptions;
import io.memos4j.core.TrainingConfig;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Examines an adapter again. */
@Command(
        name = "evaluate",
        description = {
            "Examine an adapter again, beside the model as it is, and keep the result.",
            "One in use that does not pass is suspended, and the exit code is 1. Nothing is trained: of the options of a training"
                    + " only --recall, --divergence and --base count."
        })
final class AdapterEvaluateCommand extends AdapterModelCommand {
    @Parameters(paramLabel = "ADAPTER", description = "Name and version, for example lesson-1@2.")
    private String adapter;

    @Override
    TrainingConfig learning(TrainingOptions options, AnsweringOptions model) {
        return options.examination(model.isServer(models()), model.threads());
    }

    @Override
    int run(MemCube named) {
        return examined(
                List.of(named.adapters().evaluate(requireAdapter(named, adapter).id())));
    }
}
