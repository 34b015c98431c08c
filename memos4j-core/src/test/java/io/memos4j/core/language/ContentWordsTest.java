package io.memos4j.core.language;

import java.time.Duration;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

class ContentWordsTest {
    @ParameterizedTest
    @CsvSource({
        "moves, moved",
        "moves, moving",
        "move, moves",
        "logging, log",
        "logged, logs",
        "planned, plans",
        "Alice's, alice",
        "Alice’s, ALICE",
        "quickly, quick",
        "migration, migrat",
        "offices, office",
    })
    void formsOfOneWordAreEqual(String one, String other) {
        assertThat(ContentWords.of(one)).hasSize(1).isEqualTo(ContentWords.of(other));
    }

    @ParameterizedTest
    @CsvSource({"address, dress", "Paris, Lyon", "business, busy", "red, read", "500, 5000", "v1.2, v1.3", "class, clas"
    })
    void otherWordsAreNot(String one, String other) {
        assertThat(ContentWords.of(one)).hasSize(1).isNotEqualTo(ContentWords.of(other));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "?!,.",
                "the of a",
                "Please remember that I really have to",
                "What is it about, and why?"
            })
    void functionWordsAndMarksCarryNoContent(String text) {
        assertThat(ContentWords.of(text)).isEmpty();
    }

    @Test
    void wordsComeOnceInOrderOfAppearance() {
        assertThat(ContentWords.of("Paris, then Lyon, then Paris again in 2025"))
                .containsExactly("pari", "lyon", "again", "2025");
        assertThat(ContentWords.of("mail bob@acme.com on db-1.acme.com:5432"))
                .containsExactly("mail", "bob@acme.com", "db-1.acme.com:5432");
    }

    @Test
    void chineseIsReadAsPairsOfCharacters() {
        assertThat(ContentWords.of("我住在北京")).containsExactly("我住", "住在", "在北", "北京");
        assertThat(ContentWords.of("我")).containsExactly("我");
        assertThat(ContentWords.of("北京，上海。")).containsExactly("北京", "上海");
        assertThat(ContentWords.of("𠮷野家")).containsExactly("𠮷野", "野家");
    }

    @Test
    void chineseNextToLatinIsReadAsChinese() {
        assertThat(ContentWords.of("用Redis缓存")).containsExactlyInAnyOrderElementsOf(ContentWords.of("用 Redis 缓存"));
        assertThat(ContentWords.of("Redis缓存")).contains("缓存").containsAll(ContentWords.of("Redis"));
        assertThat(ContentWords.of("2025年")).containsExactly("2025", "年");
    }

    @Test
    void theCoveredShareIsThatOfThePart() {
        Set<String> part = ContentWords.of("Paris office rent");
        assertThat(ContentWords.coverage(part, ContentWords.of("the rent of our office in Lyon")))
                .isCloseTo(2.0 / 3, Offset.offset(1e-9));
        assertThat(ContentWords.coverage(part, ContentWords.of("the rent of our big office in Paris")))
                .isEqualTo(1);
        assertThat(ContentWords.coverage(part, Set.of())).isZero();
        assertThat(ContentWords.coverage(Set.of(), part)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a ", "the ", "of the ", "word ", "a", "a-", "0:", "a's", "-", " ", "我", "我a"})
    void hostileTextsEnd(String repeated) {
        String text = repeated.repeat(1_000_000 / repeated.length());
        Set<String> words = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> ContentWords.of(text));
        assertThat(words).hasSizeLessThan(5);
    }
}
