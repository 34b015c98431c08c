package io.memos4j.core.language;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

class SentenceSplitterTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Hello there. How are you?           | Hello there./How are you?
            Hello there                         | Hello there
            What?! No... Yes.                   | What?!/No.../Yes.
            He said "Hi." Then he left.         | He said "Hi."/Then he left.
            (A remark.) And more                | (A remark.)/And more
            Pi is 3.14 and e is 2.72.           | Pi is 3.14 and e is 2.72.
            See example.com/a.b?c=d for it      | See example.com/a.b?c=d for it
            !? Really                           | !?/Really
            你好。你住在哪里？我住在北京！           | 你好。/你住在哪里？/我住在北京！
            他说：“你好。”然后走了                  | 他说：“你好。”/然后走了
            真的吗？！是的。                       | 真的吗？！/是的。
            Use 缓存。Then go. 好                 | Use 缓存。/Then go./好
            """)
    void aTextIsCutBehindEachSentence(String text, String sentences) {
        assertThat(SentenceSplitter.split(text)).isEqualTo(cut(sentences));
    }

    /** The slash of an address is no border between the expected sentences. */
    private static List<String> cut(String sentences) {
        return sentences.contains("example.com") ? List.of(sentences) : Arrays.asList(sentences.split("/"));
    }

    @Test
    void aLineIsASentence() {
        assertThat(SentenceSplitter.split("one\ntwo\r\nthree\n\n \n four. five\u2028six"))
                .containsExactly("one", "two", "three", "four.", "five", "six");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n", " \r\n\t \n"})
    void aBlankTextHasNone(String text) {
        assertThat(SentenceSplitter.split(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a ", "the ", "of the ", "a. ", ".", "!", "?!\"", ".\"", "x.", "。", "。”", "\r", "\n", " ", "我"})
    void hostileTextsEndAndLoseNothing(String repeated) {
        String text = repeated.repeat(1_000_000 / repeated.length()) + "x";
        List<String> sentences = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> SentenceSplitter.split(text));
        assertThat(String.join("", sentences).replace(" ", "").equals(text.replaceAll("\\s", "")))
                .isTrue();
    }
}
