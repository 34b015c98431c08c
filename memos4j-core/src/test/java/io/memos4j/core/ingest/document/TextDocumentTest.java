package io.memos4j.core.ingest.document;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.items.Document.Format;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.memos4j.core.ingest.document.DocumentFixtures.failure;
import static io.memos4j.core.ingest.document.DocumentFixtures.read;
import static io.memos4j.core.ingest.document.DocumentFixtures.texts;
import static io.memos4j.core.ingest.document.DocumentFixtures.titles;
import static org.assertj.core.api.Assertions.assertThat;

class TextDocumentTest {
    @Test
    void aShortTextIsOneChunkWithoutTitle() {
        DocumentText read = read(Format.TEXT, "  Alice moved to Lyon.\r\n\r\n\r\nShe likes it.\r");
        assertThat(read.text()).isEqualTo("Alice moved to Lyon.\n\nShe likes it.");
        assertThat(titles(read)).containsExactly("");
    }

    @Test
    void aLongTextIsCutBetweenParagraphs() {
        String paragraph = DocumentFixtures.prose(12).strip();
        DocumentText read = read(Format.TEXT, String.join("\n\n", paragraph, paragraph, paragraph, paragraph));
        assertThat(texts(read))
                .hasSize(4)
                .allSatisfy(text -> assertThat(text.strip()).isEqualTo(paragraph));
    }

    @Test
    void aLongParagraphIsCutBetweenSentences() {
        DocumentText read = read(Format.TEXT, DocumentFixtures.prose(100));
        assertThat(texts(read)).allSatisfy(text -> {
            assertThat(text).startsWith("Sentence").matches("(?s).*late\\.\\s*");
            assertThat(text.length()).isBetween(500, 1200);
        });
    }

    @Test
    void chineseIsCutAfterItsFullStop() {
        DocumentText read = read(Format.TEXT, "我们昨天去了北京，天气非常好，大家都很开心。真的吗？是的！".repeat(120));
        assertThat(texts(read))
                .hasSizeGreaterThan(2)
                .allSatisfy(text -> assertThat(text).matches("(?s).*[。？！]"));
    }

    @Test
    void codeIsCutBetweenLines() {
        DocumentText read = read(Format.TEXT, "    assert_eq!(first.call(\"a b\"), second.value);\n".repeat(60));
        assertThat(texts(read))
                .hasSizeGreaterThan(2)
                .allSatisfy(text ->
                        assertThat(text.strip()).startsWith("assert_eq!").endsWith(";"));
    }

    @Test
    void listItemsStayWhole() {
        String item = "- " + "word ".repeat(30).strip() + ", and more\n";
        DocumentText read = read(Format.TEXT, item.repeat(20));
        assertThat(texts(read))
                .hasSizeGreaterThan(1)
                .allSatisfy(text -> assertThat(text).startsWith("- word"));
    }

    @Test
    void anEndlessWordIsCutBetweenCharacters() {
        assertThat(read(Format.TEXT, "x".repeat(5_000)).chunks()).hasSizeBetween(5, 10);
        DocumentText emoji = read(Format.TEXT, "👩‍🚀".repeat(2_000));
        assertThat(texts(emoji))
                .allSatisfy(text -> assertThat(text).startsWith("👩").endsWith("🚀"));
        DocumentText accents = read(Format.TEXT, "e\u0301".repeat(3_000));
        assertThat(texts(accents)).allSatisfy(text -> assertThat(text).startsWith("e"));
    }

    @Test
    void anAbsurdCombiningSequenceStillKeepsTheBound() {
        assertThat(read(Format.TEXT, "e" + "\u0301".repeat(5_000)).chunks()).hasSizeGreaterThan(4);
    }

    @Test
    void fiveMegabytesOnOneLineAreRead() {
        DocumentText read = read(Format.TEXT, DocumentFixtures.prose(100_000));
        assertThat(read.text().length()).isGreaterThan(5_000_000);
        assertThat(read.chunks().size()).isBetween(4_500, 9_000);
    }

