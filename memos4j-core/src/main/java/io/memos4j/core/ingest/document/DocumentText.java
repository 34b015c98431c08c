package io.memos4j.core.ingest.document;

import java.util.List;

/**
 * The text of a document and its chunks, which partition it: the first starts at 0, each ends where the next starts,
 * the last ends with the text.
 *
 * @param text the extracted text, without control characters but tab and line feed
 * @param chunks in order; none is blank, none is longer than {@link DocumentReader#MAX_CHUNK_CHARACTERS}
 */
public record DocumentText(String text, List<DocumentChunk> chunks) {
    public DocumentText {
        chunks = List.copyOf(chunks);
    }

    /** The text of one of the chunks. */
    public String textOf(DocumentChunk chunk) {
        return text.substring(chunk.start(), chunk.end());
    }
}
