package io.memos4j.trainer.pytorch;

import io.memos4j.api.MemoryException;
import io.memos4j.modelfiles.WeightSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * All trained parameters as one vector. The tensors that a model computes with are slices of it and share its memory,
 * so that an optimizer updates all of them at once, however many matrices there are.
 */
final class ParameterVector implements TensorSource, AutoCloseable {
    private static final long MAX_PARAMETERS = 1L << 32;
    private static final int BLOCK = 1 << 16;

    /** Provides the initial numbers of a slice. */
    @FunctionalInterface
    interface ParameterInitializer {
        WeightSource of(String name, long... shape);
    }

    /** A named tensor within the vector. */
    record ParameterSlice(String name, List<Long> shape, long offset) {
        long count() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }
    }

    private final Map<String, ParameterSlice> pieces;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final RetainedTensors kept = new RetainedTensors();
    private final long length;
    private final Tensor values;

    private ParameterVector(Map<String, ParameterSlice> pieces, long length, TensorPlacement placement) {
        this.pieces = pieces;
        this.length = length;
        this.values = kept.retain(placement.zeros(length));
        for (ParameterSlice piece : pieces.values()) {
            tensors.put(piece.name, kept.retain(view(values, piece).detach()));
        }
    }

    /** Creates a vector for tensors of these names and shapes, and initializes it. */
    static ParameterVector of(Map<String, long[]> shapes, TensorPlacement placement, ParameterInitializer filling) {
        Map<String, ParameterSlice> pieces = new LinkedHashMap<>();
        long length = 0;
        for (Map.Entry<String, long[]> each : shapes.entrySet()) {
            List<Long> shape = Arrays.stream(each.getValue()).boxed().toList();
            ParameterSlice piece = new ParameterSlice(each.getKey(), shape, length);
            pieces.put(each.getKey(), piece);
            length = Math.addExact(length, piece.count());
        }
        if (length > MAX_PARAMETERS) {
            throw MemoryException.invalid(length + " numbers would be trained, of at most " + MAX_PARAMETERS
                    + ". Choose a smaller rank or fewer targets.");
        }
        ParameterVector row = new ParameterVector(pieces, length, placement);
        for (ParameterSlice piece : pieces.values()) {
            long[] shape = piece.shape.stream().mapToLong(Long::longValue).toArray();
            fill(row.values, piece.offset, piece.count(), filling.of(piece.name, shape));
        }
        return row;
    }

    private static Tensor view(Tensor row, ParameterSlice piece) {
        long[] shape = piece.shape.stream().mapToLong(Long::longValue).toArray();
        return row.narrow(0, piece.offset, piece.count()).view(shape);
    }

    /** Makes the gradients of the slices slices of {@code gradient}, which has the length of this vector. */
    void gradientsInto(Tensor gradient) {
        for (ParameterSlice piece : pieces.values()) {
            Tensor tensor = get(piece.name);
            tensor.requires_grad_(true);
            tensor.mutable_grad().put(view(gradient, piece));
        }
    }

    List<ParameterSlice> pieces() {
        return new ArrayList<>(pieces.values());
    }

    /** The number of trained parameters. */
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

    /** Reads the numbers of a slice in order. */
    WeightSource values(ParameterSlice piece) {
        return numbers(values, piece.offset, piece.count());
    }

    /** Copies the numbers of a slice. */
    float[] values(String name) {
        Tensor piece = get(name);
        float[] copy = new float[Math.toIntExact(piece.numel())];
        try (PointerScope scope = new PointerScope()) {
            piece.detach().cpu().data_ptr_float().get(copy);
        }
        return copy;
    }

    /** The whole vector. */
    Tensor all() {
        return values;
    }

    /** Reads numbers of a vector of this length in order. */
    static WeightSource numbers(Tensor row, long offset, long count) {
        return WeightSource.inBlocks(count, (from, into) -> {
            try (PointerScope scope = new PointerScope()) {
                Tensor part = row.narrow(0, offset + from, into.length).detach().cpu();
                part.data_ptr_float().get(into);
            }
        });
    }

    /** Fills a part of a vector of this length. */
    static void fill(Tensor row, long offset, long count, WeightSource numbers) {
        for (long done = 0; done < count; done += BLOCK) {
            float[] block = new float[(int) Math.min(BLOCK, count - done)];
            for (int i = 0; i < block.length; i++) {
                block[i] = numbers.next();
            }
            try (PointerScope scope = new PointerScope();
                    NoGradGuard guard = new NoGradGuard()) {
                row.narrow(0, offset + done, block.length).copy_(torch.tensor(block));
            }
        }
    }

    @Override
    public void close() {
        kept.close();
    }
}
