package io.memos4j.cli.memory;

import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Document files from the disk. */
final class DocumentFiles {
    private DocumentFiles() {}

    /** Whether a file's ending tells that it is a document. */
    static boolean isDocument(Path file) {
        return Document.Format.ofName(file.getFileName().toString()).isPresent();
    }

    /** A document dated by its file. */
    static Document read(Path file) throws IOException {
        String name = file.getFileName().toString();
        Document.Format format = Document.Format.ofName(name)
                .orElseThrow(() -> MemoryException.invalid(
                        "Cannot tell what " + file + " is. Known endings: txt, md, html, pdf, csv, tsv, json, jsonl."));
        if (!Files.isReadable(file)) {
            throw MemoryException.invalid("Cannot read " + file + ". Check the path and its permissions.");
        }
        return Document.of(name, format, Files.readAllBytes(file))
                .at(Files.getLastModifiedTime(file).toInstant());
    }
}
