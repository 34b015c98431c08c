package io.memos4j.bench.performance;

import io.memos4j.spi.models.Embedder;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Embeds texts into pseudo-random clustered vectors of the shape of a small sentence model. Deterministic by text. */
final class SyntheticEmbedder implements Embedder {
    private static final int DIMENSION = 384;
    private static final int CLUSTERS = 1_000;
    private static final double SPREAD = 0.7;

    @Override
    public String id() {
        return "synthetic-384";
    }

    @Override
    public int dimension() {
        return DIMENSION;
    }

    @Override
    public boolean covers(String text) {
        return true;
    }

    @Override
    public float[] embed(String text, Purpose purpose) {
        int hash = text.hashCode();
        RandomGenerator center = RandomGeneratorFactory.of("L64X128MixRandom").create(Math.floorMod(hash, CLUSTERS));
        RandomGenerator own = RandomGeneratorFactory.of("L64X128MixRandom").create(hash);
        float[] vector = new float[DIMENSION];
        double square = 0;
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) (center.nextGaussian() + SPREAD * own.nextGaussian());
            square += (double) vector[i] * vector[i];
        }
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] /= (float) Math.sqrt(square);
        }
        return vector;
    }

    @Override
    public int concurrency() {
        return 2;
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
