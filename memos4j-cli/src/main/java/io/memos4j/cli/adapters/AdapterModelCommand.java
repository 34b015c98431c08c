package io.memos4j.cli.adapters;

import io.memos4j.api.adapters.Adapter;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.options.AnsweringOptions;
import io.memos4j.cli.options.TrainingOptions;
import io.memos4j.core.ChatConfig;
import io.memos4j.core.TrainingConfig;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/** Base of the adapter commands that need the model: training and evaluation. */
abstract class AdapterModelCommand extends AdapterCommand {
    @Mixin
    private AnsweringOptions answerer;

    @Mixin
    private TrainingOptions training;

    private Optional<TrainingConfig> learning = Optional.empty();

    /** Returns the training setup; throws for options that are missing or do not go together. */
    protected abstract TrainingConfig trainingConfig(TrainingOptions options, AnsweringOptions model);

    @Override
    public Integer call() throws Exception {
        // Options are checked before a model is loaded.
        answerer.requireTrainable(models());
        learning = Optional.of(trainingConfig(training, answerer));
        return super.call();
    }

    @Override
    protected final Optional<ChatConfig> chatConfig() {
        return Optional.of(answerer.trainable(models()));
    }

    @Override
    protected final Optional<TrainingConfig> trainingConfig() {
        return learning;
    }

    /** Returns a hint on how to continue a training that was stopped. */
    protected final String afterStop() {
        return training.afterStop();
    }

    /** Prints the evaluations of adapters and returns the exit code. */
    protected final int printEvaluations(List<Adapter> adapters) {
        for (Adapter adapter : adapters) {
            if (json()) {
                printChanged(adapter);
            } else {
                new AdapterPrinter(out()).printEvaluated(adapter);
            }
        }
        boolean passed = adapters.stream()
                .allMatch(adapter -> adapter.evaluation().isPresent()
                        && adapter.evaluation().orElseThrow().passed());
        return passed ? ExitCode.OK : ExitCode.FAILED;
    }
}
