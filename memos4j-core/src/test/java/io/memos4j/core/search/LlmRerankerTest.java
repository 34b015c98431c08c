package io.memos4j.core.search;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.models.LanguageModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class LlmRerankerTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final List<String> TEXTS = List.of("Porto", "cats", "rain");

    private final ScriptedModel model = new ScriptedModel();
    private final LlmReranker reranker = new LlmReranker(model);

    /** Answers what it is told to, and keeps what it was asked. */
    private static final class ScriptedModel implements LanguageModel {
        private final List<Prompt> asked = new ArrayList<>();
        private Completion answer = new Completion("", 0, 0, false);
        private boolean closed;

        void answers(String text) {
            answer = new Completion(text, 10, 10, false);
        }

        @Override
        public String id() {
            return "test:scripted";
        }

        @Override
        public Completion complete(Prompt prompt) {
            asked.add(prompt);
            return answer;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private List<Double> scores(String answer) {
        model.answers(answer);
        return reranker.score("where?", TEXTS, LONG);
    }

    private static MemoryException failure(LlmReranker reranker, Duration timeout) {
        MemoryException failure =
                catchThrowableOfType(MemoryException.class, () -> reranker.score("where?", TEXTS, timeout));
        assertThat(failure).isNotNull();
        return failure;
    }

    @Test
    void scoresComeInTheOrderOfTheTexts() {
        assertThat(scores("{\"scores\":[{\"n\":3,\"score\":2},{\"n\":1,\"score\":9.5},{\"n\":2,\"score\":0}]}"))
                .containsExactly(9.5, 0.0, 2.0);
        assertThat(model.asked).hasSize(1);
        assertThat(model.asked.getFirst().timeout()).isEqualTo(LONG);
        assertThat(reranker.id()).isEqualTo("llm:test:scripted");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "```json\n{\"scores\": [{\"n\": 2, \"score\": 8}]}\n```",
                "Here you are: {\"scores\":[{\"n\":2,\"score\":8}]} Anything else?",
                "[{\"n\":2,\"score\":8}]",
                "{\"scores\":[{\"n\":2,\"score\":8,\"why\":\"{}\"},{\"n\":2,\"score\":1}]}"
            })
    void anAnswerMayHaveOtherThingsAroundIt(String answer) {
        assertThat(scores(answer)).containsExactly(0.0, 8.0, 0.0);
    }

    @Test
    void aTextThatTheModelLeavesOutHasTheLowestScore() {
        assertThat(scores("{\"scores\":[{\"n\":2,\"score\":1}]}")).containsExactly(0.0, 1.0, 0.0);
    }

    @Test
    void whatIsNoScoreOfATextIsIgnored() {
        String digits = "9".repeat(400);
        assertThat(scores("{\"scores\":[{\"n\":0,\"score\":9},{\"n\":4,\"score\":9},{\"n\":-1,\"score\":9},"
                        + "{\"n\":\"1\",\"score\":9},{\"n\":1.5,\"score\":9},{\"n\":4294967297,\"score\":9},"
                        + "{\"n\":1},{\"n\":1,\"score\":\"high\"},{\"n\":1,\"score\":null},{\"n\":1,\"score\":1e999},"
                        + "{\"n\":" + digits + ",\"score\":9},7,null,[],{\"n\":3,\"score\":4}]}"))
                .containsExactly(0.0, 0.0, 4.0);
    }

    @Test
    void scoresBeyondTheScaleAreBroughtBackToIt() {
        String digits = "9".repeat(30);
        assertThat(scores("{\"scores\":[{\"n\":1,\"score\":-5},{\"n\":2,\"score\":1000},{\"n\":3,\"score\":" + digits
                        + "}]}"))
                .containsExactly(0.0, 10.0, 10.0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "I cannot judge these texts.",
                "{\"scores\":[]}",
                "{\"scores\":{}}",
                "{\"n\":1}",
                "null",
                "7",
                "}{",
                "{\"scores\":[{\"n\":1,\"score\":9},{\"n\":2,",
                "{\"scores\":[{\"n\":9,\"score\":9}]}"
            })
    void anAnswerWithoutAnyScoreIsAFailure(String answer) {
        model.answers(answer);
        MemoryException failure = failure(reranker, LONG);
        assertThat(failure.code()).isEqualTo(ErrorCode.MODEL_FAILED);
        assertThat(failure).hasMessageContaining("test:scripted");
    }

    @Test
    void aDeepOrHugeAnswerIsAFailureAndNoCrash() {
        model.answers("[".repeat(200_000));
        assertThat(failure(reranker, LONG).code()).isEqualTo(ErrorCode.MODEL_FAILED);
        model.answers("{\"scores\":[{\"n\":1,\"score\":" + "9".repeat(100_000) + "}]}");
        assertThat(failure(reranker, LONG).code()).isEqualTo(ErrorCode.MODEL_FAILED);
        model.answers("{\"scores\":[{\"n\":1,\"score\":" + "9".repeat(900) + "}]}");
        assertThat(failure(reranker, LONG).code()).isEqualTo(ErrorCode.MODEL_FAILED);
    }

    @Test
    void anAnswerThatWasCutSaysSo() {
        model.answer = new LanguageModel.Completion("{\"scores\":[{\"n\":1,\"sc", 10, 10, true);
        assertThat(failure(reranker, LONG)).hasMessageContaining("it was cut");
    }

    @ParameterizedTest
    @EnumSource(names = {"TIMEOUT", "MODEL_FAILED", "MODEL_REFUSED", "INTERRUPTED", "CLOSED"})
    void whatTheModelThrowsPassesThrough(ErrorCode code) {
        MemoryException thrown = new MemoryException(code, "The model says no.");
        LlmReranker failing = new LlmReranker(new LanguageModel() {
            @Override
            public String id() {
                return "test:failing";
            }

            @Override
            public Completion complete(Prompt prompt) {
                throw thrown;
            }
        });
        assertThat(failure(failing, LONG)).isSameAs(thrown);
    }

    @Test
    void withoutTimeTheModelIsNotAsked() {
        assertThat(failure(reranker, Duration.ZERO).code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(failure(reranker, Duration.ofSeconds(-1)).code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(model.asked).isEmpty();
    }

    @Test
    void noTextsAreNoReasonToAsk() {
        assertThat(reranker.score("where?", List.of(), LONG)).isEmpty();
        assertThat(model.asked).isEmpty();
    }

    @Test
    void beyondFiftyTextsTheOrderStaysBelowWhatTheModelSaw() {
        List<String> texts =
                IntStream.rangeClosed(1, 120).mapToObj(i -> "memory " + i).toList();
        model.answers("{\"scores\":[{\"n\":50,\"score\":3},{\"n\":51,\"score\":10}]}");

        List<Double> scores = reranker.score("where?", texts, LONG);

        assertThat(model.asked.getFirst().user()).contains("memory 50\n").doesNotContain("memory 51");
        assertThat(scores).hasSize(120);
        assertThat(scores.subList(0, 50)).startsWith(0.0).endsWith(3.0);
        List<Double> rest = scores.subList(50, 120);
        assertThat(rest).isSortedAccordingTo(Comparator.reverseOrder()).doesNotHaveDuplicates();
        assertThat(Collections.max(rest)).isLessThan(0);
        assertThat(Collections.min(rest)).isGreaterThan(-2);
    }

    @Test
    void theModelStaysOpenForItsOwner() {
        reranker.close();
        assertThat(model.closed).isFalse();
    }
}
