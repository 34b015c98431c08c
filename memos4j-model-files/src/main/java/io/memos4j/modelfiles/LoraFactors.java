package io.memos4j.modelfiles;

/** The two factors of what an adapter adds to a matrix, rows one after the other, in the order of Transformers. */
public interface LoraFactors {
    /** The inner factor: a row for each rank, as wide as what the matrix takes. */
    float[] a();

    /** The outer factor: a row for each number that the matrix gives, as wide as the rank. */
    float[] b();

    /** Factors in arrays, which are not copied. */
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
