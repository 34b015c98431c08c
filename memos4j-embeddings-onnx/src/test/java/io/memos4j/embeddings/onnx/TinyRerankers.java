package io.memos4j.embeddings.onnx;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Rerankers with a {@link TinyCrossEncoder} in a directory: "cat" weighs 1, "dog" 1000, 中 7; of two logits, the first
 * is minus that, the second three times that.
 */
record TinyRerankers(Path directory) {
    static final int VOCABULARY = 30_522;

    private static final String TOKENIZER = "bge-small-en-v1.5-q-tokenizer.json";
    private static final Map<String, Integer> WEIGHTS = Map.of("cat", 1, "dog", 1000, "中", 7);

    OnnxReranker open(int logits) throws IOException {
        return OnnxReranker.open(model(logits), tokenizer());
    }

    OnnxReranker open(String name, TinyCrossEncoder model) throws IOException {
        return OnnxReranker.open(model(name, model), tokenizer());
    }

    OnnxReranker narrow(int maxTokens) throws IOException {
        return OnnxReranker.open(model(1), tokenizer(), maxTokens);
    }

    Path model(int logits) throws IOException {
        return model(logits + ".onnx", new TinyCrossEncoder(VOCABULARY, logits, false, weights(logits)));
    }

    Path model(String name, TinyCrossEncoder model) throws IOException {
        return Files.write(directory.resolve(name), model.file());
    }

    Path tokenizer() throws IOException {
        return copy(TOKENIZER);
    }

    Path copy(String resource) throws IOException {
        Path file = directory.resolve(resource);
        try (InputStream stream = resource(resource)) {
            if (!Files.exists(file)) {
                Files.copy(stream, file);
            }
        }
        return file;
    }

    static Map<Integer, float[]> weights(int logits) {
        Map<Integer, float[]> weights = new HashMap<>();
        WEIGHTS.forEach((word, value) -> {
            float weight = value;
            weights.put(token(word), logits == 1 ? new float[] {weight} : new float[] {-weight, 3 * weight});
        });
        return weights;
    }

    static int token(String word) {
        try (HuggingFaceTokenizer words = WindowTokenizer.load(resource(TOKENIZER), "test")) {
            return (int) words.encode(word, false, false).getIds()[0];
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(TinyRerankers.class.getResourceAsStream("/" + name));
    }
}
