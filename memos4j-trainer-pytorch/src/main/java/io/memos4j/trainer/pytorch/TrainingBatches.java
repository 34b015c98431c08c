package io.memos4j.trainer.pytorch;

import io.memos4j.api.MemoryException;
import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The examples in training order: each once, shuffled, then each once again. The order follows from the seed and the
 * position alone, so that a resumed training need not store it.
 */
final class TrainingBatches {
    /**
     * Examples that are computed together, shorter ones padded at the end: no token sees those after it.
     *
     * @param ids token ids, {@code rows} × {@code length}
     * @param rows number of examples
     * @param length of the longest
     * @param places the tokens, counted through all rows, after which one is taught
     * @param targets the taught tokens
     */
    record Batch(long[] ids, int rows, int length, long[] places, long[] targets) {}

    private final List<TrainingExample> examples;
    private final TrainingPlan plan;
    private final int batch;
    private long epoch = -1;
    private int[] order = {};

    TrainingBatches(List<TrainingExample> examples, TrainingPlan plan) {
        this.examples = examples;
        this.plan = plan;
        this.batch = Math.min(plan.batch(), examples.size());
    }

    /** Refuses examples that a model cannot process. */
    static void check(List<TrainingExample> examples, TransformerConfig config) {
        for (int i = 0; i < examples.size(); i++) {
            int[] tokens = examples.get(i).tokens();
            if (tokens.length > config.context()) {
                throw MemoryException.invalid("Example " + i + " has " + tokens.length
                        + " tokens, the base reads at most " + config.context() + ". Cut it.");
            }
            for (int token : tokens) {
                if (token < 0 || token >= config.vocabulary()) {
                    throw MemoryException.invalid("Example " + i + " has the token " + token + ", the base knows 0 to "
                            + (config.vocabulary() - 1) + ". Use the tokenizer of the base.");
                }
            }
        }
    }

    /** Returns the batches of a step, counted from 1. */
    List<Batch> step(int step) {
        List<Batch> batches = new ArrayList<>();
        long at = (step - 1L) * plan.accumulation() * batch;
        for (int i = 0; i < plan.accumulation(); i++) {
            List<TrainingExample> chosen = new ArrayList<>();
            for (int j = 0; j < batch; j++) {
                chosen.add(example(at++));
            }
            batches.add(batch(chosen));
        }
        return batches;
    }

    private TrainingExample example(long place) {
        if (place / examples.size() != epoch) {
            epoch = place / examples.size();
            order = shuffled(new SplittableRandom(plan.seed() * 0x9E3779B97F4A7C15L + epoch));
        }
        return examples.get(order[(int) (place % examples.size())]);
    }

    private int[] shuffled(SplittableRandom random) {
        int[] shuffled = new int[examples.size()];
        for (int i = 0; i < shuffled.length; i++) {
            int other = random.nextInt(i + 1);
            shuffled[i] = shuffled[other];
            shuffled[other] = i;
        }
        return shuffled;
    }

    static Batch batch(List<TrainingExample> examples) {
        int length = examples.stream().mapToInt(TrainingExample::length).max().orElse(0);
        int taught = examples.stream().mapToInt(TrainingExample::taughtTokens).sum();
        long[] ids = new long[Math.multiplyExact(examples.size(), length)];
        long[] places = new long[taught];
        long[] targets = new long[taught];
        int next = 0;
        for (int row = 0; row < examples.size(); row++) {
            int[] tokens = examples.get(row).tokens();
            boolean[] marks = examples.get(row).taught();
            for (int i = 0; i < tokens.length; i++) {
                int at = row * length + i;
                ids[at] = tokens[i];
                if (marks[i]) {
                    places[next] = at - 1;
                    targets[next++] = tokens[i];
                }
            }
        }
        return new Batch(ids, examples.size(), length, places, targets);
    }
}
