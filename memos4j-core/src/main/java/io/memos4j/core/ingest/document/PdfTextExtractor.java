package io.memos4j.core.ingest.document;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.pdmodel.graphics.form.PDFormXObject;
import org.apache.pdfbox.pdmodel.graphics.form.PDTransparencyGroup;
import org.apache.pdfbox.text.PDFTextStripper;

/**
 * Extracts the text of a PDF page by page with PDFBox. A form that draws itself is drawn once; the number of drawing
 * instructions, of drawn forms and of characters is bounded. Memory and time are not: {@link PdfProcess} bounds those.
 */
final class PdfTextExtractor extends PDFTextStripper {
    /** The most drawing instructions of a benign document. */
    private static final int MAX_OPERATORS = 50_000_000;

    /** The most forms drawn on all pages: forms that draw forms multiply. */
    private static final int MAX_FORMS = 100_000;

    /** Written instead of a length after the last page; the number of the outcome follows. */
    static final int NO_PAGE = -1;

    private final int maxCharacters;
    private final PageSink pages;
    private final Deque<COSDictionary> openForms = new ArrayDeque<>();
    private int operators;
    private int forms;
    private long characters;

    /** Takes the text of the pages in their order. */
    @FunctionalInterface
    interface PageSink {
        void accept(String page) throws IOException;
    }

    /** The end of an extraction. */
    enum Outcome {
        COMPLETE,
        ENCRYPTED,
        BROKEN,
        TOO_MUCH_TEXT,
        TOO_MANY_INSTRUCTIONS,
        TOO_LARGE_STREAM
    }

    private static final class LimitException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final Outcome outcome;

        LimitException(Outcome outcome) {
            super(null, null, false, false);
            this.outcome = outcome;
        }
    }

    /**
     * Reads the number of characters (4 bytes) and a document from standard input; writes its pages to standard output,
     * each as its length and its text in UTF-8, then {@link #NO_PAGE} and the ordinal of the outcome.
     */
    public static void main(String[] arguments) throws IOException {
        DataInputStream in = new DataInputStream(System.in);
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
        int maxCharacters = in.readInt();
        Outcome outcome = extract(in.readAllBytes(), maxCharacters, page -> {
            byte[] text = page.getBytes(StandardCharsets.UTF_8);
            out.writeInt(text.length);
            out.write(text);
        });
        out.writeInt(NO_PAGE);
        out.writeInt(outcome.ordinal());
        out.flush();
    }

    private PdfTextExtractor(int maxCharacters, PageSink pages) {
        this.maxCharacters = maxCharacters;
        this.pages = pages;
        setLineSeparator("\n");
        setParagraphEnd("\n");
        setPageEnd("");
        setArticleEnd("\n");
    }

    /**
     * Extracts the text of all pages.
     *
     * @param maxCharacters the most characters of all pages together
     */
    static Outcome extract(byte[] content, int maxCharacters, PageSink pages) throws IOException {
        if (new PdfStreamLimiter(content).exceedsLimit()) {
            return Outcome.TOO_LARGE_STREAM;
        }
        try (PDDocument pdf = Loader.loadPDF(content)) {
            new PdfTextExtractor(maxCharacters, pages).writeText(pdf, Writer.nullWriter());
            return Outcome.COMPLETE;
        } catch (InvalidPasswordException e) {
            return Outcome.ENCRYPTED;
        } catch (LimitException e) {
            return e.outcome;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // PDFBox throws unchecked exceptions for some broken files, and overflows the stack on endless nesting.
            return Outcome.BROKEN;
        }
    }

    @Override
    protected void startPage(PDPage page) {
        output = new PageWriter();
    }

    @Override
    protected void endPage(PDPage page) throws IOException {
        pages.accept(output.toString());
    }

    @Override
    public void showForm(PDFormXObject form) throws IOException {
        if (begin(form)) {
            try {
                super.showForm(form);
            } finally {
                openForms.pop();
            }
        }
    }

    @Override
    public void showTransparencyGroup(PDTransparencyGroup form) throws IOException {
        if (begin(form)) {
            try {
                super.showTransparencyGroup(form);
            } finally {
                openForms.pop();
            }
        }
    }

    /** Opens a form, unless it is being drawn. */
    private boolean begin(PDFormXObject form) {
        if (++forms > MAX_FORMS) {
            throw new LimitException(Outcome.TOO_MANY_INSTRUCTIONS);
        }
        COSDictionary stream = form.getCOSObject();
        if (openForms.stream().anyMatch(open -> open == stream)) {
            return false;
        }
        openForms.push(stream);
        return true;
    }

    @Override
    protected void processOperator(Operator operator, List<COSBase> operands) throws IOException {
        if (++operators > MAX_OPERATORS) {
            throw new LimitException(Outcome.TOO_MANY_INSTRUCTIONS);
        }
        super.processOperator(operator, operands);
    }

    /** The text of one page, bounded by the remaining characters of the document. */
    private final class PageWriter extends Writer {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void write(char[] source, int offset, int length) {
            characters += length;
            if (characters > maxCharacters) {
                throw new LimitException(Outcome.TOO_MUCH_TEXT);
            }
            text.append(source, offset, length);
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
