package io.memos4j.bench.evaluation;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes the answers of a system: a JSON Lines file with one line per question. */
final class RunFile {
    private static final JsonMapper MAPPER = new JsonMapper();

    private RunFile() {}

    /**
     * The answer to one question.
     *
     * @param items best first
     * @param ms the search time without the embedding of the query
     * @param embedMs the time of that embedding
     */
    record Answer(String id, String haystack, List<Item> items, double ms, double embedMs) {}

    /**
     * A returned item with its provenance and its size in the context.
     *
     * @param superseded whether the system presents it as out of date; empty if the system never says so
     */
    record Item(List<String> units, int tokens, String text, Optional<Boolean> superseded) {}

    static void write(Path file, List<Answer> answers) {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (Answer answer : answers) {
                List<Map<String, Object>> items =
                        answer.items.stream().map(RunFile::values).toList();
                writer.write(MAPPER.writeValueAsString(Map.of(
                        "id", answer.id,
                        "haystack", answer.haystack,
                        "items", items,
                        "ms", answer.ms,
                        "embed_ms", answer.embedMs)));
                writer.newLine();
            }
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot write run file " + file + ": " + e, e);
        }
    }

    private static Map<String, Object> values(Item item) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("units", item.units);
        values.put("tokens", item.tokens);
        values.put("text", item.text);
        item.superseded.ifPresent(superseded -> values.put("superseded", superseded));
        return values;
    }

    static List<Answer> read(Path file) {
        List<Answer> answers = new ArrayList<>();
        for (LabeledDataset.Line line : LabeledDataset.lines(file)) {
            List<Item> items = new ArrayList<>();
            for (JsonNode item : line.object().path("items")) {
                List<String> units = new ArrayList<>();
                item.path("units").forEach(unit -> units.add(unit.asString()));
                items.add(new Item(
                        units,
                        item.path("tokens").asInt(0),
                        item.path("text").asString(""),
                        item.has("superseded")
                                ? Optional.of(item.path("superseded").asBoolean(false))
                                : Optional.empty()));
            }
            answers.add(new Answer(
                    line.required("id"),
                    line.text("haystack"),
                    items,
                    line.object().path("ms").asDouble(0),
                    line.object().path("embed_ms").asDouble(0)));
        }
        return answers;
    }
}
