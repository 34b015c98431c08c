package io.memos4j.embeddings.onnx;

import io.memos4j.spi.models.Embedder;
import io.memos4j.spi.models.EmbedderProvider;

/**
 * The default embedder: English and Chinese from the class path, each model loaded at its first text; see
 * {@link BundledEmbedder}.
 */
public final class BundledEmbedderProvider implements EmbedderProvider {
    @Override
    public String embedderId() {
        return BundledEmbedder.ID;
    }

    @Override
    public int dimension() {
        return BundledEmbedder.DIMENSION;
    }

    @Override
    public boolean covers(String text) {
        return BundledModel.of(text).isPresent();
    }

    @Override
    public Embedder open() {
        return new BundledEmbedder();
    }
}
