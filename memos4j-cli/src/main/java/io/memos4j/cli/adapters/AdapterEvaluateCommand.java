package io.memos4j.cli.adapters;

import io.memos4j.api.MemCube;
import io.memos4j.cli.options.AnsweringOptions;
import io.memos4j.cli.options.TrainingOptions;
import io.memos4j.core.TrainingConfig;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Evaluates an adapter again. */
@Command(
        name = "evaluate",
        description = {
            "Evaluate an adapter again beside the unchanged model, and keep the result.",
            "An active adapter that fails is suspended, and the exit code is 1. Nothing is trained: of the training"
                    + " options only --recall, --divergence and --base have an effect."
        })
final class AdapterEvaluateCommand extends AdapterModelCommand {
    @Parameters(paramLabel = "ADAPTER", description = "Name and version, for example lesson-1@2.")
    private String adapter;

    @Override
    protected TrainingConfig trainingConfig(TrainingOptions options, AnsweringOptions model) {
        return options.forEvaluation(model.isServer(models()), model.threads());
    }

    @Override
    protected int run(MemCube target) {
        return printEvaluations(List.of(
                target.adapters().evaluate(requireAdapter(target, adapter).id())));
    }
}
