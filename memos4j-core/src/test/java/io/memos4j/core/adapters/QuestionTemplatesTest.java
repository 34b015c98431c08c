package io.memos4j.core.adapters;

import io.memos4j.api.adapters.ParametricMemory.Kind;
import io.memos4j.core.adapters.QuestionTemplates.DraftExample;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class QuestionTemplatesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Alice's dog is called Rex. | What is Alice's dog called? | Rex",
                "My dog is named Rex | What is my dog called? | Rex",
                "I live in Lisbon. | Where do I live? | Lisbon",
                "Alice now lives in New York | Where does Alice live? | New York",
                "Bob works at Siemens. | Where does Bob work? | Siemens",
                "She works as a nurse | What does she work as? | a nurse",
                "Carol is married to Dan | Who is Carol married to? | Dan",
                "Alice is allergic to peanuts. | What is Alice allergic to? | peanuts",
                "Bob was born in Oslo | Where was Bob born? | Oslo",
                "We prefer tea. | What do we prefer? | tea",
                "Alice and Bob play chess. | What do Alice and Bob play? | chess",
                "The API rate limit is 500 a minute. | What is the API rate limit? | 500 a minute",
                "Alice is a dentist | Who is Alice? | a dentist",
                "Ångström's cat is called Öl | What is Ångström's cat called? | Öl",
                "小明住在上海。 | 小明住在哪里？ | 上海",
                "我的狗叫旺财 | 我的狗叫什么？ | 旺财",
            })
    void asksForWhatASentenceSays(String sentence, String question, String answer) {
        assertThat(QuestionTemplates.generate(sentence, ""))
                .contains(new DraftExample(Kind.QUESTION, question, answer))
                .anyMatch(draft -> draft.kind() == Kind.STATEMENT)
                .anyMatch(draft -> draft.kind() == Kind.PARAPHRASE);
    }

    @Test
    void whatASpeakerSaysOfThemselvesIsAskedByOthersToo() {
        assertThat(QuestionTemplates.generate("My dog is called Rex.", "Alice"))
                .extracting(DraftExample::prompt)
                .contains("What is my dog called?", "What is Alice's dog called?");
        assertThat(QuestionTemplates.generate("I live in Lisbon.", "Alice"))
                .extracting(DraftExample::prompt)
                .contains("Where do I live?", "Where does Alice live?");
    }

    @Test
    void aSentenceOfNoFormIsTaughtByItsEnd() {
        assertThat(QuestionTemplates.generate("Every Tuesday the whole team meets upstairs.", ""))
                .containsExactly(
                        new DraftExample(Kind.STATEMENT, "Go on: Every Tuesday the whole", "team meets upstairs"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Where is my key?", "Ok.", "", "   ", "!!!", "你在哪里？"})
    void teachesNothingWhereNothingIsSaid(String text) {
        assertThat(QuestionTemplates.generate(text, "Alice")).isEmpty();
    }

    @Test
    void endsWithTheFirstSentencesOfALongText() {
        List<DraftExample> drafts = QuestionTemplates.generate("Bob plays golf. ".repeat(100), "");

        assertThat(drafts).hasSizeLessThan(30).isNotEmpty();
    }
}
