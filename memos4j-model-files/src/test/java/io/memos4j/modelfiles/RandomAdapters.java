package io.memos4j.modelfiles;

import io.memos4j.api.adapters.LoraTarget;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Adapters and models with random numbers from a seed. */
final class RandomAdapters {
    static final BaseModel LLAMA = new BaseModel("llama", 2, 32, 4, 2, 8, 48);
    static final BaseModel QWEN = new BaseModel("qwen2", 2, 32, 4, 2, 8, 48);

    private RandomAdapters() {}

    /** Creates an adapter of all matrices. */
    static LoraAdapter random(BaseModel base, long seed) {
        Random random = new Random(seed);
        int rank = 4;
        Map<LoraMatrix, LoraFactors> factors = new TreeMap<>();
        for (int layer = 0; layer < base.layers(); layer++) {
            for (LoraTarget target : LoraTarget.values()) {
                factors.put(
                        new LoraMatrix(layer, target),
                        LoraFactors.of(
                                floats(random, rank * base.columns(target)), floats(random, rank * base.rows(target))));
            }
        }
        return LoraAdapter.of(base, new LoraScale(rank, 8), factors);
    }

    static float[] floats(Random random, int count) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = (float) random.nextGaussian();
        }
        return floats;
    }
}
