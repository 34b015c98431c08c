package io.memos4j.bench.performance;

import io.memos4j.api.adapters.LoraShape;
import io.memos4j.spi.training.ComputeOptions;
import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingPlan;
import io.memos4j.spi.training.TrainingRequest;
import io.memos4j.trainer.pytorch.BaseModelShape;
import io.memos4j.trainer.pytorch.BaseModelTrainer;
import io.memos4j.trainer.pytorch.PytorchTrainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/**
 * Measures the steps of the trainer, with its checkpoints, against those of a plain libtorch loop with the same shapes:
 * a model of 3.5 million parameters, an adapter of rank 8 on all seven matrices of its four layers, batches of 4 × 128
 * random tokens, one thread. The two take turns.
 */
final class TrainingBenchmark {
    private static final PlainTorchTraining.Sizes SIZES =
            new PlainTorchTraining.Sizes(1_024, 4, 256, 8, 4, 704, 8, 4, 128);
    private static final int ROUNDS = 5;
    private static final int STEPS = 12;
    private static final int WARM_UP = 3;
    private static final double BUDGET = 90;

    private final Path folder;
    private final Path base;
    private final List<Double> ours = new ArrayList<>();
    private final List<Double> plain = new ArrayList<>();
    private final List<Double> oursPeak = new ArrayList<>();
    private final List<Double> plainPeak = new ArrayList<>();

    private TrainingBenchmark(Path folder) {
        this.folder = folder;
        this.base = folder.resolve("base");
    }

    static List<BenchmarkFigure> run() {
        try (ScratchDirectory workspace = new ScratchDirectory()) {
            TrainingBenchmark benchmark = new TrainingBenchmark(workspace.folder("training"));
            benchmark.writeBase();
            for (int round = 0; round < ROUNDS; round++) {
                benchmark.runTrainer(round);
                benchmark.plain.add(benchmark.runPlainLoop(1));
            }
            double spinning = benchmark.runPlainLoop(Runtime.getRuntime().availableProcessors());
            return benchmark.figures(spinning);
        }
    }

    private void writeBase() {
        BaseModelShape shape = new BaseModelShape(
                "llama",
                SIZES.vocabulary(),
                SIZES.layers(),
                SIZES.width(),
                SIZES.heads(),
                SIZES.cacheHeads(),
                SIZES.inner(),
                SIZES.length());
        ComputeOptions compute = ComputeOptions.processor().threads(1);
        new BaseModelTrainer(shape, TrainingPlan.ofSteps(1), compute).train(examples(4), base, progress -> true);
    }

    private static List<TrainingExample> examples(int count) {
        SplittableRandom random = new SplittableRandom(1);
        List<TrainingExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] tokens = new int[SIZES.length()];
            Arrays.setAll(tokens, each -> random.nextInt(3, SIZES.vocabulary()));
            examples.add(TrainingExample.text(tokens));
        }
        return examples;
    }

    private void runTrainer(int round) {
        TrainingRequest request = TrainingRequest.of(base, folder.resolve("adapter" + round), examples(256))
                .plan(TrainingPlan.ofSteps(WARM_UP + STEPS)
                        .batch(SIZES.batch(), 1)
                        .checkpointEvery(5))
                .lora(LoraShape.ofRank(SIZES.rank()))
                .checkpoints(folder.resolve("state"))
                .compute(ComputeOptions.processor().threads(1));
        long[] times = new long[2];
        double before = ResidentMemory.megabytes();
        ResidentMemory.forgetPeak();
        new PytorchTrainer().train(request, progress -> {
            if (progress.step() == WARM_UP) {
                times[0] = System.nanoTime();
            }
            times[1] = System.nanoTime();
            return true;
        });
        ours.add(STEPS / ((times[1] - times[0]) / 1e9));
        oursPeak.add(ResidentMemory.peak() - before);
    }

    /** Returns the steps per second of the plain loop. */
    private double runPlainLoop(int threads) {
        torch.set_num_threads(threads);
        openblas_nolapack.blas_set_num_threads(threads);
        double before = ResidentMemory.megabytes();
        ResidentMemory.forgetPeak();
        try (PlainTorchTraining training = new PlainTorchTraining(SIZES)) {
            for (int i = 0; i < WARM_UP; i++) {
                training.step();
            }
            long start = System.nanoTime();
            for (int i = 0; i < STEPS; i++) {
                training.step();
            }
            plainPeak.add(ResidentMemory.peak() - before);
            return STEPS / ((System.nanoTime() - start) / 1e9);
        }
    }

    private List<BenchmarkFigure> figures(double spinning) {
        double share = 100 * median(ours) / median(plain);
        String threads = Integer.toString(Runtime.getRuntime().availableProcessors());
        return List.of(
                BenchmarkFigure.atLeast(
                        "training: speed of the trainer, as a share of the plain loop", share, "%", BUDGET),
                new BenchmarkFigure("steps of the trainer, one thread" + spread(ours), median(ours), "/s", "", true),
                BenchmarkFigure.baseline("plain loop, one thread" + spread(plain), median(plain), "/s"),
                BenchmarkFigure.baseline("plain loop, " + threads + " threads", spinning, "/s"),
                new BenchmarkFigure("peak memory above that at the start", highest(oursPeak), "MiB", "", true),
                BenchmarkFigure.baseline("plain loop", highest(plainPeak), "MiB"));
    }

    private static String spread(List<Double> values) {
        return String.format(
                Locale.ROOT,
                " (%.1f to %.1f)",
                values.stream().mapToDouble(Double::doubleValue).min().orElse(0),
                highest(values));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(0.0);
    }

    private static double highest(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }
}
