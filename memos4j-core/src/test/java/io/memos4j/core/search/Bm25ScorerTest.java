package io.memos4j.core.search;

import io.memos4j.core.language.ContentWords;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class Bm25ScorerTest {
    private static List<Double> score(String query, String... texts) {
        return Bm25Scorer.score(
                ContentWords.of(query),
                Arrays.stream(texts).map(ContentWords::of).toList());
    }

    @Test
    void aTextWithoutAWordOfTheQueryIsWorthNothing() {
        assertThat(score("green bottle", "a red house", "a green bottle"))
                .first()
                .isEqualTo(0.0);
    }

    @Test
    void rareWordsCountMore() {
        List<Double> scores = score("green bottle", "green grass", "bottle neck", "green leaves", "green apples");
        assertThat(scores.get(1)).isGreaterThan(scores.get(0));
    }

    @Test
    void longTextsCountLess() {
        List<Double> scores = score("bottle", "bottle", "bottle with many other things beside it on the shelf");
        assertThat(scores.get(0)).isGreaterThan(scores.get(1));
    }

    @Test
    void chineseIsRankedByPairsOfCharacters() {
        List<Double> scores = score("办公室在哪里", "我们的办公室很大", "今天天气很好");
        assertThat(scores.get(0)).isPositive();
        assertThat(scores.get(1)).isZero();
    }

    @Test
    void nothingAmongNothingIsNothing() {
        assertThat(score("bottle")).isEmpty();
        assertThat(Bm25Scorer.score(Set.of(), List.of(ContentWords.of("bottle"))))
                .containsExactly(0.0);
    }
}
