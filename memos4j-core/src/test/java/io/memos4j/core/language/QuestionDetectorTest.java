package io.memos4j.core.language;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

class QuestionDetectorTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Where do I live?",
                "I moved to Lyon. Do you like it?  \n",
                "He asked \"where?\"",
                "He asked “where?”",
                "Really?’",
                "Is it nice? [laughs]",
                "Is it nice? [shares a photo of a dog] ",
                "?",
                "你住在哪里？",
                "他问：“你住在哪里？”",
                "（真的吗？）",
            })
    void thisAsks(String turn) {
        assertThat(QuestionDetector.isQuestion(turn)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I live in Paris.",
                "What? Yes.",
                "Where do I live",
                "Is it nice? [laughs] Yes",
                "See a.com/?q=1",
                "Is it? It is!",
                "[is it?]",
                "",
                "  ",
                "我住在北京。",
                "真的吗？是的",
            })
    void thisDoesNot(String turn) {
        assertThat(QuestionDetector.isQuestion(turn)).isFalse();
    }

    @Test
    void theEndOfALongTurnDecides() {
        String story = "The sun was low. ".repeat(100);
        assertThat(QuestionDetector.isQuestion(story + "Was it nice?")).isTrue();
        assertThat(QuestionDetector.isQuestion("Was it nice? " + story)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a ", "the ", "of the ", "? ", "?\"", "[", "? [", "?[]x", " ", "？我"})
    void hostileTextsEnd(String repeated) {
        String text = repeated.repeat(1_000_000 / repeated.length()) + "x";
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(QuestionDetector.isQuestion(text)).isFalse());
    }
}
