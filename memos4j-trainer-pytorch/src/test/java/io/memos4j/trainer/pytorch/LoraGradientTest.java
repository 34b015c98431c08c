package io.memos4j.trainer.pytorch;

import io.memos4j.api.adapters.LoraShape;
import io.memos4j.modelfiles.WeightSource;
import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Gradients are the slopes of the loss, and the optimizer descends them as libtorch's own does. */
class LoraGradientTest {
    private static final double STEP = 1e-2;

    @TempDir
    Path folder;

    private static BaseModelShape shape(String family) {
        return new BaseModelShape(family, 40, 2, 16, 4, 2, 24, 32);
    }

    /**
     * Compares the loss along random directions with the gradient's component in them, for every kind of matrix of the
     * adapter.
     */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "qwen3"})
    void gradientOfTheAdapterIsTheSlopeOfTheLoss(String family) throws Exception {
        TinyBase.random(folder, shape(family), 3);
        try (TorchThread thread = new TorchThread("test", 1)) {
            thread.call(stopped -> {
                slopes();
                return true;
            });
        }
    }

    private void slopes() {
        TensorPlacement placement = TensorPlacement.of(ByteTokens.ALONE);
        LoraShape lora = LoraShape.ofRank(3);
        try (RetainedTensors kept = new RetainedTensors();
                ModelFolder base = new ModelFolder(folder, placement, kept);
                TrainableAdapter adapter = TrainableAdapter.fresh(base.config().base(), lora, placement, 1);
                AdamOptimizer adam = new AdamOptimizer(adapter.row(), placement);
                TorchTransformer model = new TorchTransformer(
                        base.config(), placement, base, (layer, matrix) -> adapter.updateFor(layer, matrix, 1))) {
            SplittableRandom random = new SplittableRandom(2);
            adam.fill(AdamOptimizer.OptimizerPart.VALUES, () -> (float) random.nextGaussian(0, 0.2));
            TrainingLoop training = new TrainingLoop(model, placement, adam, TrainingPlan.ofSteps(1));
            TrainingBatches.Batch batch = TrainingBatches.batch(List.of(
                    TrainingExample.text(new int[] {1, 5, 9, 30, 7}),
                    TrainingExample.answer(new int[] {1, 8, 8}, new int[] {39, 4})));
            adam.clearGradient();
            training.learn(batch, batch.targets().length);
            for (ParameterVector.ParameterSlice piece : adapter.row().pieces()) {
                slope(training, batch, adapter.row(), new Slope(piece, adam, random));
            }
        }
    }

    private record Slope(ParameterVector.ParameterSlice piece, AdamOptimizer adam, SplittableRandom random) {}

    private static void slope(TrainingLoop training, TrainingBatches.Batch batch, ParameterVector row, Slope slope) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            long count = slope.piece.count();
            float[] direction = new float[(int) count];
            for (int i = 0; i < count; i++) {
                direction[i] = (float) (slope.random.nextGaussian() / Math.sqrt(count));
            }
            Tensor way = torch.tensor(direction);
            Tensor part = row.all().narrow(0, slope.piece.offset(), count);
            Tensor start = part.detach().clone();
            double expected = slope.adam
                    .gradient()
                    .narrow(0, slope.piece.offset(), count)
                    .mul(way)
                    .sum()
                    .item_double();
            double[] losses = new double[2];
            for (int side = 0; side < 2; side++) {
                double step = side == 0 ? -STEP : STEP;
                part.copy_(start.add(way.mul(new Scalar(step))));
                losses[side] = training.loss(batch).item_double() / batch.targets().length;
            }
            part.copy_(start);
            assertThat((losses[1] - losses[0]) / (2 * STEP))
                    .as(slope.piece.name())
                    .isEqualTo(expected, within(2e-4 + 0.01 * Math.abs(expected)));
        }
    }

    @Test
    void optimizerGoesWhereThatOfLibtorchGoes() {
        try (TorchThread thread = new TorchThread("test", 1)) {
            float[][] ends = thread.call(stopped -> descend());
            assertThat(ends[0]).containsExactly(ends[1], within(1e-6f));
        }
    }

    /** Takes thirty steps on the same changing slopes, whose lengths need no clipping. */
    private static float[][] descend() {
        TensorPlacement placement = TensorPlacement.of(ByteTokens.ALONE);
        Map<String, long[]> shapes = Map.of("only", new long[] {5, 3});
        SplittableRandom random = new SplittableRandom(4);
        WeightSource numbers = () -> (float) random.nextGaussian();
        try (ParameterVector row = ParameterVector.of(shapes, placement, (name, shape) -> numbers);
                AdamOptimizer adam = new AdamOptimizer(row, placement)) {
            Tensor twin = row.all().clone().set_requires_grad(true);
            org.bytedeco.pytorch.Adam theirs =
                    new org.bytedeco.pytorch.Adam(new TensorVector(twin), new AdamOptions(0.05));
            for (int step = 1; step <= 30; step++) {
                float[] slope = new float[15];
                for (int i = 0; i < slope.length; i++) {
                    slope[i] = (float) random.nextGaussian(0, 0.1);
                }
                adam.clearGradient();
                adam.gradient().copy_(torch.tensor(slope));
                twin.mutable_grad().put(torch.tensor(slope));
                adam.step(step, 0.05);
                theirs.step();
            }
            float[][] ends = new float[2][15];
            row.all().data_ptr_float().get(ends[0]);
            twin.data_ptr_float().get(ends[1]);
            return ends;
        }
    }
}
