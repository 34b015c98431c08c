package io.memos4j.cli;

import io.memos4j.api.MemCube;
import io.memos4j.core.Answering;
import io.memos4j.core.Learning;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Examines an adapter again. */
@Command(
        name = "evaluate",
        description = {
            "Examine an adapter again, beside the model as it is, and keep the result.",
            "One in use that does not pass is suspended, and the exit code is 1. Nothing is trained: of the options of a training"
                    + " only --recall, --divergence and --base count."
        })
final class AdapterEvaluateCommand extends AdapterCommand {
    @Mixin
    private Answerer answerer;

    @Mixin
    private TrainingOptions training;

    @Parameters(paramLabel = "ADAPTER", description = "Name and version, for example lesson-1@2.")
    private String adapter;

    private Optional<Learning> learning = Optional.empty();

    /** What is missing is said before a model is loaded. */
    @Override
    public Integer call() throws Exception {
        answerer.requireTaught(models());
        learning = Optional.of(training.examination(answerer.isServer(models()), answerer.threads()));
        return super.call();
    }

    @Override
    Optional<Answering> answering() {
        return Optional.of(answerer.taught(models()));
    }

    @Override
    Optional<Learning> learning() {
        return learning;
    }

    @Override
    int run(MemCube named) {
        return examined(List.of(named.adapters().evaluate(known(named, adapter).id())));
    }
}
