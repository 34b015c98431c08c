package io.memos4j.core.ingest.document;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.items.Document.Format;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.junit.jupiter.api.Test;

import static io.memos4j.core.ingest.document.DocumentFixtures.failure;
import static io.memos4j.core.ingest.document.DocumentFixtures.read;
import static io.memos4j.core.ingest.document.DocumentFixtures.titles;
import static org.assertj.core.api.Assertions.assertThat;

class BrokenDocumentTest {
    @Test
    void aPdfIsReadPageByPage() throws IOException {
        DocumentText read =
                read(Format.PDF, pdf("", page("Alice moved to Lyon."), page("Trains are exam-|ples of travel.")));
        assertThat(read.text()).contains("Alice moved to Lyon.").contains("Trains are examples of travel.");
        assertThat(titles(read)).contains("page 1", "page 2");
    }

    @Test
    void aTinyPageJoinsItsNeighbour() throws IOException {
        assertThat(titles(read(Format.PDF, pdf("", "Title", "Body", "End")))).containsExactly("pages 1-3");
    }

    @Test
    void anEncryptedPdfIsRefusedWithTheWayOut() throws IOException {
        assertThat(failure(Format.PDF, pdf("secret", "Alice")))
                .hasMessage("Cannot read file.pdf: the PDF is encrypted. Remove its password and add it again.");
    }

    @Test
    void aBrokenPdfIsRefused() throws IOException {
        byte[] pdf = pdf("", "Alice");
        for (byte[] broken : new byte[][] {
            {}, "no pdf at all".getBytes(StandardCharsets.UTF_8), Arrays.copyOf(pdf, 40),
        }) {
            assertThat(failure(Format.PDF, broken))
                    .hasMessageContaining("the PDF is broken")
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNREADABLE_DOCUMENT));
        }
    }

    @Test
    void aScannedPdfIsRefusedWithAWordOnOcr() throws IOException {
        assertThat(failure(Format.PDF, pdf("", "")))
                .hasMessageContaining("hold no text")
                .hasMessageContaining("OCR");
    }

    @Test
    void aPdfWithMoreTextThanTheLimitIsRefused() throws IOException {
        assertThat(failure(
                                new DocumentReader(10, PdfProcess.LONGEST),
                                DocumentFixtures.document(Format.PDF, pdf("", "Alice moved to Lyon.")))
                        .code())
                .isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void aPdfStreamThatUnpacksWithoutEndIsRefused() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        bomb.write("%PDF-1.7\n1 0 obj\n<</Filter/FlateDecode>>\nstream\n".getBytes(StandardCharsets.US_ASCII));
        try (OutputStream deflated = new DeflaterOutputStream(bomb, new Deflater(Deflater.BEST_SPEED))) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 257; i++) {
                deflated.write(zeros);
            }
        }
        assertThat(failure(Format.PDF, bomb.toByteArray()))
                .hasMessageContaining("unpacks to more than 256 MiB")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
    }

    @Test
    void malformedJsonIsRefusedWithItsPlace() {
        assertThat(failure(Format.JSON, "{\"a\": 1,\n \"b\": oops}"))
                .hasMessageContaining("not valid JSON at line 2, column ")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNREADABLE_DOCUMENT));
        assertThat(failure(Format.JSON, "{\"a\":1}\n{\"a\":2}\n{\"a\":")).hasMessageContaining("line 3");
        assertThat(failure(Format.JSON, "plain words")).hasMessageContaining("line 1");
    }

    @Test
    void deeplyNestedJsonIsRefused() {
        assertThat(failure(Format.JSON, "[".repeat(1_000_000)))
                .hasMessageContaining("not valid JSON")
                .hasMessageContaining("depth");
        assertThat(read(Format.JSON, "[".repeat(400) + "7" + "]".repeat(400)).text())
                .endsWith("[0]: 7");
    }

    private static String page(String first) {
        return first + "|" + "This line fills the page with words.|".repeat(8);
    }

    /** A document with these pages, their lines apart by a bar; encrypted if there is a password. */
    private static byte[] pdf(String password, String... pages) throws IOException {
        try (PDDocument pdf = new PDDocument()) {
            for (String text : pages) {
                PDPage page = new PDPage();
                pdf.addPage(page);
                try (PDPageContentStream content = new PDPageContentStream(pdf, page)) {
                    content.beginText();
                    content.setFont(new PDType1Font(FontName.HELVETICA), 12);
                    content.setLeading(14);
                    content.newLineAtOffset(50, 700);
                    for (String line : text.split("\\|")) {
                        content.showText(line);
                        content.newLine();
                    }
                    content.endText();
                }
            }
            if (!password.isEmpty()) {
                pdf.protect(new StandardProtectionPolicy("owner", password, new AccessPermission()));
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            pdf.save(bytes);
            return bytes.toByteArray();
        }
    }
}
