package io.memos4j.trainer.pytorch;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.modelfiles.WeightSource;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The Adam optimizer (Kingma and Ba, 2015, algorithm 1) on a vector of parameters, with gradients clipped to norm 1.
 *
 * <p>A step is eight operations on whole vectors, and the state is two vectors beside the values. libtorch's own
 * optimizer iterates over tensors and can only be saved as a pickle archive, which nothing here reads.
 */
final class AdamOptimizer implements AutoCloseable {
    private static final double KEEP_FIRST = 0.9;
    private static final double KEEP_SECOND = 0.999;
    private static final double EPSILON = 1e-8;
    private static final double LONGEST_GRADIENT = 1;

    /** The vectors that a training can resume from. */
    enum OptimizerPart {
        VALUES,
        FIRST_MOMENT,
        SECOND_MOMENT
    }

    private final RetainedTensors kept = new RetainedTensors();
    private final ParameterVector row;
    private final Tensor gradient;
    private final Tensor first;
    private final Tensor second;

    AdamOptimizer(ParameterVector row, TensorPlacement placement) {
        this.row = row;
        this.gradient = kept.retain(placement.zeros(row.length()));
        this.first = kept.retain(placement.zeros(row.length()));
        this.second = kept.retain(placement.zeros(row.length()));
        row.gradientsInto(gradient);
    }

    /** Zeroes the gradient; the next backward passes accumulate. */
    void clearGradient() {
        gradient.zero_();
    }

    /** The gradient of all slices, in their order. */
    Tensor gradient() {
        return gradient;
    }

    /**
     * Moves the values against the gradient.
     *
     * @param step from 1
     */
    void step(int step, double learningRate) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            double norm = gradient.norm().item_double();
            if (!Double.isFinite(norm)) {
                throw diverged(step, "its gradient has values that are no numbers");
            }
            if (norm > LONGEST_GRADIENT) {
                gradient.mul_(new Scalar(LONGEST_GRADIENT / norm));
            }
            first.lerp_(gradient, new Scalar(1 - KEEP_FIRST));
            second.mul_(new Scalar(KEEP_SECOND)).addcmul_(gradient, gradient, new Scalar(1 - KEEP_SECOND));
            Tensor deviation = second.sqrt()
                    .div_(new Scalar(Math.sqrt(1 - Math.pow(KEEP_SECOND, step))))
                    .add_(new Scalar(EPSILON));
            row.all().addcdiv_(first, deviation, new Scalar(-learningRate / (1 - Math.pow(KEEP_FIRST, step))));
        }
    }

    static MemoryException diverged(int step, String why) {
        return new MemoryException(
                ErrorCode.TRAINING_DIVERGED,
                "The training diverged at step " + step + ": " + why
                        + ". Train with a smaller learning rate, and check the base for broken weights.");
    }

    /** The length of each vector. */
    long length() {
        return row.length();
    }

    /** Reads the numbers of a vector in order. */
    WeightSource numbers(OptimizerPart part) {
        return ParameterVector.numbers(tensor(part), 0, row.length());
    }

    void fill(OptimizerPart part, WeightSource numbers) {
        ParameterVector.fill(tensor(part), 0, row.length(), numbers);
    }

    private Tensor tensor(OptimizerPart part) {
        return switch (part) {
            case VALUES -> row.all();
            case FIRST_MOMENT -> first;
            case SECOND_MOMENT -> second;
        };
    }

    @Override
    public void close() {
        kept.close();
    }
}
