package io.memos4j.core.ingest.document;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.items.Document.Format;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

import static io.memos4j.core.ingest.document.DocumentFixtures.failure;
import static io.memos4j.core.ingest.document.DocumentFixtures.read;
import static org.assertj.core.api.Assertions.assertThat;

/** Reads documents that are small and take forever, all memory or all of the log to read without bounds. */
class HostileDocumentTest {
    private static final String TEXT = "BT /T 12 Tf 50 700 Td (Alice moved to Lyon) Tj ET ";

    @Test
    void aFormThatDrawsItselfIsDrawnOnce() {
        DocumentText read = read(Format.PDF, pdf(TEXT + "/F0 Do /F0 Do /F0 Do", 1));
        assertThat(read.text().split("Alice moved to Lyon", -1)).hasSizeBetween(2, 5);
    }

    @Test
    void formsThatDrawEachOtherAreDrawnOnce() {
        assertThat(read(Format.PDF, pdf(TEXT + "/F0 Do /F1 Do", 2)).text()).contains("Alice moved to Lyon");
    }

    @Test
    void formsThatMultiplyAreRefused() {
        assertThat(failure(Format.PDF, pdf("q %next% Do %next% Do Q", 45)))
                .hasMessageContaining("too many instructions")
                .extracting("code")
                .isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void aPdfThatTakesTooLongIsRefused() {
        DocumentReader reader = new DocumentReader(DocumentReader.MAX_CHARACTERS, Duration.ZERO);
        assertThat(failure(reader, DocumentFixtures.document(Format.PDF, pdf(TEXT, 1))))
                .hasMessageContaining("takes more than 0 s")
                .extracting("code")
                .isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void aPdfStreamThatUnpacksInTwoStepsCannotFillTheMemory() throws IOException {
        byte[] zeros = new byte[1 << 20];
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream packing = new DeflaterOutputStream(packed)) {
            for (int i = 0; i < 1_000; i++) {
                packing.write(zeros);
            }
        }
        byte[] hex = HexFormat.of().formatHex(packed.toByteArray()).getBytes(StandardCharsets.US_ASCII);
        assertThat(failure(Format.PDF, document("/Filter [/ASCIIHexDecode /FlateDecode]", hex, List.of())))
                .hasMessageContaining("512 MiB of memory")
                .extracting("code")
                .isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void aPdfWhosePagesContainEachOtherIsRefused() {
        String pdf = "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                + "2 0 obj<</Type/Pages/Count 2000000000/Kids[2 0 R 3 0 R 3 0 R]>>endobj\n"
                + "3 0 obj<</Type/Pages/Parent 2 0 R/Count 2000000000/Kids[2 0 R 3 0 R]>>endobj\n"
                + "trailer<</Root 1 0 R>>\n%%EOF";
        assertThat(failure(Format.PDF, pdf)).extracting("code").isEqualTo(ErrorCode.UNREADABLE_DOCUMENT);
    }

    @Test
    void deeplyNestedHtmlIsRead() {
        assertThat(read(Format.HTML, "<div>".repeat(100_000) + "Alice moved to Lyon")
                        .text())
                .contains("Alice moved to Lyon");
        assertThat(read(Format.HTML, "<table><tr><td>".repeat(20_000) + "Alice moved to Lyon")
                        .text())
                .contains("Alice moved to Lyon");
        assertThat(read(Format.HTML, "<b><i>".repeat(50_000) + "<p>Alice moved to Lyon")
                        .text())
                .contains("Alice moved to Lyon");
    }

    @Test
    void aTableOfOneLineIsCut() {
        assertThat(read(Format.CSV, "a,".repeat(1_000_000)).chunks()).hasSizeGreaterThan(1_000);
        assertThat(read(Format.CSV, "\"x\"\"".repeat(500_000)).chunks()).hasSizeGreaterThan(1_000);
        assertThat(read(Format.CSV, ("\"" + "y".repeat(40) + "\n").repeat(20_000))
                        .chunks())
                .hasSizeGreaterThan(500);
    }

    @Test
    void pathsOfNestedJsonDoNotMultiply() {
        String key = "k".repeat(50_000);
        String json = "{\"" + key + "\":[" + "1,".repeat(100_000) + "1]}";
        assertThat(failure(Format.JSON, json)).extracting("code").isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(failure(Format.JSON, "[".repeat(500_000) + "]".repeat(500_000)))
                .extracting("code")
                .isEqualTo(ErrorCode.UNREADABLE_DOCUMENT);
        assertThat(read(Format.JSON, "[" + "{},".repeat(500_000) + "1]").text()).contains("1");
    }

    @Test
    void markdownOfOpenMarksIsRead() {
        for (String piece : List.of("```\n", "[a](", "# #\n", "|-|\n", "> ", "- ", "**", "~~~\na\n", "[", "`")) {
            String text = piece.repeat(1_000_000 / piece.length()) + "\nAlice moved to Lyon";
            assertThat(read(Format.MARKDOWN, text).text()).as(piece).contains("Alice");
        }
    }

    /**
     * A PDF whose page draws the first of several forms, which all have access to each other as F0, F1, ….
     *
     * @param content what every form draws; {@code %next%} stands for the form after it
     */
    private static byte[] pdf(String content, int forms) {
        List<String> contents = new ArrayList<>();
        for (int i = 0; i < forms; i++) {
            contents.add(content.replace("%next%", "/F" + Math.min(i + 1, forms - 1)));
        }
        return document("", "/F0 Do".getBytes(StandardCharsets.US_ASCII), contents);
    }

    private static byte[] document(String filter, byte[] page, List<String> forms) {
        ByteArrayOutputStream pdf = new ByteArrayOutputStream();
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < forms.size(); i++) {
            names.append("/F").append(i).append(' ').append(10 + i).append(" 0 R ");
        }
        append(pdf, "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n");
        append(pdf, "2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n");
        append(pdf, "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources 5 0 R/Contents 4 0 R>>endobj\n");
        append(pdf, "5 0 obj<</Font<</T<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>/XObject<<" + names + ">>>>\n");
        append(pdf, "endobj\n4 0 obj<</Length " + page.length + filter + ">>stream\n");
        pdf.writeBytes(page);
        append(pdf, "\nendstream endobj\n");
        for (int i = 0; i < forms.size(); i++) {
            append(pdf, 10 + i + " 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources 5 0 R/Length ");
            append(pdf, forms.get(i).length() + ">>stream\n" + forms.get(i) + "\nendstream endobj\n");
        }
        append(pdf, "trailer<</Root 1 0 R>>\n%%EOF");
        return pdf.toByteArray();
    }

    private static void append(ByteArrayOutputStream pdf, String text) {
        pdf.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
