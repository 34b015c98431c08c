package io.memos4j.embeddings.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.embeddings.onnx.OnnxModel.Pooling;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Runs a model on one window of tokens at a time. Thread-safe.
 *
 * <p>Windows are never batched: the bundled model quantises activations by the range found in the whole batch, so a text's vector would
 * depend on its neighbours. One thread a run, and several runs side by side, is also the fastest on CPUs.
 */
final class Inference implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final Pooling pooling;
    private final String output;
    private final int dimension;

    Inference(byte[] model, Pooling pooling, String name) {
        this.pooling = pooling;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setMemoryPatternOptimization(false);
            this.session = environment.createSession(model, options);
            this.output = session.getOutputInfo().containsKey("sentence_embedding")
                    ? "sentence_embedding"
                    : session.getOutputNames().iterator().next();
            long[] shape = ((TensorInfo)
                            Objects.requireNonNull(session.getOutputInfo().get(output))
                                    .getInfo())
                    .getShape();
            this.dimension = (int) shape[shape.length - 1];
        } catch (OrtException | ClassCastException e) {
            throw new MemoryException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Cannot load model " + name + ": " + e.getMessage()
                            + ". It must be an ONNX sentence embedding model.",
                    e);
        }
        if (dimension < 1) {
            throw new MemoryException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Model " + name + " has no fixed size of vectors in output " + output + ".");
        }
    }

    int dimension() {
        return dimension;
    }

    /** The pooled vector of a window, not normalised. */
    float[] run(long[] tokens) {
        long[] ones = new long[tokens.length];
        Arrays.fill(ones, 1);
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            for (String input : session.getInputNames()) {
                inputs.put(
                        input,
                        tensor(
                                switch (input) {
                                    case "input_ids" -> tokens;
                                    case "attention_mask" -> ones;
                                    default -> new long[tokens.length];
                                }));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                return pooled((OnnxTensor) result.get(output).orElseThrow());
            }
        } catch (OrtException e) {
            throw new MemoryException(ErrorCode.EMBEDDER_FAILED, "The embedding model failed: " + e.getMessage(), e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(long[] values) throws OrtException {
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), new long[] {1, values.length});
    }

    private float[] pooled(OnnxTensor tensor) {
        FloatBuffer values = tensor.getFloatBuffer();
        int tokens = values.remaining() / dimension;
        int counted = pooling == Pooling.MEAN ? tokens : 1;
        float[] vector = new float[dimension];
        for (int token = 0; token < counted; token++) {
            for (int i = 0; i < dimension; i++) {
                vector[i] += values.get(token * dimension + i) / counted;
            }
        }
        return vector;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new MemoryException(
                    ErrorCode.EMBEDDER_FAILED, "The embedding model did not close: " + e.getMessage(), e);
        }
    }
}
