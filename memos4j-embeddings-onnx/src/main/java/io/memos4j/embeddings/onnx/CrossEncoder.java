package io.memos4j.embeddings.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Set;

/**
 * Scores one pair at a time: the single logit of a regression, or the difference between "relevant" and "not relevant".
 * Thread-safe.
 */
final class CrossEncoder implements AutoCloseable {
    private static final Set<String> INPUTS = Set.of("input_ids", "attention_mask", "token_type_ids");
    private static final Set<OnnxJavaType> NUMBERS =
            Set.of(OnnxJavaType.FLOAT, OnnxJavaType.FLOAT16, OnnxJavaType.BFLOAT16);

    private final OnnxTransformer model;
    private final String output;

    CrossEncoder(Path file) {
        this.model = new OnnxTransformer(
                (environment, options) -> environment.createSession(file.toString(), options),
                file.toString(),
                InferenceTask.RERANKING);
        this.output = model.output("logits");
        try {
            check();
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private void check() {
        Set<String> inputs = model.inputs();
        if (!INPUTS.containsAll(inputs) || !inputs.contains("input_ids")) {
            throw model.refused("its inputs are " + String.join(", ", inputs));
        }
        TensorInfo info = model.outputInfo(output);
        long[] shape = info.getShape();
        boolean logits = shape.length == 1 || (shape.length == 2 && shape[1] <= 2 && shape[1] != 0);
        if (!logits || !NUMBERS.contains(info.type)) {
            throw model.refused("its output " + output + " is " + info);
        }
    }

    /** Scores a pair; the result is finite. */
    double score(PairTokenizer.Pair pair) {
        return model.run(pair.tokens(), pair.types(), output, this::score);
    }

    private double score(OnnxTensor tensor) {
        FloatBuffer logits = tensor.getFloatBuffer();
        double score = switch (logits.remaining()) {
            case 1 -> logits.get(0);
            case 2 -> (double) logits.get(1) - logits.get(0);
            default -> throw model.failed("it gave " + logits.remaining() + " logits for a pair.");
        };
        if (!Double.isFinite(score)) {
            throw model.failed("it gave " + score + " for a pair.");
        }
        return score;
    }

    @Override
    public void close() {
        model.close();
    }
}