    @Test
    void controlCharactersBecomeSpacesAndTornSurrogatesTheReplacement() {
        assertThat(read(Format.TEXT, "a\0b\u0007c\u00A0d\u2028e").text()).isEqualTo("a b c d\ne");
        assertThat(DocumentTextCleaner.cleanLines("a\uD800b\uDC00c😀")).isEqualTo("a\uFFFDb\uFFFDc😀");
    }

    @Test
    void longBlankStretchesAreShortened() {
        assertThat(read(Format.TEXT, "a" + " ".repeat(5_000) + "b").text()).hasSizeLessThan(50);
        assertThat(read(Format.TEXT, "a" + "\n \t".repeat(5_000) + "b").text()).hasSizeLessThan(50);
    }

    @ParameterizedTest
    @CsvSource({
        "Big5, 我們今天在台北開會，討論下一季的計畫。",
        "Shift_JIS, これは日本語の文章です。今日は天気がいいですね。",
        "EUC-KR, 안녕하세요 오늘 날씨가 좋네요 우리 만나요",
        "windows-1251, Привет! Сегодня хорошая погода и мы пойдем гулять.",
        "windows-1252, Das Mädchen fährt über die Straße und grüßt den König.",
        "GB18030, Name: 张三 City: 北京",
    })
    void encodingsOfOtherLanguagesAreFound(String charset, String text) {
        assertThat(read(Format.TEXT, text.getBytes(Charset.forName(charset))).text())
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-16", "windows-1252"})
    void theEncodingIsFound(String charset) {
        String text = "Café Müller, 12 € – naïve “quotes” in a line long enough.";
        assertThat(read(Format.TEXT, text.getBytes(Charset.forName(charset))).text())
                .isEqualTo(text);
    }

    @Test
    void chineseInItsOldEncodingIsRead() {
        String text = "今天我们讨论了新的项目计划，下周三开会。";
        assertThat(read(Format.TEXT, text.getBytes(Charset.forName("GB18030"))).text())
                .isEqualTo(text);
    }

    @Test
    void theByteOrderMarkIsNoText() {
        assertThat(read(Format.TEXT, "\uFEFFhello").text()).isEqualTo("hello");
        assertThat(read(Format.TEXT, "\uFEFFhello".getBytes(StandardCharsets.UTF_16LE))
                        .text())
                .isEqualTo("hello");
    }

    @Test
    void oneBadByteDoesNotTurnUtf8IntoAnotherEncoding() {
        byte[] bytes = "Zoë, Chloë, Anaïs and Renée met at the café?".getBytes(StandardCharsets.UTF_8);
        bytes[bytes.length - 1] = (byte) 0xFF;
        assertThat(read(Format.TEXT, bytes).text()).isEqualTo("Zoë, Chloë, Anaïs and Renée met at the café\uFFFD");
    }

    @ParameterizedTest
    @EnumSource(
            value = Format.class,
            names = {"PDF"},
            mode = EnumSource.Mode.EXCLUDE)
    void anEmptyOrBlankDocumentIsRefused(Format format) {
        for (String content : new String[] {"", " \r\n\t ", "\uFEFF", "\0\0\0"}) {
            if (format == Format.JSON && content.startsWith("\0")) {
                continue;
            }
            assertThat(failure(format, content))
                    .hasMessageContaining("Cannot read file.")
                    .hasMessageContaining("holds no text")
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNREADABLE_DOCUMENT));
        }
    }

    @Test
    void textBeyondTheLimitIsRefused() {
        DocumentReader reader = new DocumentReader(1_000, PdfProcess.LONGEST);
        for (Format format : new Format[] {Format.TEXT, Format.MARKDOWN, Format.HTML, Format.CSV}) {
            assertThat(failure(
                            reader,
                            DocumentFixtures.document(
                                    format, "word ".repeat(300).getBytes(StandardCharsets.UTF_8))))
                    .hasMessageContaining("longer than 1000 characters")
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
        }
        assertThat(failure(reader, DocumentFixtures.document(Format.HTML, new byte[10_000])))
                .hasMessageContaining("more than 4000 bytes");
    }
}
