package io.memos4j.bench.performance;

import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.modelfiles.LoraFactors;
import io.memos4j.modelfiles.LoraMatrix;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Interpolates between the weights of two adapters of the same shape. */
final class AdapterInterpolation {
    private AdapterInterpolation() {}

    /**
     * Returns the adapter between two others.
     *
     * @param share the weight of the latter, 0 to 1
     */
    static LoraAdapter of(LoraAdapter former, LoraAdapter latter, double share) {
        SortedMap<LoraMatrix, LoraFactors> factors = new TreeMap<>();
        for (Map.Entry<LoraMatrix, LoraFactors> each : former.factors().entrySet()) {
            LoraFactors other = latter.factors().get(each.getKey());
            if (other == null) {
                throw new IllegalArgumentException("The adapters have different targets: " + each.getKey());
            }
            factors.put(
                    each.getKey(),
                    LoraFactors.of(
                            between(each.getValue().a(), other.a(), share),
                            between(each.getValue().b(), other.b(), share)));
        }
        return LoraAdapter.of(former.base(), former.scale(), factors);
    }

    private static float[] between(float[] former, float[] latter, double share) {
        float[] between = new float[former.length];
        for (int i = 0; i < between.length; i++) {
            between[i] = (float) ((1 - share) * former[i] + share * latter[i]);
        }
        return between;
    }
}
