package io.memos4j.core.ingest.document;

import io.memos4j.core.ingest.document.DocumentPlace.NumberedUnit;
import io.memos4j.core.ingest.document.PdfTextExtractor.Outcome;
import java.io.IOException;
import java.util.regex.Pattern;

/** Reads PDF: each page is a place of its own, and words hyphenated at the end of a line are joined. */
final class PdfDocumentReader {
    private static final Pattern HYPHENATED = Pattern.compile("(?<=\\p{Ll})-\n(?=\\p{Ll})");

    private final DocumentBuilder draft;
    private final PdfProcess process;
    private int pages;

    PdfDocumentReader(DocumentBuilder draft, PdfProcess process) {
        this.draft = draft;
        this.process = process;
    }

    void read(byte[] content) {
        Outcome outcome;
        try {
            outcome = process.extract(content, this::addPage);
        } catch (IOException e) {
            throw draft.unreadable("the process that reads PDFs cannot be started. Check that it may be.", e);
        }
        switch (outcome) {
            case ENCRYPTED -> throw draft.unreadable("the PDF is encrypted. Remove its password and add it again.");
            case BROKEN -> throw draft.unreadable("the PDF is broken. Open and export it again, and add the result.");
            case TOO_MUCH_TEXT -> throw draft.textTooLong();
            case TOO_MANY_INSTRUCTIONS -> throw draft.tooLarge("it takes too many instructions to draw");
            case TOO_LARGE_STREAM -> throw draft.tooLarge("a stream of it unpacks to more than 256 MiB");
            case COMPLETE -> {
                if (draft.isBlank()) {
                    throw draft.unreadable("its " + pages + " pages hold no text, only pictures perhaps. "
                            + "Run OCR on it (for example ocrmypdf) and add the result.");
                }
            }
        }
    }

    private void addPage(String raw) {
        pages++;
        String text = DocumentTextCleaner.cleanLines(HYPHENATED.matcher(raw).replaceAll(""));
        draft.endLines(2);
        draft.openUnit(NumberedUnit.PAGE.at(pages));
        draft.appendBody(text);
    }
}
