package io.memos4j.core.language;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

class AttributeStatementTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            I live in Paris.                                | I moved to Lyon
            I live in Paris.                                | I just moved to Lyon!
            I live in Paris.                                | I'm living in Lyon
            I live in Paris.                                | I’ve relocated to Lyon.
            I live in Paris.                                | Actually, I now live in Lyon
            Alice lives in Paris                            | Remember that Alice has moved to Lyon
            I work at Acme                                  | I now work for Globex
            Bob works as a nurse                            | Bob is currently working as a teacher
            Bob is married to Ann                           | Bob is now married to Eve
            Bob was born in Rome                            | Update this: Bob was born in Milan
            The API rate limit is 500 per minute            | API rate limit is now 1000 per minute
            The API rate limit is 500 per minute            | The API rate limit was changed to 1000 per minute
            The API rate limit is 500 per minute            | The current API rate limit is 900 per minute
            The deadline for the report is Monday           | The deadline for the report has become Friday
            My dentist is Ann No                            | My new dentist is Bob Yes
            my office is room 4                             | My office is now room 5
            Alice's favourite colour is red                 | Alice’s favourite colour is blue
            The capital of Assyria is Assur                 | the capital of Assyria became Nineveh
            The API rate limit is 500                       | The API rate  limit is 400
            I live in Paris                                 | I am currently living in Lyon
            I live in Paris                                 | I have moved to Lyon
            Alice and Bob live in Paris                     | Alice and Bob moved to Lyon
            My parents live in Paris                        | My parents now live in Lyon
            Bob plays the position of goalkeeper            | Bob plays the position of striker
            Bob is affiliated with the religion of Islam    | Bob is affiliated with the religion of Judaism
            我住在北京                                       | 我搬到上海了
            我住在北京。                                     | 我现在住在上海！
            小明住在北京                                     | 小明已经搬去了上海
            我在谷歌工作                                     | 我现在在苹果上班了
            我的邮箱是甲                                     | 我的邮箱现在改成乙
            项目的截止日期是周一                              | 项目的截止日期改为周五
            """)
    void theNextValueOfAnAttributeHasTheSameKeyAndAnotherValue(String former, String next) {
        AttributeStatement first = statement(former);
        AttributeStatement second = statement(next);
        assertThat(second.key()).isEqualTo(first.key());
        assertThat(second.value()).isNotEqualTo(first.value());
        assertThat(first.ended()).isFalse();
        assertThat(second.ended()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            I live in Paris                     | Alice lives in Paris
            I live in Paris                     | I work in Paris
            I work at Acme                      | I work as a clerk
            My office is room 4                 | My home office is room 4
            My office is room 4                 | Alice's office is room 4
            The API rate limit is 500           | The API size limit is 500
            The capital of Assyria is Assur     | The king of Assyria is Sargon
            我住在北京                           | 小明住在北京
            我住在北京                           | 我在北京工作
            我的邮箱是甲                         | 我的电话是甲
            """)
    void anotherSubjectOrAttributeHasAnotherKey(String one, String other) {
        assertThat(AttributeStatement.parse(one, "user").map(AttributeStatement::key))
                .isNotEqualTo(AttributeStatement.parse(other, "user").map(AttributeStatement::key));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            I live in Paris.                            | paris
            I'm currently living in  New  York          | new york
            I moved to Lyon!                            | lyon
            The API rate limit is now 1000 per minute.  | 1000 per minute
            My office is officially “Room 5”            | room 5
            Note: my office is room 6                   | room 6
            我搬到上海了                                 | 上海
            我搬到了上海。                                | 上海
            我现在住在上海                                | 上海
            我在苹果上班了                                | 苹果
            项目的截止日期改为周五                         | 周五
            """)
    void theValueIsWhatItIsSaidToBe(String text, String value) {
        assertThat(statement(text).value()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            I no longer live in Paris               | I live in Paris         | paris
            I don't live in Paris any more.         | I moved to Lyon         | paris
            I don’t live in Paris anymore           | I live in Lyon          | paris
            Alice no longer works at Acme           | Alice works at Globex   | acme
            Alice no longer lives in Paris          | Alice lives in Lyon     | paris
            Alice does not work for Acme            | Alice works at Globex   | acme
            Alice no longer works as a clerk        | Alice works as a nurse  | a clerk
            """)
    void anEndNamesTheValueThatHoldsNoLonger(String end, String other, String value) {
        assertThat(statement(end))
                .isEqualTo(new AttributeStatement(statement(other).key(), value, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I like hiking",
                "I like painting",
                "I love Paris",
                "I went to Paris",
                "I visited Paris and Lyon",
                "I live in fear",
                "We live in Paris",
                "Amy Winehouse is a singer",
                "Paris is nice",
                "Where do I live?",
                "Is the API rate limit 500 per minute?",
                "The API rate limit is 500 per minute?",
                "It is nice",
                "It's the office of Bob",
                "That is the name of my dog",
                "She lives in Rome",
                "They moved to Berlin",
                "There is a file of mine",
                "This version of the tool is old",
                "If the rate limit is 500, wait",
                "I live in Paris. I work at Acme.",
                "The API rate limit is 500. It was 400.",
                "I live in Paris\nI work at Acme",
                "Dogs are loyal",
                "Electric cars are quiet",
                "People live in Paris",
                "Penguins live in Antarctica",
                "Most engineers work for Google",
                "The docs are managed through Git",
                "The public site is hosted on AWS",
                "The public site is publicly accessible at Acme",
                "I used to live in Paris",
                "I want to live in Paris",
                "I would like to live in Paris",
                "I might live in Paris",
                "I will never work for Acme",
                "I also work at Acme",
                "I couldn’t work for Acme",
                "",
                "   ",
                "is",
                "我喜欢爬山",
                "我喜欢画画",
                "我住在哪里？",
                "我住在北京。我在谷歌工作。",
                "今天天气很好",
                "我想住在北京",
                "我以前住在北京",
                "我不在谷歌工作",
                "很多人住在北京",
            })
    void thisIsNoStatement(String text) {
        assertThat(AttributeStatement.parse(text, "user")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            I live in Paris         | Alice       | Alice lives in Lyon
            I’m living in Paris     | alice       | Alice lives in Lyon
            My office is room 4     | Alice       | Alice's office is room 5
            我住在北京               | 小明         | 小明住在上海
            """)
    void whatTheSpeakerSaysOfThemselvesIsKeyedByTheirName(String own, String speaker, String said) {
        assertThat(AttributeStatement.parse(own, speaker).orElseThrow().key())
                .isEqualTo(statement(said).key());
    }

    @Test
    void twoSpeakersDoNotEndEachOthersStatements() {
        assertThat(AttributeStatement.parse("I live in Paris", "Alice")
                        .orElseThrow()
                        .key())
                .isNotEqualTo(AttributeStatement.parse("I live in Paris", "Bob")
                        .orElseThrow()
                        .key());
    }

    @Test
    void aSpeakersNameIsTakenLiterally() {
        assertThat(AttributeStatement.parse("My office is room 4", "A$1\\B")
                        .orElseThrow()
                        .key())
                .startsWith("a$1\\b's office");
        assertThat(AttributeStatement.parse("I live in Paris", "A$1\\B")
                        .orElseThrow()
                        .key())
                .startsWith("a$1\\b\t");
    }

    @Test
    void aLongTextIsNoStatement() {
        String sentence = "The API rate limit is " + "9".repeat(278);
        assertThat(sentence).hasSize(300);
        assertThat(AttributeStatement.parse(sentence, "user")).isPresent();
        assertThat(AttributeStatement.parse(sentence + "9", "user")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a ",
                "the ",
                "of the ",
                "is ",
                " ",
                "now ",
                "remember that ",
                "I ",
                "lives in ",
                "plays the of ",
                "'s ",
                "!",
                "。",
                "我的",
                "住在",
                "现在",
                "的"
            })
    void hostileTextsEnd(String repeated) {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertThat(AttributeStatement.parse(repeated.repeat(1_000_000 / repeated.length()), "user"))
                    .isEmpty();
            for (String end : new String[] {"", "?", " is", " the x of"}) {
                String full = "x " + repeated.repeat(280 / repeated.length()) + end;
                assertThat(AttributeStatement.parse(full, "user")
                                .map(AttributeStatement::value)
                                .orElse(""))
                        .hasSizeLessThan(300);
            }
        });
    }

    private static AttributeStatement statement(String text) {
        Optional<AttributeStatement> statement = AttributeStatement.parse(text, "user");
        assertThat(statement).as(text).isPresent();
        return statement.get();
    }
}
