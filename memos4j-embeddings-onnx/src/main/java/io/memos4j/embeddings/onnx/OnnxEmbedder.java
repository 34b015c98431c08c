package io.memos4j.embeddings.onnx;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.nativecalls.NativeCallGuard;
import io.memos4j.spi.models.Embedder;
import java.io.ByteArrayInputStream;
import java.util.List;

/**
 * Embeds in process with ONNX Runtime. Thread-safe.
 *
 * <p>A text longer than the model's window becomes the mean of its windows' vectors, weighted by their length; the time
 * is proportional to the length. Closing waits for running calls, and so does the exit of the JVM.
 */
public final class OnnxEmbedder implements Embedder {
    /**
     * The number of threads that may usefully embed at once: those of the machine, up to 8, beyond which nothing is
     * gained beside an application.
     */
    static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8);

    private final String id;
    private final OnnxModel model;
    private final WindowTokenizer tokenizer;
    private final SentenceEncoder inference;
    private final NativeCallGuard guard;

    OnnxEmbedder(String id, OnnxModel model, byte[] weights, byte[] tokenizerJson) {
        this.id = id;
        this.model = model;
        this.tokenizer = new WindowTokenizer(
                new ByteArrayInputStream(tokenizerJson),
                model.maxTokens(),
                model.tokenizer().toString());
        this.inference =
                new SentenceEncoder(weights, model.pooling(), model.model().toString());
        this.guard = new NativeCallGuard(InferenceTask.EMBEDDING.actorName(), () -> {
            inference.close();
            tokenizer.close();
        });
    }

    /**
     * Loads a custom model. Its identity is the hash of the file and of the options that shape its vectors.
     *
     * @throws MemoryException with {@link ErrorCode#INVALID_CONFIGURATION} if a file is missing or invalid
     */
    public static OnnxEmbedder open(OnnxModel model) {
        byte[] weights = new OnnxModelFile(model.model(), "model").read();
        byte[] tokenizer = new OnnxModelFile(model.tokenizer(), "tokenizer").read();
        String id = model.model().getFileName() + "/" + OnnxModelFile.hash(weights) + "/"
                + OnnxModelFile.hash(model.pooling() + "\n" + model.queryPrefix() + "\n" + model.documentPrefix() + "\n"
                        + model.maxTokens() + "\n" + OnnxModelFile.hash(tokenizer));
        return new OnnxEmbedder(id, model, weights, tokenizer);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public int dimension() {
        return inference.dimension();
    }

    @Override
    public boolean covers(String text) {
        return model.coverage().covers(text);
    }

    @Override
    public int concurrency() {
        return THREADS;
    }

    @Override
    public float[] embed(String text, Purpose purpose) {
        if (text.isBlank()) {
            throw MemoryException.invalid("Blank text has no vector.");
        }
        return guard.call(() -> normalize(pooled(tokenizer.windows(model.prefix(purpose) + text))));
    }

    private float[] pooled(List<long[]> windows) {
        if (windows.size() == 1) {
            return inference.run(windows.getFirst());
        }
        float[] sum = new float[inference.dimension()];
        for (long[] window : windows) {
            float[] vector = normalize(inference.run(window));
            for (int i = 0; i < sum.length; i++) {
                sum[i] += vector[i] * window.length;
            }
        }
        return sum;
    }

    static float[] normalize(float[] vector) {
        double square = 0;
        for (float component : vector) {
            square += (double) component * component;
        }
        if (square == 0 || !Double.isFinite(square)) {
            throw new MemoryException(
                    ErrorCode.EMBEDDER_FAILED, "The embedding model returned a vector without direction.");
        }
        float scale = (float) (1 / Math.sqrt(square));
        for (int i = 0; i < vector.length; i++) {
            vector[i] *= scale;
        }
        return vector;
    }

    @Override
    public void close() {
        guard.close();
    }
}
