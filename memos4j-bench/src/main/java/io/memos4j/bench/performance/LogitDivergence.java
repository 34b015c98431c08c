package io.memos4j.bench.performance;

import java.util.Arrays;
import java.util.Locale;

/** Collects the divergence of next-token distributions from the expected ones. Not thread-safe. */
final class LogitDivergence {
    private double sum;
    private double most;
    private int same;
    private int steps;

    /** Adds the logits of the steps after one prefix. */
    void add(float[][] expected, float[][] actual) {
        for (int i = 0; i < expected.length; i++) {
            double divergence = divergence(expected[i], actual[i]);
            sum += divergence;
            most = Math.max(most, divergence);
            same += greedy(expected[i]) == greedy(actual[i]) ? 1 : 0;
            steps++;
        }
    }

    /** Returns the mean divergence in millionths of a nat, with the share of equal greedy tokens and the maximum. */
    BenchmarkFigure figure(String what) {
        String line =
                String.format(Locale.ROOT, "%s: same %.1f %%, most %,.0f", what, 100.0 * same / steps, most * 1e6);
        return new BenchmarkFigure(line, sum / steps * 1e6, "µnat", "", true);
    }

    /** Returns the Kullback-Leibler divergence of the second distribution from the first, in nats. */
    private static double divergence(float[] expected, float[] actual) {
        double[] p = logProbabilities(expected);
        double[] q = logProbabilities(actual);
        double divergence = 0;
        for (int i = 0; i < p.length; i++) {
            divergence += Math.exp(p[i]) * (p[i] - q[i]);
        }
        return Math.max(divergence, 0);
    }

    private static double[] logProbabilities(float[] logits) {
        double most = logits[greedy(logits)];
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - most);
        }
        double log = most + Math.log(sum);
        double[] result = new double[logits.length];
        Arrays.setAll(result, i -> logits[i] - log);
        return result;
    }

    private static int greedy(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }
}
