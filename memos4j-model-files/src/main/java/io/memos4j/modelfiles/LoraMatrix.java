package io.memos4j.modelfiles;

import java.util.Comparator;

/**
 * A matrix of a model that an adapter changes.
 *
 * @param layer from 0
 */
public record LoraMatrix(int layer, Projection projection) implements Comparable<LoraMatrix> {
    @Override
    public int compareTo(LoraMatrix other) {
        return Comparator.comparingInt(LoraMatrix::layer)
                .thenComparing(LoraMatrix::projection)
                .compare(this, other);
    }
}
