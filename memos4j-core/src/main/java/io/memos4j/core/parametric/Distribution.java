package io.memos4j.core.parametric;

/** What a model holds the next token to be, as natural logarithms of probabilities. */
record Distribution(double[] logs) {
    /** Of logits. */
    static Distribution of(float[] logits) {
        double highest = Double.NEGATIVE_INFINITY;
        for (float each : logits) {
            highest = Math.max(highest, each);
        }
        double sum = 0;
        for (float each : logits) {
            sum += Math.exp(each - highest);
        }
        double shift = highest + Math.log(sum);
        double[] logs = new double[logits.length];
        for (int i = 0; i < logs.length; i++) {
            logs[i] = logits[i] - shift;
        }
        return new Distribution(logs);
    }

    /** Of one token. */
    double log(int token) {
        return logs[token];
    }

    /** Kullback-Leibler divergence of another one from this, in nats. */
    double divergence(Distribution other) {
        double sum = 0;
        for (int i = 0; i < logs.length; i++) {
            double probability = Math.exp(logs[i]);
            if (probability > 0) {
                sum += probability * (logs[i] - other.logs[i]);
            }
        }
        return Math.max(0, sum);
    }
}
