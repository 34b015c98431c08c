package io.memos4j.modelfiles;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The numbers of a tensor one after the other, each asked for once, so that a large tensor is never in memory. */
@FunctionalInterface
public interface WeightSource {
    /** Where numbers lie that are read in blocks. */
    @FunctionalInterface
    interface BlockReader {
        /** Fills an array with the numbers from the index {@code from} on. */
        void read(long from, float[] into);
    }

    /** The next number. */
    float next();

    /** So many numbers of a place, read in blocks as they are asked for. */
    static WeightSource inBlocks(long count, BlockReader place) {
        return new BlockWeights(count, place);
    }

    /** The numbers of an array, which must not change until they are written. */
    static WeightSource of(float[] values) {
        return new WeightSource() {
            private int next;

            @Override
            public float next() {
                return values[next++];
            }
        };
    }

    /** The numbers of an array that is made when the first of them is asked for, and let go after the last. */
    static WeightSource later(Supplier<float[]> values) {
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
