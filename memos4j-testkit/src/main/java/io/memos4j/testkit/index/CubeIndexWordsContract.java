package io.memos4j.testkit.index;

import io.memos4j.api.items.Filter;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.index.IndexedItem.IndexedPassage;
import io.memos4j.spi.index.LexicalQuery;
import io.memos4j.spi.index.Passage;
import io.memos4j.spi.index.PassageCandidate;
import io.memos4j.spi.index.WordStatistics;
import io.memos4j.testkit.SampleItems;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Contract of cube indexes for lexical search. */
abstract class CubeIndexWordsContract extends CubeIndexFixture {
    @Test
    void chineseIsFoundByWordsAndByCharacters() {
        add(1, "我昨天去了北京的长城");
        add(2, "上海的天气很好");
        assertThat(words("长城在哪里")).first().isEqualTo(1L);
        assertThat(words("上海")).containsExactly(2L);
        assertThat(words("城")).containsExactly(1L);
    }

    @Test
    void mixedAndOtherScriptsAreFound() {
        add(1, "我喜欢 Spring Boot 框架");
        add(2, "Москва зимой прекрасна");
        add(3, "Crème brûlée à la Müller");
        add(4, "أحب القهوة في الصباح");
        assertThat(words("spring boots")).containsExactly(1L);
        assertThat(words("喜欢什么")).containsExactly(1L);
        assertThat(words("МОСКВА")).containsExactly(2L);
        assertThat(words("creme brulee muller")).containsExactly(3L);
        assertThat(words("القهوة")).containsExactly(4L);
    }

    @Test
    void aQueryIsNeverASyntax() {
        add(1, "plain words");
        for (String hostile : List.of(
                "plain AND (",
                "text:plain OR *:*",
                "\"unbalanced",
                "*?*?*?*",
                "[a TO",
                "plain~99^1e9",
                "\\",
                "😀😀",
                "the of and",
                "?!…",
                "plain ".repeat(20_000),
                "\uD800 plain",
                "a\u0000b")) {
            assertThat(index.lexical(new LexicalQuery(hostile, Filter.ALL, 10, LONG))
                            .candidates())
                    .hasSizeLessThanOrEqualTo(1);
        }
        assertThat(words("plain AND (")).containsExactly(1L);
    }

    @Test
    void aQueryOfStopWordsAloneStillFinds() {
        add(1, "to be or not to be");
        assertThat(words("to be or not to be")).containsExactly(1L);
    }

    @Test
    void thePassageThatMatchesIsNamed() {
        String text = "first part about apples. second part about bananas.";
        MemoryItem item = SampleItems.message(1, text);
        apply(
                item,
                List.of(
                        new IndexedPassage(new Passage(0, 0, 24), Optional.empty()),
                        new IndexedPassage(new Passage(1, 24, text.length()), Optional.empty())));
        List<PassageCandidate> found =
                index.lexical(new LexicalQuery("bananas", Filter.ALL, 10, LONG)).candidates();
        assertThat(found).extracting(PassageCandidate::passage).containsExactly(1);
    }

    /** Half of the texts elsewhere, ranked by the statistics of both, score as all of them in one index. */
    @Test
    void withTheStatisticsOfBothTwoIndexesRankAsOne() {
        String query = "rare common word";
        List<String> texts =
                List.of("common word", "rare word", "a rare and common thing", "common talk", "word for word");
        for (int i = 0; i < texts.size(); i++) {
            add(i, texts.get(i));
        }
        Map<Long, Float> together = scores(query, Optional.empty());
        WordStatistics all = index.words(query);
        List.of(1, 2).forEach(this::erase);
        index.expunge();
        assertThat(index.words(query)).isNotEqualTo(all);
        Map<Long, Float> alone = scores(query, Optional.of(all));
        assertThat(alone)
                .hasSize(3)
                .allSatisfy((item, score) -> assertThat(score).isEqualTo(together.get(item)));
        assertThat(scores(query, Optional.of(WordStatistics.NONE))).isEqualTo(scores(query, Optional.empty()));
    }

    @Test
    void statisticsAddUp() {
        add(1, "bananas and apples");
        WordStatistics once = index.words("bananas");
        add(2, "bananas again");
        assertThat(index.words("bananas").words().values())
                .containsExactlyElementsOf(once.plus(once).words().values());
        assertThat(index.words("nowhere").words()).isEmpty();
        assertThat(once.plus(WordStatistics.NONE)).isEqualTo(once);
    }

    private Map<Long, Float> scores(String query, Optional<WordStatistics> words) {
        return index.lexical(new LexicalQuery(query, Filter.ALL, 10, LONG, words)).candidates().stream()
                .collect(Collectors.toMap(each -> number(each.item()), PassageCandidate::score));
    }
}
