package io.memos4j.modelfiles;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The numbers of a tensor in order, each requested once, so that a large tensor is never in memory. */
@FunctionalInterface
public interface WeightSource {
    /** A place from which numbers are read in blocks. */
    @FunctionalInterface
    interface BlockReader {
        /** Fills an array with the numbers from the index {@code from} on. */
        void read(long from, float[] into);
    }

    /** Returns the next number. */
    float next();

    /** Reads {@code count} numbers of a place in blocks, on demand. */
    static WeightSource inBlocks(long count, BlockReader place) {
        return new BlockWeights(count, place);
    }

    /** Returns the numbers of an array, which must not change until they are written. */
    static WeightSource of(float[] values) {
        return new WeightSource() {
            private int next;

            @Override
            public float next() {
                return values[next++];
            }
        };
    }

    /** Returns the numbers of an array that is created when the first is requested, and released after the last. */
    static WeightSource lazily(Supplier<float[]> values) {
        return new WeightSource() {
            private float @Nullable [] given;
            private int next;

            @Override
            public float next() {
                float[] made = given == null ? values.get() : given;
                float value = made[next++];
                given = next < made.length ? made : new float[0];
                return value;
            }
        };
    }
}
