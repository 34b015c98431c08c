package io.memos4j.core.activation;

import io.memos4j.spi.TokenSink;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HeardTest {
    private final List<String> texts = new ArrayList<>();

    @Test
    void anAnswerThatBeginsAgainIsHandedOnOnce() {
        Heard heard = new Heard(texts::add);
        TokenSink first = heard.again();
        assertThat(first.accept(1, "In ")).isTrue();
        assertThat(first.accept(2, "")).isTrue();
        TokenSink second = heard.again();
        assertThat(second.accept(1, "In ")).isTrue();
        assertThat(second.accept(2, "")).isTrue();
        assertThat(second.accept(3, "the ")).isTrue();
        TokenSink third = heard.again();
        third.accept(1, "In ");
        third.accept(2, "");
        third.accept(3, "the ");
        third.accept(4, "harbour.");
        assertThat(texts).containsExactly("In ", "the ", "harbour.");
    }

    @Test
    void whoWantsNoMoreIsHeard() {
        Heard heard = new Heard(text -> !text.equals("the "));
        TokenSink sink = heard.again();
        assertThat(sink.accept(1, "In ")).isTrue();
        assertThat(sink.accept(2, "the ")).isFalse();
    }
}
