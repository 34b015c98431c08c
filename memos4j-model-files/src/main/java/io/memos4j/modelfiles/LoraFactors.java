package io.memos4j.modelfiles;

/** The two factors of an adapter's change of a matrix, row by row, in the order of Transformers. */
public interface LoraFactors {
    /** The inner factor A: a row per rank, as wide as the inputs of the matrix. */
    float[] a();

    /** The outer factor B: a row per output of the matrix, as wide as the rank. */
    float[] b();

    /** Creates factors from arrays, which are not copied. */
    static LoraFactors of(float[] a, float[] b) {
        return new LoraFactors() {
            @Override
            public float[] a() {
                return a;
            }

            @Override
            public float[] b() {
                return b;
            }
        };
    }
}
