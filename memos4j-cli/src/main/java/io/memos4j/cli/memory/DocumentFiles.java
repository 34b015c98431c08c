package io.memos4j.cli.memory;

import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads document files. */
final class DocumentFiles {
    private DocumentFiles() {}

    /** Returns true if the extension of a file is that of a document. */
    static boolean isDocument(Path file) {
        return Document.Format.ofName(file.getFileName().toString()).isPresent();
    }

    /** Reads a document, dated by the modification time of its file. */
    static Document read(Path file) throws IOException {
        String name = file.getFileName().toString();
        Document.Format format = Document.Format.ofName(name)
                .orElseThrow(() -> MemoryException.invalid("Unknown document type: " + file
                        + ". Known extensions: txt, md, html, pdf, csv, tsv, json, jsonl."));
        if (!Files.isReadable(file)) {
            throw MemoryException.invalid("Cannot read " + file + ". Check the path and its permissions.");
        }
        return Document.of(name, format, Files.readAllBytes(file))
                .at(Files.getLastModifiedTime(file).toInstant());
    }
}
