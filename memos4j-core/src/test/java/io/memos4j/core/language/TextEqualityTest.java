package io.memos4j.core.language;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TextEqualityTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            I live in Lyon.                    | i live in lyon
            I live in Lyon.                    | I  live in Lyon!!
            I live in Lisbon…                  | I live in LISBON...
            The hut has eleven beds            | Oh, the hut has eleven beds.
            I take tea in the morning          | I take tea in the morning, please.
            I play chess, on Sundays           | I play chess on Sundays
            I’m here until noon                | I am here until noon
            I can't swim                       | I cannot swim.
            The freezer is at −18 °C           | The freezer is at -18 °C.
            My code is ４７１１                  | My code is 4711
            Open Monday–Friday                 | open Monday-Friday
            She said “yes” at once             | She said "yes" at once
            I write it in C++                  | I write it in C++.
            Jean-Paul eats at Café Zoé         | jean-paul eats at café zoé
            My T-shirt is blue                 | my t-shirt is blue
            我住在里昂。                         | 我住在里昂
            我用 Python 写脚本                   | 我用Python写脚本。
            嗯，我住在里昂                        | 我住在里昂啊
            Ich wohne in Gent.                 | ich wohne in gent
            """)
    void whatCarriesNoMeaningMayDiffer(String one, String other) {
        assertThat(TextEquality.areEqual(one, other)).isTrue();
        assertThat(TextEquality.areEqual(other, one)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            I write it in C++                  | I write it in C#
            I write it in C                    | I write it in C++.
            I write it in F#                   | I write it in F
            I like .NET                        | I like NET
            I play Go                          | I play go
            We march in spring                 | We March in spring
            They told us about it              | They told US about it
            Ich liebe Sie                      | Ich liebe sie
            I got an A+                        | I got an A
            My mark is B-                      | My mark is B
            The freezer is at -18 °C           | The freezer is at 18 °C
            The freezer is at −18              | The freezer is at 18
            It changed by +250                 | It changed by -250
            It costs $5                        | It costs €5
            It rose by 5 %                     | It rose by 5 ‰
            The value is 3.14                  | The value is 314
            I owe 1,000                        | I owe 1.000
            We run v1.2                        | We run v12
            Keep x > 3                         | Keep x < 3
            Keep x ≤ 3                         | Keep x ≥ 3
            Keep x ≠ 3                         | Keep x = 3
            We meet at 10:30                   | We meet at 1030
            The area is 5 m²                   | The area is 5 m2
            Take ½ a tablet                    | Take 1/2 a tablet
            The plant makes 5 MW               | The plant makes 5 mW
            The answer is 5!                   | The answer is 5
            The deal 👍                        | The deal 👎
            Sex: ♀                             | Sex: ♂
            The tests ✅                       | The tests ❌
            The answer is yes                  | The answer is no
            I can swim                         | I can't swim
            You live in Lyon?                  | You live in Lyon.
            I do like coffee in bed            | I do not like coffee in bed
            I have a few friends               | I have few friends
            I drink just water                 | I drink water
            Take vitamin A daily               | Take vitamin daily
            Anna, Maria and Eva came           | Anna Maria and Eva came
            我吃肉                              | 我不吃肉
            我去过北京                            | 我没去过北京
            任务已完成                            | 任务未完成
            我想买这只股票                         | 我想卖这只股票
            Ich esse Fleisch                   | Ich esse kein Fleisch
            Ich komme heute                    | Ich komme heute nicht
            It lies in a/b                     | It lies in a\\b
            The key is user_id                 | The key is userId
            The key is userId                  | The key is UserID
            The key is userid                  | The key is UserID
            It matches ^a.*b$                  | It matches ^a.+b$
            See https://x.org/Abc              | See https://x.org/abc
            The hash is 9f86d081               | The hash is 9f86d082
            The code is SAVE*10                | The code is SAVE10
            My number is 123-45-6789           | My number is 123-45-6798
            My PIN is 0471                     | My PIN is 471
            El año es largo                    | El ano es largo
            cd ..                              | cd .
            My password is Sunshine            | My password is sunshine
            """)
    void whatCarriesMeaningMayNot(String one, String other) {
        assertThat(TextEquality.areEqual(one, other)).isFalse();
        assertThat(TextEquality.areEqual(other, one)).isFalse();
        assertThat(TextEquality.areEqual(one, one)).isTrue();
    }

    @Test
    void partsThatMustStayAreNumbersSymbolsAndIdentifiers() {
        assertThat(TextEquality.exactParts("The API of SR-2023-045 (in C++) costs −18 €, I'd say, in Lyon & 我的4711。"))
                .containsExactly("API", "SR-2023-045", "C++", "-18", "€", "&", "4711");
    }

    @Test
    void aRepetitionKeepsPartsAndPolarity() {
        assertThat(TextEquality.keepsExactParts("The user loves C++.", "I love C++ a lot, since 2011"))
                .isTrue();
        assertThat(TextEquality.keepsExactParts("The user loves C#.", "I love C++ a lot"))
                .isFalse();
        assertThat(TextEquality.keepsExactParts("The user eats meat.", "I don't eat meat"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a-", "a1-", "(", ")", "!", "1 ", "a, ", "a_", "a@b.", "/a", "1,", "C++", "我 ", "😀", "a.b"})
    void hugeTextsAreCompared(String part) {
        String text = part.repeat(60_000);
        assertThat(TextEquality.areEqual(text + "7", text + "8")).isFalse();
        assertThat(TextEquality.areEqual(text + "x", text + "x.")).isTrue();
        assertThat(TextEquality.exactParts(text + " x -7")).contains("-7");
        assertThat(Identifier.find(text + " v2.3.1"))
                .extracting(Identifier::text)
                .contains("v2.3.1");
        assertThat(Identifier.find("v2.3.1").getFirst().resemblesOneIn(text)).isFalse();
    }
}
