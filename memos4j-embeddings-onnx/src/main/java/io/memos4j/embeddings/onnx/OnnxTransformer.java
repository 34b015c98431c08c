package io.memos4j.embeddings.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A model in ONNX Runtime that processes one sequence of tokens at a time. Thread-safe.
 *
 * <p>Sequences are never batched: a quantized model scales activations by the range of the whole batch, so the result
 * of a text would depend on its neighbors.
 */
final class OnnxTransformer implements AutoCloseable {
    /** Creates a session from bytes or from a file. */
    @FunctionalInterface
    interface SessionLoader {
        OrtSession load(OrtEnvironment environment, OrtSession.SessionOptions options) throws OrtException;
    }

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final String name;
    private final InferenceTask task;

    /**
     * Loads a model.
     *
     * @param name the file, for messages
     */
    OnnxTransformer(SessionLoader weights, String name, InferenceTask task) {
        this.name = name;
        this.task = task;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(task.threads());
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            options.setInterOpNumThreads(1);
            options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setMemoryPatternOptimization(false);
            this.session = weights.load(environment, options);
        } catch (OrtException e) {
            throw new MemoryException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Cannot load model " + name + ": " + e.getMessage() + ". It must be " + task.expectedModel() + ".",
                    e);
        }
    }

    /** Creates the failure for a model that can be loaded but does not fit the task. */
    MemoryException refused(String why) {
        return new MemoryException(
                ErrorCode.INVALID_CONFIGURATION,
                "Cannot use model " + name + ": " + why + ". It must be " + task.expectedModel() + ".");
    }

    /** Creates the failure for a run. */
    MemoryException failed(String why) {
        return new MemoryException(task.failureCode(), "The " + task.modelNoun() + " failed: " + why);
    }

    Set<String> inputs() {
        return session.getInputNames();
    }

    /** Returns {@code preferred} if there is an output of that name, else the first output. */
    String output(String preferred) {
        Set<String> outputs = session.getOutputNames();
        return outputs.contains(preferred) ? preferred : outputs.iterator().next();
    }

    /** The type and shape of an output; variable sizes are -1. */
    TensorInfo outputInfo(String output) {
        try {
            NodeInfo node = session.getOutputInfo().get(output);
            if (node != null && node.getInfo() instanceof TensorInfo tensor) {
                return tensor;
            }
            throw refused("its output " + output + " is not a tensor");
        } catch (OrtException e) {
            throw refused("it does not tell its outputs, " + e.getMessage());
        }
    }

    /**
     * Runs the model on one sequence.
     *
     * @param types of the tokens, for models with that input
     * @param read extracts the result from the output, which is freed afterwards
     */
    <T> T run(long[] tokens, long[] types, String output, Function<OnnxTensor, T> read) {
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
                                    case "token_type_ids" -> types;
                                    default -> new long[tokens.length];
                                }));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                return read.apply((OnnxTensor) result.get(output).orElseThrow());
            }
        } catch (OrtException e) {
            throw new MemoryException(task.failureCode(), "The " + task.modelNoun() + " failed: " + e.getMessage(), e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(long[] values) throws OrtException {
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), new long[] {1, values.length});
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new MemoryException(
                    task.failureCode(), "The " + task.modelNoun() + " did not close: " + e.getMessage(), e);
        }
    }
}
