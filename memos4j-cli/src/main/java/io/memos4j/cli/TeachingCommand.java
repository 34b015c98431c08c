package io.memos4j.cli;

import io.memos4j.api.Adapter;
import io.memos4j.core.Answering;
import io.memos4j.core.Learning;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/** What the commands have in common that teach the model that answers, or examine what it was taught. */
abstract class TeachingCommand extends AdapterCommand {
    @Mixin
    private Answerer answerer;

    @Mixin
    private TrainingOptions training;

    private Optional<Learning> learning = Optional.empty();

    /** How it is taught or examined; refuses options that lack something. */
    abstract Learning learning(TrainingOptions options, Answerer model);

    /** What is missing is said before a model is loaded. */
    @Override
    public Integer call() throws Exception {
        answerer.requireTaught(models());
        learning = Optional.of(learning(training, answerer));
        return super.call();
    }

    @Override
    final Optional<Answering> answering() {
        return Optional.of(answerer.taught(models()));
    }

    @Override
    final Optional<Learning> learning() {
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
                changed(adapter);
            } else {
                new AdapterScreen(out()).examined(adapter);
            }
        }
        boolean passed = adapters.stream()
                .allMatch(adapter -> adapter.evaluation().isPresent()
                        && adapter.evaluation().orElseThrow().passed());
        return passed ? 0 : Main.FAILED;
    }
}
