package io.memos4j.modelfiles;

import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.LoraShape;
import io.memos4j.api.adapters.LoraTarget;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A matrix of a model that an adapter changes.
 *
 * @param layer from 0
 */
public record LoraMatrix(int layer, LoraTarget target) implements Comparable<LoraMatrix> {
    /**
     * Lists all matrices that an adapter of a shape changes; refuses a rank that is larger than a dimension of one of
     * them.
     */
    public static SortedSet<LoraMatrix> of(BaseModel base, LoraShape lora) {
        SortedSet<LoraMatrix> matrices = new TreeSet<>();
        for (LoraTarget target : EnumSet.copyOf(lora.targets())) {
            int rows = base.rows(target);
            int columns = base.columns(target);
            if (lora.rank() > Math.min(rows, columns)) {
                throw MemoryException.invalid("The rank " + lora.rank() + " is larger than a side of "
                        + target.path() + " (" + rows + " × " + columns
                        + "). Choose a smaller rank or leave it out.");
            }
            for (int layer = 0; layer < base.layers(); layer++) {
                matrices.add(new LoraMatrix(layer, target));
            }
        }
        return matrices;
    }

    @Override
    public int compareTo(LoraMatrix other) {
        return Comparator.comparingInt(LoraMatrix::layer)
                .thenComparing(LoraMatrix::target)
                .compare(this, other);
    }
}
