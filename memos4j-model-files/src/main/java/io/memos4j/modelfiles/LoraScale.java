package io.memos4j.modelfiles;

/**
 * How much an adapter adds.
 *
 * @param rank rows of A and columns of B, the same in all matrices
 * @param alpha divided by the rank it is what B · A is multiplied with
 */
public record LoraScale(int rank, float alpha) {
    /** What B · A is multiplied with. */
    public float factor() {
        return alpha / rank;
    }
}
