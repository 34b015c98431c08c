package io.memos4j.core.adapters;

/** The distribution of the next token, as natural logarithms of probabilities. */
record TokenDistribution(double[] logProbabilities) {
    /** Computes the log-softmax of logits. */
    static TokenDistribution ofLogits(float[] logits) {
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
        return new TokenDistribution(logs);
    }

    /** Returns the log probability of a token. */
    double logProbability(int token) {
        return logProbabilities[token];
    }

    /** Returns the Kullback-Leibler divergence of another distribution from this one, in nats. */
    double divergence(TokenDistribution other) {
        double sum = 0;
        for (int i = 0; i < logProbabilities.length; i++) {
            double probability = Math.exp(logProbabilities[i]);
            if (probability > 0) {
                sum += probability * (logProbabilities[i] - other.logProbabilities[i]);
            }
        }
        return Math.max(0, sum);
    }
}
