package io.memos4j.index.lucene;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TextAnalyzersTest {
    @Test
    void wordsThatOnlyAskAboutThePresentAreNoTerms() {
        assertThat(TextAnalyzers.queryTerms("Where does Maya currently work now?"))
                .containsOnlyKeys("maya", "work");
    }

    @Test
    void queriesOfNothingElseKeepThem() {
        assertThat(TextAnalyzers.queryTerms("And now?")).containsOnlyKeys("and", "now");
    }
}
