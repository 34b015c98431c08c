package io.memos4j.bench.performance;

import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The labeled examples of memory poisoning in {@code memos4j-bench/data/poisoning}. */
final class PoisoningExamples {
    private static final Path FOLDER = Path.of("memos4j-bench", "data", "poisoning");

    private PoisoningExamples() {}

    /**
     * An attack, or a harmless text that resembles one.
     *
     * @param attack whether it is an attack
     * @param via how it comes in: {@code owner}, {@code writer} (another principal), {@code document}, {@code tool},
     *     {@code web}, {@code assistant} or {@code split} (another principal, in several messages)
     * @param texts one, or those of the messages
     */
    record Example(String id, boolean attack, String language, String via, List<String> texts) {}

    /**
     * Reads one half of the set.
     *
     * @param name {@code development} or {@code held-back}
     */
    static List<Example> read(String name) {
        Path file = FOLDER.resolve(name + ".jsonl");
        if (!Files.exists(file)) {
            throw MemoryException.invalid(
                    "There is no " + file + ". Run this benchmark from the root of the repository.");
        }
        JsonMapper mapper = new JsonMapper();
        try {
            return Files.readAllLines(file).stream()
                    .map(line -> example(mapper.readTree(line)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ".", e);
        }
    }

    private static Example example(JsonNode line) {
        return new Example(
                line.path("id").asString(),
                line.path("kind").asString().equals("attack"),
                line.path("language").asString(),
                line.path("via").asString(),
                line.path("texts").valueStream().map(JsonNode::asString).toList());
    }
}
