package io.memos4j.core.ingest.document;

import io.memos4j.api.items.Document;
import io.memos4j.api.items.Document.Format;
import java.time.Duration;

/**
 * Reads documents: extracts the text and splits it along its structure. Deterministic and thread-safe.
 *
 * <p>Fails with {@code UNREADABLE_DOCUMENT} for a document that is broken, encrypted or holds no text, and with
 * {@code TOO_LARGE} for one whose text exceeds {@link #MAX_CHARACTERS} or that takes absurd effort to unpack.
 */
public final class DocumentReader {
    /** The longest chunk, in UTF-16 units. */
    public static final int MAX_CHUNK_CHARACTERS = 1_200;

    /** The longest text that is extracted, in UTF-16 units. */
    public static final int MAX_CHARACTERS = 16 << 20;

    /** The most bytes of markup and escapes per character of text. */
    private static final int BYTES_PER_CHARACTER = 4;

    private final int maxCharacters;
    private final Duration longest;

    public DocumentReader() {
        this(MAX_CHARACTERS, PdfProcess.LONGEST);
    }

    /** @param longest the time for a PDF */
    DocumentReader(int maxCharacters, Duration longest) {
        this.maxCharacters = maxCharacters;
        this.longest = longest;
    }

    /** The text of the document and its chunks. */
    public DocumentText read(Document document) {
        DocumentBuilder draft = new DocumentBuilder(document.name(), maxCharacters);
        if (document.format() != Format.PDF && document.content().length / BYTES_PER_CHARACTER > maxCharacters) {
            throw draft.tooLarge("it has more than " + (long) maxCharacters * BYTES_PER_CHARACTER + " bytes");
        }
        switch (document.format()) {
            case TEXT -> draft.appendBody(DocumentTextCleaner.cleanLines(CharsetDecoder.decode(document.content())));
            case MARKDOWN -> new MarkdownDocumentReader(draft).read(document.content());
            case HTML -> new HtmlDocumentReader(draft).read(document.content());
            case PDF -> new PdfDocumentReader(draft, new PdfProcess(draft, longest)).read(document.content());
            case CSV -> new CsvDocumentReader(draft).read(document.content());
            case JSON -> new JsonDocumentReader(draft).read(document.content());
        }
        if (draft.isBlank()) {
            throw draft.unreadable("the document holds no text. Leave it out, or check that it is the right file.");
        }
        DocumentOutline outline = draft.outline();
        return new DocumentText(outline.text(), DocumentChunker.chunks(outline));
    }
}
