package io.memos4j.core.kvcache;

import io.memos4j.spi.runtime.TokenSink;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReplaySafeSinkTest {
    private final List<String> texts = new ArrayList<>();

    @Test
    void anAnswerThatBeginsAgainIsHandedOnOnce() {
        ReplaySafeSink heard = new ReplaySafeSink(texts::add);
        TokenSink first = heard.newAttempt();
        assertThat(first.accept(1, "In ")).isTrue();
        assertThat(first.accept(2, "")).isTrue();
        TokenSink second = heard.newAttempt();
        assertThat(second.accept(1, "In ")).isTrue();
        assertThat(second.accept(2, "")).isTrue();
        assertThat(second.accept(3, "the ")).isTrue();
        TokenSink third = heard.newAttempt();
        third.accept(1, "In ");
        third.accept(2, "");
        third.accept(3, "the ");
        third.accept(4, "harbour.");
        assertThat(texts).containsExactly("In ", "the ", "harbour.");
    }

    @Test
    void whoWantsNoMoreIsHeard() {
        ReplaySafeSink heard = new ReplaySafeSink(text -> !text.equals("the "));
        TokenSink sink = heard.newAttempt();
        assertThat(sink.accept(1, "In ")).isTrue();
        assertThat(sink.accept(2, "the ")).isFalse();
    }
}
