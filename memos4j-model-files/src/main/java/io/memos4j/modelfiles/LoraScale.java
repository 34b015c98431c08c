package io.memos4j.modelfiles;

import io.memos4j.api.adapters.LoraShape;

/**
 * How much an adapter adds.
 *
 * @param rank rows of A and columns of B, the same in all matrices
 * @param alpha divided by the rank it is what B · A is multiplied with
 */
public record LoraScale(int rank, float alpha) {
    /** That of a size. */
    public static LoraScale of(LoraShape lora) {
        return new LoraScale(lora.rank(), (float) lora.alpha());
    }

    /** What B · A is multiplied with. */
    public float factor() {
        return alpha / rank;
    }
}
