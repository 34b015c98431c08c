package io.memos4j.trainer.pytorch;

import io.memos4j.api.adapters.LoraShape;
import io.memos4j.api.adapters.LoraTarget;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.modelfiles.LoraFactors;
import io.memos4j.modelfiles.LoraMatrix;
import io.memos4j.modelfiles.LoraScale;
import io.memos4j.modelfiles.TensorType;
import io.memos4j.modelfiles.WeightSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * An adapter in memory.
 *
 * @param base the model that it is for
 * @param lora rank and alpha
 * @param matrices the matrices that it changes
 * @param row its parameters: of each matrix A, then B
 */
record TrainableAdapter(BaseModel base, LoraScale lora, Set<LoraMatrix> matrices, ParameterVector row)
        implements AutoCloseable {
    /** Creates an adapter that changes nothing yet: A is uniformly random, as PEFT initializes it, and B zero. */
    static TrainableAdapter fresh(BaseModel base, LoraShape lora, TensorPlacement placement, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Set<LoraMatrix> matrices = LoraMatrix.of(base, lora);
        ParameterVector row = ParameterVector.of(shapes(base, matrices, lora.rank()), placement, (name, shape) -> {
            if (name.endsWith("B")) {
                return () -> 0;
            }
            double bound = 1 / Math.sqrt(shape[1]);
            return () -> (float) random.nextDouble(-bound, bound);
        });
        return new TrainableAdapter(base, LoraScale.of(lora), matrices, row);
    }

    /** Reads an adapter from a PEFT folder. */
    static TrainableAdapter read(Path folder, BaseModel base, TensorPlacement placement) {
        try (LoraAdapter file = LoraAdapter.readPeft(folder, base)) {
            Set<LoraMatrix> matrices = file.factors().keySet();
            Map<String, long[]> shapes = shapes(base, matrices, file.scale().rank());
            Map<String, Supplier<float[]>> numbers = new HashMap<>();
            file.factors().forEach((matrix, factors) -> {
                numbers.put(name(matrix, 'A'), factors::a);
                numbers.put(name(matrix, 'B'), factors::b);
            });
            ParameterVector row = ParameterVector.of(
                    shapes,
                    placement,
                    (name, shape) -> WeightSource.of(
                            Objects.requireNonNull(numbers.get(name), name).get()));
            return new TrainableAdapter(base, file.scale(), new TreeSet<>(matrices), row);
        }
    }

    /** Tells whether it has the requested shape. */
    boolean fits(LoraShape asked) {
        return lora.equals(LoraScale.of(asked)) && matrices.equals(LoraMatrix.of(base, asked));
    }

    private static Map<String, long[]> shapes(BaseModel base, Set<LoraMatrix> matrices, int rank) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (LoraMatrix matrix : matrices) {
            int rows = base.rows(matrix.target());
            int columns = base.columns(matrix.target());
            shapes.put(name(matrix, 'A'), new long[] {rank, columns});
            shapes.put(name(matrix, 'B'), new long[] {rows, rank});
        }
        return shapes;
    }

    private static String name(LoraMatrix matrix, char factor) {
        return TransformerLayer.prefix(matrix.layer()) + matrix.target().path() + "." + factor;
    }

    /**
     * Returns its change of a matrix.
     *
     * @param share the scale of the whole adapter
     */
    Optional<LoraUpdate> updateFor(int layer, LoraTarget target, double share) {
        LoraMatrix matrix = new LoraMatrix(layer, target);
        if (!matrices.contains(matrix)) {
            return Optional.empty();
        }
        double scale = lora.alpha() / (double) lora.rank() * share;
        return Optional.of(new LoraUpdate(row.get(name(matrix, 'A')), row.get(name(matrix, 'B')), scale));
    }

    /** Writes a PEFT folder, in 32 bits. */
    void write(Path folder) throws IOException {
        Map<LoraMatrix, LoraFactors> factors = new TreeMap<>();
        for (LoraMatrix matrix : matrices) {
            factors.put(matrix, LoraFactors.of(row.values(name(matrix, 'A')), row.values(name(matrix, 'B'))));
        }
        LoraAdapter.of(base, lora, factors).writePeft(folder, TensorType.F32);
    }

    @Override
    public void close() {
        row.close();
    }
}
