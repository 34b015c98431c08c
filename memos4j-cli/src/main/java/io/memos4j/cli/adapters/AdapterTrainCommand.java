package io.memos4j.cli.adapters;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.ParametricMemory;
import io.memos4j.api.adapters.ParametricMemory.Lesson;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.options.AnsweringOptions;
import io.memos4j.cli.options.TrainingOptions;
import io.memos4j.core.TrainingConfig;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Trains adapters on memories. */
@Command(
        name = "train",
        description = {
            "Train adapters on memories that no adapter covers, and train suspended or rejected ones anew.",
            "Each adapter is evaluated beside the unchanged model and activated if it passes; a rejected one stays a"
                    + " candidate, and the exit code is 1. Ctrl-C stops between two steps and keeps the checkpoint:"
                    + " the same command continues."
        })
public final class AdapterTrainCommand extends AdapterModelCommand {
    @Parameters(
            arity = "0..*",
            paramLabel = "ITEM",
            description = "The memories to teach, whatever their heat and stability; without any, all that are hot and"
                    + " stable enough.")
    private List<String> ids = List.of();

    private final GracefulStop stop = new GracefulStop();

    @Override
    public Integer call() throws Exception {
        items(ids);
        return super.call();
    }

    @Override
    protected TrainingConfig trainingConfig(TrainingOptions options, AnsweringOptions model) {
        return options.forTraining(model.threads());
    }

    @Override
    public void beforeClose() {
        stop.request();
    }

    @Override
    protected int run(MemCube target) {
        ParametricMemory memory = target.adapters();
        if (!memory.policy().consent()) {
            throw new MemoryException(
                    ErrorCode.FORBIDDEN,
                    "The owner of cube '" + target.id()
                            + "' has not consented to teaching its memories to a model. To consent:"
                            + " memos4j adapters policy --cube " + target.id() + " --consent yes");
        }
        List<ItemId> items = items(ids);
        if (!items.isEmpty()) {
            memory.curriculum(items).left().forEach(each -> warn(each.item() + " is not taught: " + each.why()));
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
                out().println("There is nothing to teach. To see what is left out and why: memos4j adapters"
                        + " curriculum");
            }
            return printEvaluations(made);
        } catch (MemoryException e) {
            boolean ended = e.code() == ErrorCode.INTERRUPTED || e.code() == ErrorCode.CLOSED;
            if (!stop.requested() || !ended) {
                throw e;
            }
            bar.close();
            warn(stopped(bar.last()));
            err().flush();
            return ExitCode.FAILED;
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
                : "Stopped during the evaluation of " + lesson.adapter()
                        + "; it stays a candidate. To continue: memos4j adapters evaluate " + lesson.adapter();
    }
}
