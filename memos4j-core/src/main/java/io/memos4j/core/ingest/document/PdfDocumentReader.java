package io.memos4j.core.ingest.document;

import io.memos4j.api.MemoryException;
import io.memos4j.core.ingest.document.DocumentPlace.NumberedUnit;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;

/** Reads PDF: each page is a place of its own, and words hyphenated at the end of a line are joined. */
final class PdfDocumentReader {
    /** The most drawing instructions of a benign document: forms that draw forms grow without bound. */
    private static final int MAX_OPERATORS = 50_000_000;

    private static final Pattern HYPHENATED = Pattern.compile("(?<=\\p{Ll})-\n(?=\\p{Ll})");

    private final DocumentBuilder draft;

    PdfDocumentReader(DocumentBuilder draft) {
        this.draft = draft;
    }

    void read(byte[] content) {
        new PdfStreamLimiter(content).check(draft);
        try (PDDocument pdf = Loader.loadPDF(content)) {
            new Pages().writeText(pdf, Writer.nullWriter());
            if (draft.isBlank()) {
                throw draft.unreadable("its " + pdf.getNumberOfPages() + " pages hold no text, only pictures perhaps. "
                        + "Run OCR on it (for example ocrmypdf) and add the result.");
            }
        } catch (InvalidPasswordException e) {
            throw draft.unreadable("the PDF is encrypted. Remove its password and add it again.", e);
        } catch (MemoryException e) {
            throw e;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // PDFBox throws unchecked exceptions for some broken files, and overflows the stack on endless nesting.
            throw draft.unreadable("the PDF is broken. Open and export it again, and add the result.", e);
        }
    }

    private final class Pages extends PDFTextStripper {
        private int operators;

        Pages() {
            setLineSeparator("\n");
            setParagraphEnd("\n");
            setPageEnd("");
            setArticleEnd("\n");
        }

        @Override
        protected void startPage(PDPage page) {
            output = new PageWriter();
        }

        @Override
        protected void endPage(PDPage page) {
            String text = DocumentTextCleaner.cleanLines(
                    HYPHENATED.matcher(output.toString()).replaceAll(""));
            draft.endLines(2);
            draft.openUnit(NumberedUnit.PAGE.at(getCurrentPageNo()));
            draft.appendBody(text);
        }

        @Override
        protected void processOperator(Operator operator, List<COSBase> operands) throws IOException {
            if (++operators > MAX_OPERATORS) {
                throw draft.tooLarge("it takes more than " + MAX_OPERATORS + " instructions to draw");
            }
            super.processOperator(operator, operands);
        }
    }

    /** The text of one page, bounded by the remaining characters of the document. */
    private final class PageWriter extends Writer {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void write(char[] characters, int offset, int length) {
            draft.requireRemaining(text.length() + length);
            text.append(characters, offset, length);
        }

        @Override
        public String toString() {
            return text.toString();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
