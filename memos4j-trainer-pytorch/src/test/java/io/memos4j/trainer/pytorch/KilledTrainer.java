package io.memos4j.trainer.pytorch;

import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingPlan;
import io.memos4j.spi.training.TrainingRequest;
import io.memos4j.testkit.runtime.TrainingDialogues;
import java.nio.file.Path;
import java.util.List;

/** The process that {@link PytorchKillIT} kills: trains in a folder and prints each step. */
final class KilledTrainer {
    private KilledTrainer() {}

    static TrainingRequest request(Path folder, String output) {
        List<TrainingExample> examples =
                TrainingDialogues.SENTENCES.stream().map(ByteTokens::text).toList();
        return TrainingRequest.of(folder.resolve("base"), folder.resolve(output), examples)
                .plan(TrainingPlan.ofSteps(60).batch(2, 1).checkpointEvery(3))
                .compute(ByteTokens.ALONE)
                .checkpoints(folder.resolve("state"));
    }

    public static void main(String[] args) {
        new PytorchTrainer().train(request(Path.of(args[0]), args[1]), progress -> {
            System.out.println("step " + progress.step());
            return true;
        });
    }
}
