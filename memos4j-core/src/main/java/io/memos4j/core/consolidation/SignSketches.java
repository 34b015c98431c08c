package io.memos4j.core.consolidation;

import io.memos4j.api.ItemId;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.index.ChangeBatch;
import io.memos4j.spi.index.IndexedItem;
import io.memos4j.spi.index.IndexedItem.IndexedPassage;
import io.memos4j.spi.vault.Vault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Sign sketches of the vectors of a cube, one bit per dimension, to preselect items that may be near a vector. For one
 * thread.
 *
 * <p>A bit tells on which side of the cube's mean vector a component lies; the share of bits in which two sketches
 * differ grows with the angle between the vectors, seen from that mean (Charikar, "Similarity Estimation Techniques
 * from Rounding Algorithms", 2002). Seen from the origin, all texts lie in one direction, and the bits would tell less.
 * A distance takes one operation per 64 dimensions. With 384 dimensions a passage needs about 60 bytes, for the
 * duration of one run.
 */
final class SignSketches {
    /** Items read from the vault at once; the first batch determines the mean. */
    private static final int BATCH = 1_000;

    private final List<ItemId> items = new ArrayList<>();
    private float[] mean = {};
    private long[] bits = {};
    private int[] distances = {};

    private SignSketches() {}

    /** Reads the sketches of a cube. */
    static SignSketches of(Vault vault, CubeKey cube) {
        SignSketches sketches = new SignSketches();
        long seq = 0;
        ChangeBatch batch;
        do {
            long from = seq;
            batch = vault.read(reader -> reader.changes(cube, from, BATCH));
            sketches.add(batch.upserts());
            seq = batch.seq();
        } while (batch.more());
        return sketches;
    }

    private void add(List<IndexedItem> indexed) {
        if (items.isEmpty()) {
            mean = mean(indexed.stream()
                    .flatMap(each -> each.passages().stream())
                    .flatMap(passage -> passage.vector().stream())
                    .toList());
        }
        for (IndexedItem each : indexed) {
            for (IndexedPassage passage : each.passages()) {
                passage.vector().ifPresent(vector -> add(each.item().id(), vector));
            }
        }
    }

    private void add(ItemId item, byte[] vector) {
        long[] sketch = sketch(vector);
        int at = items.size() * sketch.length;
        if (bits.length < at + sketch.length) {
            bits = Arrays.copyOf(bits, 2 * (at + sketch.length));
        }
        System.arraycopy(sketch, 0, bits, at, sketch.length);
        items.add(item);
    }

    private static float[] mean(List<byte[]> vectors) {
        float[] middle = new float[vectors.isEmpty() ? 0 : vectors.getFirst().length];
        for (byte[] vector : vectors) {
            float share = 1 / (length(vector) * vectors.size());
            for (int i = 0; i < middle.length; i++) {
                middle[i] += vector[i] * share;
            }
        }
        return middle;
    }

    private static float length(byte[] vector) {
        int square = 0;
        for (byte component : vector) {
            square += component * component;
        }
        return (float) Math.sqrt(square);
    }

    private long[] sketch(byte[] vector) {
        long[] sketch = new long[(vector.length + 63) / 64];
        float length = length(vector);
        for (int i = 0; i < mean.length; i++) {
            if (vector[i] > mean[i] * length) {
                sketch[i / 64] |= 1L << (i % 64);
            }
        }
        return sketch;
    }

    /** Returns the items of the {@code passages} passages that are likely nearest to a vector. */
    Set<ItemId> findNear(byte[] vector, int passages) {
        int[] at = measureDistances(sketch(vector));
        int distance = 0;
        int left = passages;
        while (distance < at.length && at[distance] <= left) {
            left -= at[distance];
            distance++;
        }
        Set<ItemId> near = new HashSet<>();
        for (int i = 0; i < items.size(); i++) {
            if (distances[i] < distance || (distances[i] == distance && left-- > 0)) {
                near.add(items.get(i));
            }
        }
        return near;
    }

    /** Measures the distance of each passage; returns how many passages there are at each distance. */
    private int[] measureDistances(long[] sketch) {
        distances = distances.length < items.size() ? new int[items.size()] : distances;
        int[] at = new int[64 * sketch.length + 1];
        for (int i = 0; i < items.size(); i++) {
            int distance = 0;
            for (int word = 0; word < sketch.length; word++) {
                distance += Long.bitCount(bits[i * sketch.length + word] ^ sketch[word]);
            }
            distances[i] = distance;
            at[distance]++;
        }
        return at;
    }
}
