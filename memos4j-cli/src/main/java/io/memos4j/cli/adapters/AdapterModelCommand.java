package io.memos4j.cli.adapters;

import io.memos4j.api.adapters.Adapter;
import io.memos4j.cli.Main;
import io.memos4j.cli.options.AnsweringOptions;
import io.memos4j.cli.options.TrainingOptions;
import io.memos4j.core.ChatConfig;
import io.memos4j.core.TrainingConfig;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/** What the commands have in common that teach the model that answers, or examine what it was taught. */
abstract class AdapterModelCommand extends AdapterCommand {
    @Mixin
    private AnsweringOptions answerer;

    @Mixin
    private TrainingOptions training;

    private Optional<TrainingConfig> learning = Optional.empty();

    /** How it is taught or examined; refuses options that lack something. */
    abstract TrainingConfig learning(TrainingOptions options, AnsweringOptions model);

    /** What is missing is said before a model is loaded. */
    @Override
    public Integer call() throws Exception {
        answerer.requireTrainable(models());
        learning = Optional.of(learning(training, answerer));
        return super.call();
    }

    @Override
    public final Optional<ChatConfig> answering() {
        return Optional.of(answerer.trainable(models()));
    }

    @Override
    public final Optional<TrainingConfig> learning() {
        return learning;
    }

    /** What is true of a training that was ended before its time. */
    final String afterStop() {
        return training.afterStop();
    }

    /** Says how an adapter did; the exit code. */
    final int examined(List<Adapter> adapters) {
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
        return passed ? 0 : Main.FAILED;
    }
}
