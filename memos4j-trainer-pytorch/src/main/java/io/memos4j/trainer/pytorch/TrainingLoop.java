package io.memos4j.trainer.pytorch;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.TrainingRecord.LossPoint;
import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingPlan;
import io.memos4j.spi.training.TrainingProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Updates parameters step by step until a plan is done.
 *
 * <p>Native memory holds the model, sixteen bytes per trained parameter, and the computation of one batch, which is
 * freed with each batch, so that the peak does not depend on the number of steps.
 */
final class TrainingLoop {
    private static final int SUM = 2;
    private static final int NO_INDEX = -100;
    private static final int CURVE = 256;

    /** Saves the state of an unfinished training. */
    interface StateSink {
        /** Saves nothing. */
        StateSink NONE = state -> {};

        void save(TrainingState state);
    }

    /**
     * The progress of a training.
     *
     * @param step the last finished one, 0 before the first
     * @param tokens read so far
     * @param nanos spent so far
     * @param curve losses so far, see {@link io.memos4j.api.adapters.TrainingRecord#curve}
     */
    record TrainingState(int step, long tokens, long nanos, List<LossPoint> curve) {
        static final TrainingState BEGIN = new TrainingState(0, 0, 0, List.of());

        TrainingState {
            curve = List.copyOf(curve);
        }

        TrainingState after(double loss, long newTokens, long newNanos, TrainingPlan plan) {
            int next = step + 1;
            List<LossPoint> points = new ArrayList<>(curve);
            if (next % Math.ceilDiv(plan.steps(), CURVE) == 0 || next == plan.steps()) {
                points.add(new LossPoint(next, loss));
            }
            return new TrainingState(next, tokens + newTokens, nanos + newNanos, points);
        }
    }

    private final TorchTransformer model;
    private final TensorPlacement placement;
    private final AdamOptimizer adam;
    private final TrainingPlan plan;

    TrainingLoop(TorchTransformer model, TensorPlacement placement, AdamOptimizer adam, TrainingPlan plan) {
        this.model = model;
        this.placement = placement;
        this.adam = adam;
        this.plan = plan;
    }

    /**
     * Continues from a state to the end of the plan.
     *
     * @param sink sees each step and decides whether to continue
     * @param stopped is asked before each batch
     */
    TrainingState run(
            List<TrainingExample> examples,
            TrainingStart start,
            Predicate<TrainingProgress> sink,
            BooleanSupplier stopped) {
        TrainingBatches batches = new TrainingBatches(examples, plan);
        TrainingState state = start.state;
        long began = System.nanoTime();
        while (state.step < plan.steps()) {
            int step = state.step + 1;
            List<TrainingBatches.Batch> chosen = batches.step(step);
            long stepBegan = System.nanoTime();
            OptionalDouble learned = step(step, chosen, stopped);
            if (learned.isEmpty()) {
                throw stopped(state, start.keeper);
            }
            double loss = learned.getAsDouble();
            long tokens = chosen.stream().mapToLong(each -> each.ids().length).sum();
            state = state.after(loss, tokens, System.nanoTime() - stepBegan, plan);
            double seconds = Math.max(1, System.nanoTime() - began) / 1e9;
            double speed = (state.tokens - start.state.tokens) / seconds;
            boolean goOn = sink.test(new TrainingProgress(step, plan.steps(), loss, speed));
            if (!goOn && step < plan.steps()) {
                throw stopped(state, start.keeper);
            }
            if (step % plan.checkpointEvery() == 0 && step < plan.steps()) {
                start.keeper.save(state);
            }
        }
        return state;
    }

    /** The state that a training starts from, and the sink for later states. */
    record TrainingStart(TrainingState state, StateSink keeper) {}

    private MemoryException stopped(TrainingState state, StateSink keeper) {
        keeper.save(state);
        return new MemoryException(
                ErrorCode.INTERRUPTED,
                "The training was stopped after step " + state.step + " of " + plan.steps()
                        + (keeper == StateSink.NONE
                                ? "; nothing of it is kept. Name a folder for checkpoints to be able to resume."
                                : ". The same request resumes from there."));
    }

    /** Updates the parameters once; returns the mean loss, or nothing if it was stopped before the update. */
    private OptionalDouble step(int step, List<TrainingBatches.Batch> batches, BooleanSupplier stopped) {
        int taught = batches.stream().mapToInt(each -> each.targets().length).sum();
        double loss = 0;
        adam.clearGradient();
        for (TrainingBatches.Batch batch : batches) {
            if (stopped.getAsBoolean()) {
                return OptionalDouble.empty();
            }
            loss += learn(batch, taught);
            if (!Double.isFinite(loss)) {
                throw AdamOptimizer.diverged(step, "its loss is not finite");
            }
        }
        adam.step(step, learningRate(step));
        return OptionalDouble.of(loss);
    }

    /** Adds a batch to the gradient; returns its share of the mean loss over {@code taught} tokens. */
    double learn(TrainingBatches.Batch batch, int taught) {
        try (PointerScope scope = new PointerScope()) {
            Tensor loss = loss(batch).div(new Scalar((double) taught));
            loss.backward();
            return loss.item_double();
        }
    }

    /** Sums the losses of all taught tokens of a batch. */
    Tensor loss(TrainingBatches.Batch batch) {
        Tensor hidden = model.hidden(placement.numbers(batch.ids(), batch.rows(), batch.length()));
        Tensor rows = hidden.reshape(-1, hidden.size(2))
                .index_select(0, placement.numbers(batch.places(), batch.places().length));
        Tensor targets = placement.numbers(batch.targets(), batch.targets().length);
        return torch.cross_entropy_loss(model.logits(rows), targets, new TensorOptional(), SUM, NO_INDEX, 0);
    }

    /** The learning rate: rises over the first twentieth of the steps, then falls linearly to a tenth. */
    private double learningRate(int step) {
        int rising = Math.ceilDiv(plan.steps(), 20);
        if (step <= rising) {
            return plan.learningRate() * step / rising;
        }
        return plan.learningRate() * (1 - 0.9 * (step - rising) / (plan.steps() - rising));
    }
}
