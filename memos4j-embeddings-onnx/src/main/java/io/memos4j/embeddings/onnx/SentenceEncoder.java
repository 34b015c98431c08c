package io.memos4j.embeddings.onnx;

import ai.onnxruntime.OnnxTensor;
import io.memos4j.embeddings.onnx.OnnxModel.Pooling;
import java.nio.FloatBuffer;

/** Encodes one window of tokens at a time as a vector. Thread-safe. */
final class SentenceEncoder implements AutoCloseable {
    private final OnnxTransformer model;
    private final Pooling pooling;
    private final String output;
    private final int dimension;

    SentenceEncoder(byte[] weights, Pooling pooling, String name) {
        this.pooling = pooling;
        this.model = new OnnxTransformer(
                (environment, options) -> environment.createSession(weights, options), name, InferenceTask.EMBEDDING);
        this.output = model.output("sentence_embedding");
        long[] shape = model.outputInfo(output).getShape();
        this.dimension = shape.length == 0 ? 0 : (int) shape[shape.length - 1];
        if (dimension < 1) {
            throw model.refused("it has no fixed size of vectors in output " + output);
        }
    }

    int dimension() {
        return dimension;
    }

    /** Returns the pooled vector of a window, not normalized. */
    float[] run(long[] tokens) {
        return model.run(tokens, new long[tokens.length], output, this::pooled);
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
        model.close();
    }
}
