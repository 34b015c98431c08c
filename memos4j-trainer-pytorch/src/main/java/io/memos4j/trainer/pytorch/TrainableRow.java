package io.memos4j.trainer.pytorch;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.modelfiles.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Everything that is trained, as one row of numbers, and Adam (Kingma and Ba, 2015, without weight decay) on it.
 *
 * <p>The tensors that a model computes with are pieces of the row: they share its memory, and their gradients that of a second row. So a
 * step of the optimiser is eight operations, however many matrices there are, and a checkpoint is three rows. libtorch's own optimiser goes
 * from tensor to tensor and can be saved as a pickle archive only.
 */
final class TrainableRow implements NamedTensors, AutoCloseable {
    private static final double KEEP_FIRST = 0.9;
    private static final double KEEP_SECOND = 0.999;
    private static final double EPSILON = 1e-8;
    private static final double LONGEST_GRADIENT = 1;
    private static final long MOST = 1L << 32;
    private static final int BLOCK = 1 << 16;

    /** Gives the first numbers of a piece. */
    @FunctionalInterface
    interface Filling {
        Weights of(String name, long... shape);
    }

    /** A named tensor within the row. */
    record Piece(String name, List<Long> shape, long offset) {
        long count() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }
    }

    /** The rows that make up the state. */
    enum Part {
        VALUES,
        FIRST_MOMENT,
        SECOND_MOMENT
    }

    private final Map<String, Piece> pieces;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final KeptTensors kept = new KeptTensors();
    private final long length;
    private final Tensor values;
    private final Tensor gradient;
    private final Tensor first;
    private final Tensor second;

    private TrainableRow(Map<String, Piece> pieces, long length, Placement placement) {
        this.pieces = pieces;
        this.length = length;
        this.values = kept.keep(placement.zeros(length));
        this.gradient = kept.keep(placement.zeros(length));
        this.first = kept.keep(placement.zeros(length));
        this.second = kept.keep(placement.zeros(length));
        for (Piece piece : pieces.values()) {
            Tensor tensor = kept.keep(view(values, piece).detach().requires_grad_(true));
            tensor.mutable_grad().put(view(gradient, piece));
            tensors.put(piece.name, tensor);
        }
    }

    /** A row with room for tensors of these names and shapes, filled. */
    static TrainableRow of(Map<String, long[]> shapes, Placement placement, Filling filling) {
        Map<String, Piece> pieces = new LinkedHashMap<>();
        long length = 0;
        for (Map.Entry<String, long[]> each : shapes.entrySet()) {
            List<Long> shape = Arrays.stream(each.getValue()).boxed().toList();
            Piece piece = new Piece(each.getKey(), shape, length);
            pieces.put(each.getKey(), piece);
            length = Math.addExact(length, piece.count());
        }
        if (length > MOST) {
            throw MemoryException.invalid(
                    length + " numbers would be trained, of at most " + MOST + ". Choose a smaller rank or fewer targets.");
        }
        TrainableRow row = new TrainableRow(pieces, length, placement);
        for (Piece piece : pieces.values()) {
            long[] shape = piece.shape.stream().mapToLong(Long::longValue).toArray();
            row.fill(row.values, piece.offset, piece.count(), filling.of(piece.name, shape));
        }
        return row;
    }

    private static Tensor view(Tensor row, Piece piece) {
        long[] shape = piece.shape.stream().mapToLong(Long::longValue).toArray();
        return row.narrow(0, piece.offset, piece.count()).view(shape);
    }

    List<Piece> pieces() {
        return new ArrayList<>(pieces.values());
    }

    /** How many numbers are trained. */
    long length() {
        return length;
    }

    @Override
    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    @Override
    public Tensor get(String name, long... shape) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalStateException("Nothing named " + name + " is trained.");
        }
        return tensor;
    }

    /** Forgets the gradient; the next backward passes add up. */
    void clearGradient() {
        gradient.zero_();
    }

    /** The gradient of all pieces, in their order. */
    Tensor gradient() {
        return gradient;
    }

    /**
     * Changes the values against the gradient, which is shortened to length 1 if it is longer.
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
            values.addcdiv_(first, deviation, new Scalar(-learningRate / (1 - Math.pow(KEEP_FIRST, step))));
        }
    }

    static MemoryException diverged(int step, String why) {
        return new MemoryException(
                ErrorCode.TRAINING_DIVERGED,
                "The training diverged at step " + step + ": " + why
                        + ". Train with a smaller learning rate, and check the base for broken weights.");
    }

    /** The numbers of a piece, one after the other. */
    Weights values(Piece piece) {
        return numbers(values, piece.offset, piece.count());
    }

    /** All numbers of a row of the state. */
    Weights numbers(Part part) {
        return numbers(row(part), 0, length);
    }

    /** Fills a row of the state. */
    void fill(Part part, Weights numbers) {
        fill(row(part), 0, length, numbers);
    }

    private Tensor row(Part part) {
        return switch (part) {
            case VALUES -> values;
            case FIRST_MOMENT -> first;
            case SECOND_MOMENT -> second;
        };
    }

    private static Weights numbers(Tensor row, long offset, long count) {
        return new Weights() {
            private float[] block = {};
            private int next;
            private long read;

            @Override
            public float next() {
                if (next == block.length) {
                    block = new float[(int) Math.min(BLOCK, count - read)];
                    try (PointerScope scope = new PointerScope()) {
                        Tensor part = row.narrow(0, offset + read, block.length).detach().cpu();
                        part.data_ptr_float().get(block);
                    }
                    read += block.length;
                    next = 0;
                }
                return block[next++];
            }
        };
    }

    private void fill(Tensor row, long offset, long count, Weights numbers) {
        for (long done = 0; done < count; done += BLOCK) {
            float[] block = new float[(int) Math.min(BLOCK, count - done)];
            for (int i = 0; i < block.length; i++) {
                block[i] = numbers.next();
            }
            try (PointerScope scope = new PointerScope();
                    NoGradGuard guard = new NoGradGuard()) {
                row.narrow(0, offset + done, block.length)
                        .copy_(torch.tensor(block));
            }
        }
    }

    @Override
    public void close() {
        kept.close();
    }
}
