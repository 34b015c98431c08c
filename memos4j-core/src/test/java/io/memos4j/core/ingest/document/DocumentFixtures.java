package io.memos4j.core.ingest.document;

import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Document;
import io.memos4j.api.items.Document.Format;
import java.nio.charset.StandardCharsets;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Reads documents for tests, and checks on each what must hold for all. */
final class DocumentFixtures {
    private DocumentFixtures() {}

    static DocumentText read(Format format, String content) {
        return read(format, content.getBytes(StandardCharsets.UTF_8));
    }

    static DocumentText read(Format format, byte[] content) {
        DocumentText read = new DocumentReader().read(document(format, content));
        assertPartition(read);
        return read;
    }

    static Document document(Format format, byte[] content) {
        return Document.of("file." + format.name().toLowerCase(java.util.Locale.ROOT), format, content);
    }

    static MemoryException failure(Format format, byte[] content) {
        return failure(new DocumentReader(), document(format, content));
    }

    static MemoryException failure(Format format, String content) {
        return failure(format, content.getBytes(StandardCharsets.UTF_8));
    }

    static MemoryException failure(DocumentReader reader, Document document) {
        return catchThrowableOfType(MemoryException.class, () -> reader.read(document));
    }

    static List<String> titles(DocumentText read) {
        return read.chunks().stream().map(DocumentChunk::title).toList();
    }

    static List<String> texts(DocumentText read) {
        return read.chunks().stream().map(read::textOf).toList();
    }

    static void assertPartition(DocumentText read) {
        String text = read.text();
        int expected = 0;
        for (DocumentChunk chunk : read.chunks()) {
            assertThat(chunk.start()).isEqualTo(expected);
            assertThat(chunk.end() - chunk.start()).isLessThanOrEqualTo(DocumentReader.MAX_CHUNK_CHARACTERS);
            assertThat(read.textOf(chunk)).isNotBlank();
            assertThat(Character.isLowSurrogate(text.charAt(chunk.start()))).isFalse();
            expected = chunk.end();
        }
        assertThat(expected).isEqualTo(text.length());
        assertThat(text.chars()).noneMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t');
    }

    /** Sentences of about 50 characters. */
    static String prose(int sentences) {
        StringBuilder prose = new StringBuilder();
        for (int i = 1; i <= sentences; i++) {
            prose.append("Sentence number ").append(i).append(" says that all trains were late. ");
        }
        return prose.toString();
    }
}
