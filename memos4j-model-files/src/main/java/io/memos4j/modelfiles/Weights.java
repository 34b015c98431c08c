package io.memos4j.modelfiles;

/** The numbers of a tensor one after the other, each asked for once, so that a large tensor is never in memory. */
@FunctionalInterface
public interface Weights {
    /** The next number. */
    float next();

    /** The numbers of an array, which must not change until they are written. */
    static Weights of(float[] values) {
        return new Weights() {
            private int next;

            @Override
            public float next() {
                return values[next++];
            }
        };
    }
}
