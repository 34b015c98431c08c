package io.memos4j.bench.evaluation;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A labeled set: the corpus of a memory, and the questions about it.
 *
 * @param name the name of the directory
 * @param haystacks the units of each isolated memory, in order
 * @param questions in file order
 */
record LabeledDataset(String name, Map<String, List<Unit>> haystacks, List<Question> questions) {
    private static final JsonMapper MAPPER = new JsonMapper();

    /** A message of the corpus. */
    record Unit(String id, String session, Optional<Instant> time, String role, String speaker, String text) {}

    /** A question. All fields but {@code text} and {@code time} are for scoring only. */
    record Question(
            String id,
            String haystack,
            String category,
            String language,
            String text,
            Optional<Instant> time,
            Labels labels) {}

    /** The kind of a question about the state of what was said. */
    enum Kind {
        /** The statement is still true, whatever was said beside it. */
        KEEP,
        /** It was replaced, ended, or is to be forgotten. */
        CHANGE,
        /** The question is about something else. */
        NONE
    }

    /**
     * The known facts about the answer.
     *
     * @param unmarked the units that must not be presented as out of date
     */
    record Labels(
            Kind kind,
            Set<String> evidence,
            Set<String> stale,
            Set<String> fresh,
            Set<String> forbidden,
            List<String> forbiddenText,
            Set<String> unmarked) {}

    /** Reads {@code corpus.jsonl} and {@code questions.jsonl}; throws for a malformed line, with its number. */
    static LabeledDataset read(Path folder) {
        Map<String, List<Unit>> haystacks = new LinkedHashMap<>();
        for (Line line : lines(folder.resolve("corpus.jsonl"))) {
            haystacks
                    .computeIfAbsent(line.text("haystack"), key -> new ArrayList<>())
                    .add(new Unit(
                            line.required("unit"),
                            line.text("session"),
                            line.time("time"),
                            line.text("role"),
                            line.text("speaker"),
                            line.required("text")));
        }
        List<Question> questions = new ArrayList<>();
        for (Line line : lines(folder.resolve("questions.jsonl"))) {
            questions.add(new Question(
                    line.required("id"),
                    line.text("haystack"),
                    line.text("category"),
                    line.text("lang"),
                    line.required("question"),
                    line.time("time"),
                    new Labels(
                            line.kind(),
                            line.units("evidence"),
                            line.units("stale"),
                            line.units("fresh"),
                            line.units("forbidden"),
                            line.texts("forbidden_text"),
                            line.units("unmarked"))));
        }
        return new LabeledDataset(
                String.valueOf(folder.toAbsolutePath().normalize().getFileName()), haystacks, questions);
    }

    /** Reads a JSON Lines file; blank lines are skipped. */
    static List<Line> lines(Path file) {
        List<String> texts;
        try {
            texts = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Cannot read " + file + ": " + e + ". A set is a directory with corpus.jsonl and questions.jsonl.",
                    e);
        }
        List<Line> lines = new ArrayList<>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            if (!texts.get(i).isBlank()) {
                lines.add(Line.parse(file, i + 1, texts.get(i)));
            }
        }
        return lines;
    }

    /** An object of a JSON Lines file. */
    record Line(Path file, int number, JsonNode object) {
        static Line parse(Path file, int number, String text) {
            try {
                JsonNode node = MAPPER.readTree(text);
                if (node.isObject()) {
                    return new Line(file, number, node);
                }
            } catch (JacksonException e) {
                throw MemoryException.invalid(file + ":" + number + ": not JSON: " + e.getOriginalMessage());
            }
            throw MemoryException.invalid(file + ":" + number + ": not a JSON object.");
        }

        String text(String field) {
            JsonNode value = object.path(field);
            return value.isNull() || value.isMissingNode() ? "" : value.asString();
        }

        String required(String field) {
            String value = text(field);
            if (value.isEmpty()) {
                throw MemoryException.invalid(file + ":" + number + ": field '" + field + "' is missing.");
            }
            return value;
        }

        List<String> texts(String field) {
            List<String> values = new ArrayList<>();
            object.path(field).forEach(each -> values.add(each.asString()));
            return values;
        }

        Set<String> units(String field) {
            return new LinkedHashSet<>(texts(field));
        }

        Kind kind() {
            return switch (text("kind")) {
                case "keep" -> Kind.KEEP;
                case "change" -> Kind.CHANGE;
                case "" -> Kind.NONE;
                default -> throw MemoryException.invalid(file + ":" + number + ": 'kind' must be keep or change.");
            };
        }

        /** Parses an ISO-8601 time; without a zone it is UTC. */
        Optional<Instant> time(String field) {
            String value = text(field);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            try {
                return Optional.of(
                        value.length() == 10
                                ? LocalDateTime.parse(value + "T00:00:00").toInstant(ZoneOffset.UTC)
                                : value.matches(".*(Z|[+-]\\d\\d:?\\d\\d)$")
                                        ? OffsetDateTime.parse(value).toInstant()
                                        : LocalDateTime.parse(value).toInstant(ZoneOffset.UTC));
            } catch (DateTimeParseException e) {
                throw MemoryException.invalid(file + ":" + number + ": '" + value + "' is not an ISO-8601 time.");
            }
        }
    }
}
