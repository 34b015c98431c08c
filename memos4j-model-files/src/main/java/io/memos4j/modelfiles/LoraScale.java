package io.memos4j.modelfiles;

import io.memos4j.api.adapters.LoraShape;

/**
 * The scale of an adapter's change.
 *
 * @param rank rows of A and columns of B, the same in all matrices
 * @param alpha divided by the rank, the factor of B · A
 */
public record LoraScale(int rank, float alpha) {
    /** The scale of a shape. */
    public static LoraScale of(LoraShape lora) {
        return new LoraScale(lora.rank(), (float) lora.alpha());
    }

    /** The factor of B · A. */
    public float factor() {
        return alpha / rank;
    }
}
