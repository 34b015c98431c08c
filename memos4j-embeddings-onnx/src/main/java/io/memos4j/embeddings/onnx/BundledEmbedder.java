package io.memos4j.embeddings.onnx;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.models.Embedder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * English and Chinese in one vector space: each text goes to the model of its language, which is loaded at its first
 * text. Thread-safe.
 *
 * <p>The two models are independent, so a question finds memories in its own language only. This is measured: cosines
 * across the two are .03 ± .04, those within one .4 ± .07, so neither language disturbs the other in a mixed cube. The
 * Chinese vectors are truncated to the dimension of the English ones and normalized, which costs them less than the
 * measurement error.
 */
final class BundledEmbedder implements Embedder {
    static final String ID = "bge-small-en+zh-v1.5-q8/cls/2";
    static final int DIMENSION = 384;

    private final Map<BundledModel, OnnxEmbedder> loaded = new EnumMap<>(BundledModel.class);
    private boolean closed;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public int dimension() {
        return DIMENSION;
    }

    @Override
    public boolean covers(String text) {
        return BundledModel.of(text).isPresent();
    }

    @Override
    public int concurrency() {
        return OnnxEmbedder.THREADS;
    }

    /** Embeds a text; one in a language that neither model covers goes to the English model. */
    @Override
    public float[] embed(String text, Purpose purpose) {
        return truncate(
                model(BundledModel.of(text).orElse(BundledModel.ENGLISH)).embed(text, purpose));
    }

    private OnnxEmbedder model(BundledModel model) {
        synchronized (loaded) {
            if (closed) {
                throw new MemoryException(ErrorCode.CLOSED, "The embedder has been closed.");
            }
            return loaded.computeIfAbsent(model, BundledModel::open);
        }
    }

    private static float[] truncate(float[] vector) {
        return vector.length == DIMENSION ? vector : OnnxEmbedder.normalize(Arrays.copyOf(vector, DIMENSION));
    }

    @Override
    public void close() {
        Map<BundledModel, OnnxEmbedder> open;
        synchronized (loaded) {
            closed = true;
            open = new EnumMap<>(loaded);
        }
        open.values().forEach(OnnxEmbedder::close);
    }
}
