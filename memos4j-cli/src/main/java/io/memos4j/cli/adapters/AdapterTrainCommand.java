package io.memos4j.cli.adapters;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.ParametricMemory;
import io.memos4j.api.adapters.ParametricMemory.Lesson;
import io.memos4j.cli.Main;
import io.memos4j.cli.options.AnsweringOptions;
import io.memos4j.cli.options.TrainingOptions;
import io.memos4j.core.TrainingConfig;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Teaches memories to the model that answers. */
@Command(
        name = "train",
        description = {
            "Teach memories that no adapter has been taught, and train anew what was suspended or refused.",
            "Each adapter is examined beside the model as it is, and put to use if it passes; a refused one stays a candidate, and"
                    + " the exit code is 1. Ctrl-C ends it between two steps with its checkpoint kept: the same command goes on."
        })
public final class AdapterTrainCommand extends AdapterModelCommand {
    @Parameters(
            arity = "0..*",
            paramLabel = "ITEM",
            description =
                    "Which memories, whatever their heat and stability; all that are hot and stable enough if none are"
                            + " named.")
    private List<String> ids = List.of();

    private final GracefulStop stop = new GracefulStop();

    @Override
    public Integer call() throws Exception {
        items(ids);
        return super.call();
    }

    @Override
    TrainingConfig learning(TrainingOptions options, AnsweringOptions model) {
        return options.training(model.threads());
    }

    @Override
    public void beforeClose() {
        stop.request();
    }

    @Override
    int run(MemCube named) {
        ParametricMemory memory = named.adapters();
        if (!memory.policy().consent()) {
            throw new MemoryException(
                    ErrorCode.FORBIDDEN,
                    "The owner of cube '" + named.id()
                            + "' has not agreed that its memories are taught to a model. Agree with:"
                            + " memos4j adapters policy --cube " + named.id() + " --consent yes");
        }
        List<ItemId> items = items(ids);
        if (!items.isEmpty()) {
            memory.curriculum(items)
                    .left()
                    .forEach(each -> err().println("memos4j: " + each.item() + " is not taught: " + each.why()));
        }
        return stop.run(() -> train(memory, items));
    }

    private int train(ParametricMemory memory, List<ItemId> items) {
        TrainingProgressBar bar = new TrainingProgressBar();
        try (bar) {
            List<Adapter> made = memory.train(items, lesson -> {
                bar.show(lesson);
                return !stop.requested();
            });
            bar.close();
            if (made.isEmpty() && !json()) {
                out().println("There is nothing to teach. What is left out and why: memos4j adapters curriculum");
            }
            return examined(made);
        } catch (MemoryException e) {
            boolean ended = e.code() == ErrorCode.INTERRUPTED || e.code() == ErrorCode.CLOSED;
            if (!stop.requested() || !ended) {
                throw e;
            }
            bar.close();
            err().println("memos4j: " + stopped(bar.last()));
            err().flush();
            return Main.FAILED;
        }
    }

    private String stopped(Optional<Lesson> last) {
        if (last.isEmpty()) {
            return "Stopped before the first step. " + afterStop();
        }
        Lesson lesson = last.get();
        return lesson.step() < lesson.steps()
                ? "Stopped " + lesson.adapter() + " at step " + lesson.step() + " of " + lesson.steps() + ". "
                        + afterStop()
                : "Stopped while " + lesson.adapter()
                        + " was examined; it stays a candidate. Go on with: memos4j adapters" + " evaluate "
                        + lesson.adapter();
    }
}
