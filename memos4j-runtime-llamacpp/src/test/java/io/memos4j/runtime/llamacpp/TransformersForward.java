package io.memos4j.runtime.llamacpp;

import io.memos4j.api.adapters.LoraTarget;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.modelfiles.LoraMatrix;
import io.memos4j.modelfiles.SafetensorsFile;
import java.nio.file.Path;

/**
 * Computes the logits of a Transformers folder as {@code modeling_llama.py} and {@code modeling_qwen2.py} do, in double
 * precision: the rotary embedding rotates number j of a head with number j + half. Written for clarity, for a few
 * tokens.
 */
final class TransformersForward {
    private static final double EPSILON = 1e-5;
    private static final double THETA = 10_000;

    private final BaseModel base;
    private final SafetensorsFile tensors;
    private final LoraAdapter adapter;

    private TransformersForward(BaseModel base, SafetensorsFile tensors, LoraAdapter adapter) {
        this.base = base;
        this.tensors = tensors;
        this.adapter = adapter;
    }

    /** Returns the logits after the last token, with an adapter at scale 1. */
    static double[] logits(Path folder, LoraAdapter adapter, int[] tokens) {
        try (SafetensorsFile tensors = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
            return new TransformersForward(adapter.base(), tensors, adapter).logits(tokens);
        }
    }

    private double[] logits(int[] tokens) {
        float[] embedding = tensors.floats("model.embed_tokens.weight");
        double[][] states = new double[tokens.length][base.width()];
        for (int i = 0; i < tokens.length; i++) {
            for (int j = 0; j < base.width(); j++) {
                states[i][j] = embedding[tokens[i] * base.width() + j];
            }
        }
        for (int layer = 0; layer < base.layers(); layer++) {
            String prefix = "model.layers." + layer + ".";
            add(states, attention(layer, norm(states, prefix + "input_layernorm.weight")));
            add(states, feedForward(layer, norm(states, prefix + "post_attention_layernorm.weight")));
        }
        double[] last = norm(states, "model.norm.weight")[tokens.length - 1];
        return product(tensors.floats("lm_head.weight"), last);
    }

    private double[][] attention(int layer, double[][] states) {
        double[][] queries = project(layer, LoraTarget.QUERY, states);
        double[][] keys = project(layer, LoraTarget.KEY, states);
        double[][] values = project(layer, LoraTarget.VALUE, states);
        for (int i = 0; i < states.length; i++) {
            rotate(queries[i], i);
            rotate(keys[i], i);
        }
        double[][] results = new double[states.length][base.heads() * base.headWidth()];
        for (int head = 0; head < base.heads(); head++) {
            int from = head * base.headWidth();
            int cached = head / (base.heads() / base.cacheHeads()) * base.headWidth();
            for (int i = 0; i < states.length; i++) {
                double[] scores = new double[i + 1];
                double sum = 0;
                for (int k = 0; k <= i; k++) {
                    double score = 0;
                    for (int j = 0; j < base.headWidth(); j++) {
                        score += queries[i][from + j] * keys[k][cached + j];
                    }
                    scores[k] = Math.exp(score / Math.sqrt(base.headWidth()));
                    sum += scores[k];
                }
                for (int k = 0; k <= i; k++) {
                    for (int j = 0; j < base.headWidth(); j++) {
                        results[i][from + j] += scores[k] / sum * values[k][cached + j];
                    }
                }
            }
        }
        return project(layer, LoraTarget.OUTPUT, results);
    }

    private void rotate(double[] row, int position) {
        int half = base.headWidth() / 2;
        for (int from = 0; from < row.length; from += base.headWidth()) {
            for (int j = 0; j < half; j++) {
                double angle = position * Math.pow(THETA, -2.0 * j / base.headWidth());
                double first = row[from + j];
                double second = row[from + j + half];
                row[from + j] = first * Math.cos(angle) - second * Math.sin(angle);
                row[from + j + half] = second * Math.cos(angle) + first * Math.sin(angle);
            }
        }
    }

    private double[][] feedForward(int layer, double[][] states) {
        double[][] gates = project(layer, LoraTarget.GATE, states);
        double[][] ups = project(layer, LoraTarget.UP, states);
        for (int i = 0; i < gates.length; i++) {
            for (int j = 0; j < gates[i].length; j++) {
                gates[i][j] *= ups[i][j] / (1 + Math.exp(-gates[i][j]));
            }
        }
        return project(layer, LoraTarget.DOWN, gates);
    }

    private double[][] project(int layer, LoraTarget target, double[][] inputs) {
        String name = "model.layers." + layer + "." + target.path();
        float[] matrix = tensors.floats(name + ".weight");
        float[] added = adapter.computeDelta(new LoraMatrix(layer, target));
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] += added[i];
        }
        double[][] results = new double[inputs.length][];
        for (int i = 0; i < inputs.length; i++) {
            results[i] = product(matrix, inputs[i]);
            if (tensors.tensor(name + ".bias").isPresent()) {
                float[] bias = tensors.floats(name + ".bias");
                for (int j = 0; j < bias.length; j++) {
                    results[i][j] += bias[j];
                }
            }
        }
        return results;
    }

    private double[][] norm(double[][] states, String name) {
        float[] weights = tensors.floats(name);
        double[][] normed = new double[states.length][base.width()];
        for (int i = 0; i < states.length; i++) {
            double squares = 0;
            for (double state : states[i]) {
                squares += state * state;
            }
            double scale = 1 / Math.sqrt(squares / base.width() + EPSILON);
            for (int j = 0; j < base.width(); j++) {
                normed[i][j] = states[i][j] * scale * weights[j];
            }
        }
        return normed;
    }

    private static double[] product(float[] matrix, double[] input) {
        double[] result = new double[matrix.length / input.length];
        for (int i = 0; i < matrix.length; i++) {
            result[i / input.length] += matrix[i] * input[i % input.length];
        }
        return result;
    }

    private static void add(double[][] to, double[][] what) {
        for (int i = 0; i < to.length; i++) {
            for (int j = 0; j < to[i].length; j++) {
                to[i][j] += what[i][j];
            }
        }
    }
}
