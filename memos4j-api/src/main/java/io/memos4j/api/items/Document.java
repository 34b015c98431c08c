package io.memos4j.api.items;

import io.memos4j.api.MemoryException;
import io.memos4j.api.privacy.Sensitivity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A document to be read, chunked by its structure and remembered. The chunks cover its extracted text without gaps, so
 * that the text can be rebuilt from them.
 *
 * @param name the file name or another name that a person recognizes; also the source id for {@link Selection#source}
 * @param format how to read {@code content}
 * @param content the bytes of the file; not copied, do not change them afterwards
 * @param time when it was written; the engine's clock if absent
 * @param tags labels of every chunk
 * @param metadata the caller's own values, for every chunk
 * @param sensitivity the label of every chunk; {@link Sensitivity#INTERNAL} if nothing else is said
 */
@SuppressWarnings("ArrayRecordComponent")
public record Document(
        String name,
        Format format,
        byte[] content,
        Optional<Instant> time,
        Set<String> tags,
        Map<String, Object> metadata,
        Sensitivity sensitivity)
        implements MemoryInput {

    /** The formats that can be read. */
    public enum Format {
        TEXT,
        MARKDOWN,
        HTML,
        PDF,
        CSV,
        JSON;

        /** The format that a file name's ending suggests; empty for an unknown ending. */
        public static Optional<Format> ofName(String name) {
            String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(java.util.Locale.ROOT);
            return switch (ending) {
                case "txt", "text", "log" -> Optional.of(TEXT);
                case "md", "markdown" -> Optional.of(MARKDOWN);
                case "html", "htm", "xhtml" -> Optional.of(HTML);
                case "pdf" -> Optional.of(PDF);
                case "csv", "tsv" -> Optional.of(CSV);
                case "json", "jsonl", "ndjson" -> Optional.of(JSON);
                default -> Optional.empty();
            };
        }
    }

    public Document {
        if (name.isBlank()) {
            throw MemoryException.invalid("A document needs a name.");
        }
        tags = Set.copyOf(tags);
        metadata = ItemMetadata.copyOf(metadata);
    }

    /** A document without a label. */
    public Document(
            String name,
            Format format,
            byte[] content,
            Optional<Instant> time,
            Set<String> tags,
            Map<String, Object> metadata) {
        this(name, format, content, time, tags, metadata, Sensitivity.INTERNAL);
    }

    public static Document of(String name, Format format, byte[] content) {
        return new Document(name, format, content, Optional.empty(), Set.of(), Map.of());
    }

    public Document at(Instant newTime) {
        return new Document(name, format, content, Optional.of(newTime), tags, metadata, sensitivity);
    }

    public Document tagged(String... newTags) {
        return new Document(name, format, content, time, Set.copyOf(List.of(newTags)), metadata, sensitivity);
    }

    public Document with(Map<String, ?> newMetadata) {
        return new Document(name, format, content, time, tags, ItemMetadata.copyOf(newMetadata), sensitivity);
    }

    /** Labels every chunk. */
    public Document labeled(Sensitivity newSensitivity) {
        return new Document(name, format, content, time, tags, metadata, newSensitivity);
    }
}
