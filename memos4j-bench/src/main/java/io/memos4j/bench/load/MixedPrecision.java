package io.memos4j.bench.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/**
 * Rounds F16 keys and values, with more bits for important tokens than for the rest in the spirit of MiKV (arXiv 2402.18096), and counts
 * the bits that this would take.
 *
 * <p>llama.cpp tells no attention weights, so importance is guessed for each layer: the first tokens, the last ones, and those whose keys
 * are least like the mean of all keys (KeyDiff, arXiv 2504.15364). Groups of {@value #GROUP} numbers share their least number and a step,
 * F16 each. Groups lie along a token; those of keys with few bits lie along a channel (KIVI, arXiv 2402.02750). Not thread-safe.
 */
final class MixedPrecision implements F16State.Change {
    private static final int GROUP = 64;
    private static final int FIRST = 8;
    private static final int LAST = 32;

    /**
     * How to round.
     *
     * @param share of the tokens that get many bits
     * @param many bits of their numbers
     * @param few bits of the other numbers
     * @param guess whether importance is guessed; otherwise it is drawn by lot
     */
    record Scheme(double share, int many, int few, boolean guess) {}

    private final Scheme scheme;
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(5);
    private final Map<Integer, BitSet> important = new HashMap<>();
    private long bits;

    MixedPrecision(Scheme scheme) {
        this.scheme = scheme;
    }

    /** Bytes that the numbers take. */
    long bytes() {
        return (bits + 7) / 8;
    }

    @Override
    public void apply(int layer, boolean keys, float[][] rows) {
        BitSet chosen = important.computeIfAbsent(layer, any -> chosen(rows));
        bits += rows.length;
        List<float[]> low = new ArrayList<>();
        for (int token = 0; token < rows.length; token++) {
            if (chosen.get(token)) {
                round(rows[token], scheme.many);
            } else {
                low.add(rows[token]);
            }
        }
        if (keys) {
            acrossTokens(low);
        } else {
            low.forEach(row -> round(row, scheme.few));
        }
    }

    private BitSet chosen(float[][] keys) {
        double[] worth =
                scheme.guess ? worth(keys) : random.doubles(keys.length).toArray();
        BitSet chosen = new BitSet();
        IntStream.range(0, keys.length)
                .boxed()
                .sorted(Comparator.comparingDouble(token -> -worth[token]))
                .limit(Math.round(scheme.share * keys.length))
                .forEach(chosen::set);
        return chosen;
    }

    private static double[] worth(float[][] keys) {
        float[] mean = new float[keys[0].length];
        for (float[] key : keys) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += key[i] / keys.length;
            }
        }
        double[] worth = new double[keys.length];
        Arrays.setAll(worth, token -> {
            boolean edge = token < FIRST || token >= keys.length - LAST;
            return edge ? 2 : -product(keys[token], mean) / Math.sqrt(product(keys[token], keys[token]));
        });
        return worth;
    }

    private static double product(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }

    private void acrossTokens(List<float[]> rows) {
        for (int from = 0; from < rows.size(); from += GROUP) {
            List<float[]> part = rows.subList(from, Math.min(from + GROUP, rows.size()));
            float[] group = new float[part.size()];
            for (int channel = 0; channel < part.getFirst().length; channel++) {
                for (int i = 0; i < group.length; i++) {
                    group[i] = part.get(i)[channel];
                }
                round(group, scheme.few);
                for (int i = 0; i < group.length; i++) {
                    part.get(i)[channel] = group[i];
                }
            }
        }
    }

    private void round(float[] numbers, int width) {
        for (int from = 0; from < numbers.length; from += GROUP) {
            round(numbers, from, Math.min(from + GROUP, numbers.length), width);
        }
    }

    private void round(float[] numbers, int from, int to, int width) {
        float least = numbers[from];
        float most = numbers[from];
        for (int i = from; i < to; i++) {
            least = Math.min(least, numbers[i]);
            most = Math.max(most, numbers[i]);
        }
        int steps = (1 << width) - 1;
        float base = half(least);
        float step = half((most - base) / steps);
        for (int i = from; i < to; i++) {
            int code = step == 0 ? 0 : Math.clamp(Math.round((numbers[i] - base) / step), 0, steps);
            numbers[i] = base + code * step;
        }
        bits += (long) width * (to - from) + 2 * Short.SIZE;
    }

    private static float half(float number) {
        return Float.float16ToFloat(Float.floatToFloat16(number));
    }
}
