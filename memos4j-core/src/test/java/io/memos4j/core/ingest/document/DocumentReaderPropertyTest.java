package io.memos4j.core.ingest.document;

import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Document.Format;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import static org.assertj.core.api.Assertions.assertThat;

class DocumentReaderPropertyTest {
    @Property(tries = 400)
    void chunksPartitionAnyTextWithinTheSizeBound(@ForAll("texts") String text, @ForAll("textFormats") Format format) {
        try {
            DocumentText read = DocumentFixtures.read(format, text);
            for (DocumentChunk chunk : read.chunks()) {
                assertThat(GraphemeBoundaries.isBoundary(read.text(), chunk.start()))
                        .isTrue();
            }
            assertThat(DocumentFixtures.read(format, text)).isEqualTo(read);
        } catch (MemoryException e) {
            assertThat(e).hasMessageMatching("(?s).*(holds no text|not valid JSON).*");
        }
    }

    @Property(tries = 300)
    void anyBytesAreReadOrRefusedWithACodedError(@ForAll byte[] bytes, @ForAll Format format) {
        try {
            DocumentFixtures.read(format, bytes);
        } catch (MemoryException e) {
            assertThat(e.code().id()).isEqualTo("unreadable_document");
        }
    }

    @Property(tries = 200)
    void cleaningCleanTextChangesNothing(@ForAll("texts") String text) {
        String clean = DocumentTextCleaner.cleanLines(text);
        assertThat(DocumentTextCleaner.cleanLines(clean)).isEqualTo(clean);
        assertThat(DocumentTextCleaner.cleanLine(DocumentTextCleaner.cleanLine(text)))
                .isEqualTo(DocumentTextCleaner.cleanLine(text));
    }

    @Provide
    Arbitrary<Format> textFormats() {
        return Arbitraries.of(Format.TEXT, Format.MARKDOWN, Format.HTML, Format.CSV, Format.JSON);
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> pieces = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.strings().alpha().ofMaxLength(12)),
                Tuple.of(4, Arbitraries.of(" ", "\n", "\n\n", ". ", "。", ", ", "\t", "\r\n", "\u2028")),
                Tuple.of(2, Arbitraries.of("# ", "## ", "\n# A\n", "\n---\n", "```\n", "- ", "| a |", "\"")),
                Tuple.of(2, Arbitraries.of("<h1>", "</h1>", "<p>", "<table><tr><td>", "<li>", "{\"a\":", "[")),
                Tuple.of(2, Arbitraries.of("e\u0301", "👩‍🚀", "🇫🇷", "각", "नि", "\u0000", "\uD800", "\u00A0")),
                Tuple.of(1, Arbitraries.strings().ofMaxLength(40)),
                Tuple.of(1, Arbitraries.of("x".repeat(900), "漢字".repeat(500), " ".repeat(1500))));
        return pieces.list().ofMaxSize(200).map(list -> String.join("", list));
    }
}
