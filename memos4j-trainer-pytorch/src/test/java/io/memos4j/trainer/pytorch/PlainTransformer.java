package io.memos4j.trainer.pytorch;

import io.memos4j.api.adapters.LoraTarget;
import io.memos4j.modelfiles.SafetensorsFile;
import java.nio.file.Path;
import java.util.Arrays;

/** The models once more, in double precision and as plain as possible, for comparison with the fast ones. */
final class PlainTransformer {
    private final TransformerConfig config;
    private final SafetensorsFile weights;

    PlainTransformer(Path folder) {
        this.config = TransformerConfig.read(folder);
        this.weights = SafetensorsFile.open(folder.resolve(ModelFolder.WEIGHTS));
    }

    /** Returns the logits after each token. */
    double[][] logits(int[] tokens) {
        float[] embeddings = weights.floats(TorchTransformer.EMBEDDINGS);
        double[][] hidden = new double[tokens.length][config.base().width()];
        for (int t = 0; t < tokens.length; t++) {
            for (int i = 0; i < config.base().width(); i++) {
                hidden[t][i] = embeddings[tokens[t] * config.base().width() + i];
            }
        }
        for (int i = 0; i < config.base().layers(); i++) {
            layer(TransformerLayer.prefix(i), hidden);
        }
        float[] head = weights.floats(TorchTransformer.HEAD);
        float[] norm = weights.floats(TorchTransformer.LAST_NORM);
        return Arrays.stream(hidden)
                .map(row -> times(head, norm(row, 0, row.length, norm)))
                .toArray(double[][]::new);
    }

    private void layer(String prefix, double[][] hidden) {
        float[] first = weights.floats(prefix + "input_layernorm.weight");
        double[][] attended = attention(
                prefix,
                Arrays.stream(hidden)
                        .map(row -> norm(row, 0, row.length, first))
                        .toArray(double[][]::new));
        float[] second = weights.floats(prefix + "post_attention_layernorm.weight");
        for (int t = 0; t < hidden.length; t++) {
            add(hidden[t], attended[t]);
            double[] input = norm(hidden[t], 0, hidden[t].length, second);
            double[] gate = project(prefix, LoraTarget.GATE, input);
            double[] up = project(prefix, LoraTarget.UP, input);
            for (int i = 0; i < gate.length; i++) {
                gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
            }
            add(hidden[t], project(prefix, LoraTarget.DOWN, gate));
        }
    }

    private double[][] attention(String prefix, double[][] inputs) {
        int width = config.base().headWidth();
        double[][] queries = new double[inputs.length][];
        double[][] keys = new double[inputs.length][];
        double[][] values = new double[inputs.length][];
        for (int t = 0; t < inputs.length; t++) {
            queries[t] = turned(prefix + "self_attn.q_norm.weight", project(prefix, LoraTarget.QUERY, inputs[t]), t);
            keys[t] = turned(prefix + "self_attn.k_norm.weight", project(prefix, LoraTarget.KEY, inputs[t]), t);
            values[t] = project(prefix, LoraTarget.VALUE, inputs[t]);
        }
        double[][] outputs = new double[inputs.length][];
        for (int t = 0; t < inputs.length; t++) {
            double[] mixed = new double[config.base().heads() * config.base().headWidth()];
            for (int head = 0; head < config.base().heads(); head++) {
                int shared = head / (config.base().heads() / config.base().cacheHeads()) * width;
                double[] shares = new double[t + 1];
                double sum = 0;
                for (int s = 0; s <= t; s++) {
                    double score = 0;
                    for (int i = 0; i < width; i++) {
                        score += queries[t][head * width + i] * keys[s][shared + i];
                    }
                    shares[s] = Math.exp(score / Math.sqrt(width));
                    sum += shares[s];
                }
                for (int s = 0; s <= t; s++) {
                    for (int i = 0; i < width; i++) {
                        mixed[head * width + i] += shares[s] / sum * values[s][shared + i];
                    }
                }
            }
            outputs[t] = project(prefix, LoraTarget.OUTPUT, mixed);
        }
        return outputs;
    }

    /** Normalizes each head, if the family does that, and rotates it by its position. */
    private double[] turned(String norm, double[] heads, int position) {
        int width = config.base().headWidth();
        double[] turned = new double[heads.length];
        for (int from = 0; from < heads.length; from += width) {
            double[] head = weights.tensor(norm).isPresent()
                    ? norm(heads, from, width, weights.floats(norm))
                    : Arrays.copyOfRange(heads, from, from + width);
            for (int i = 0; i < width / 2; i++) {
                double angle = position * Math.pow(10_000, -2.0 * i / width);
                turned[from + i] = head[i] * Math.cos(angle) - head[i + width / 2] * Math.sin(angle);
                turned[from + i + width / 2] = head[i + width / 2] * Math.cos(angle) + head[i] * Math.sin(angle);
            }
        }
        return turned;
    }

    private double[] project(String prefix, LoraTarget target, double[] input) {
        double[] output = times(weights.floats(prefix + target.path() + ".weight"), input);
        String bias = prefix + target.path() + ".bias";
        if (weights.tensor(bias).isPresent()) {
            float[] values = weights.floats(bias);
            for (int i = 0; i < output.length; i++) {
                output[i] += values[i];
            }
        }
        return output;
    }

    private double[] norm(double[] row, int from, int length, float[] weight) {
        double squares = 0;
        for (int i = 0; i < length; i++) {
            squares += row[from + i] * row[from + i];
        }
        double root = Math.sqrt(squares / length + config.epsilon());
        double[] normed = new double[length];
        Arrays.setAll(normed, i -> row[from + i] / root * weight[i]);
        return normed;
    }

    private static double[] times(float[] matrix, double[] vector) {
        double[] product = new double[matrix.length / vector.length];
        for (int i = 0; i < product.length; i++) {
            for (int j = 0; j < vector.length; j++) {
                product[i] += matrix[i * vector.length + j] * vector[j];
            }
        }
        return product;
    }

    private static void add(double[] to, double[] what) {
        for (int i = 0; i < to.length; i++) {
            to[i] += what[i];
        }
    }
}
