package io.memos4j.embeddings.onnx;

import io.memos4j.spi.models.Embedder.Purpose;
import java.nio.file.Path;

/**
 * A custom sentence embedding model: an ONNX file with its Hugging Face {@code tokenizer.json}.
 *
 * @param model the ONNX file; inputs {@code input_ids}, {@code attention_mask} and optionally {@code token_type_ids}
 * @param tokenizer the tokenizer file
 * @param pooling the way token vectors become one
 * @param queryPrefix put before queries, as the model's card says
 * @param documentPrefix put before documents
 * @param maxTokens the model's window, special tokens included; longer text is pooled from several windows
 * @param coverage the languages that it understands
 */
public record OnnxModel(
        Path model,
        Path tokenizer,
        Pooling pooling,
        String queryPrefix,
        String documentPrefix,
        int maxTokens,
        LanguageCoverage coverage) {

    /** The way token vectors become one. */
    public enum Pooling {
        /** The vector of the first token. */
        CLS,
        /** The mean of all token vectors. */
        MEAN
    }

    /** Creates a multilingual model with mean pooling, no prefixes and a window of 512 tokens. */
    public static OnnxModel of(Path model, Path tokenizer) {
        return new OnnxModel(model, tokenizer, Pooling.MEAN, "", "", 512, LanguageCoverage.ALL);
    }

    public OnnxModel pooled(Pooling newPooling) {
        return new OnnxModel(model, tokenizer, newPooling, queryPrefix, documentPrefix, maxTokens, coverage);
    }

    public OnnxModel prefixed(String newQueryPrefix, String newDocumentPrefix) {
        return new OnnxModel(model, tokenizer, pooling, newQueryPrefix, newDocumentPrefix, maxTokens, coverage);
    }

    public OnnxModel window(int newMaxTokens) {
        return new OnnxModel(model, tokenizer, pooling, queryPrefix, documentPrefix, newMaxTokens, coverage);
    }

    public OnnxModel covering(LanguageCoverage newCoverage) {
        return new OnnxModel(model, tokenizer, pooling, queryPrefix, documentPrefix, maxTokens, newCoverage);
    }

    String prefix(Purpose purpose) {
        return switch (purpose) {
            case QUERY -> queryPrefix;
            case DOCUMENT -> documentPrefix;
        };
    }
}
