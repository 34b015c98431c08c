package io.memos4j.embeddings.onnx;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.embeddings.onnx.OnnxModel.Pooling;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A model on the class path, with the query instruction that it was trained with (BAAI, model cards of bge-small v1.5).
 */
enum BundledModel {
    /** 384 dimensions. */
    ENGLISH("bge-small-en-v1.5-q", "Represent this sentence for searching relevant passages: ", LanguageCoverage.LATIN),
    /** 512 dimensions. */
    CHINESE("bge-small-zh-v1.5-q", "为这个句子生成表示以用于检索相关文章：", LanguageCoverage.CHINESE);

    private static final int WINDOW = 512;

    private final String name;
    private final String queryPrefix;
    private final LanguageCoverage coverage;

    BundledModel(String name, String queryPrefix, LanguageCoverage coverage) {
        this.name = name;
        this.queryPrefix = queryPrefix;
        this.coverage = coverage;
    }

    /** Finds the model that covers a text. */
    static Optional<BundledModel> of(String text) {
        return Arrays.stream(values())
                .filter(model -> model.coverage.covers(text))
                .findFirst();
    }

    OnnxEmbedder open() {
        String weights = name + ".onnx";
        String tokenizer = name + "-tokenizer.json";
        OnnxModel model =
                new OnnxModel(Path.of(weights), Path.of(tokenizer), Pooling.CLS, queryPrefix, "", WINDOW, coverage);
        return new OnnxEmbedder(name, model, resource(weights), resource(tokenizer));
    }

    private static byte[] resource(String file) {
        try (InputStream stream = BundledModel.class.getResourceAsStream("/" + file)) {
            if (stream == null) {
                throw new MemoryException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "The bundled embedding model " + file + " is not on the class path. Add the"
                                + " langchain4j-embeddings-bge-small artifacts that memos4j-embeddings-onnx names,"
                                + " or configure another embedder.");
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.EMBEDDER_FAILED, "Cannot read " + file + " from the class path: " + e, e);
        }
    }
}
