package io.memos4j.core.search;

import io.memos4j.spi.index.Int8Vectors;
import java.util.List;

/** Moves a query's vector towards its best hits (Rocchio: "Relevance Feedback in Information Retrieval", 1971). */
final class RocchioFeedback {
    /** The weight of the hits' mean; alpha, the weight of the query, is 1. */
    private static final double BETA = 0.3;

    private RocchioFeedback() {}

    static byte[] move(byte[] query, List<byte[]> hits) {
        float[] moved = unit(query);
        for (byte[] vector : hits) {
            float[] unit = unit(vector);
            for (int i = 0; i < moved.length; i++) {
                moved[i] += (float) (BETA * unit[i] / hits.size());
            }
        }
        return Int8Vectors.encode(moved);
    }

    private static float[] unit(byte[] code) {
        double square = 0;
        for (byte component : code) {
            square += component * component;
        }
        float scale = (float) (1 / Math.sqrt(square));
        float[] unit = new float[code.length];
        for (int i = 0; i < code.length; i++) {
            unit[i] = code[i] * scale;
        }
        return unit;
    }
}
