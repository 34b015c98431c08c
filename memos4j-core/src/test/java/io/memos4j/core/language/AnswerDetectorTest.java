package io.memos4j.core.language;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class AnswerDetectorTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "No, Ghent now.",
                "Yes.",
                "Still Lyon.",
                "Not any more.",
                "Moved to Ghent.",
                "A cat.",
                "Nein, jetzt Jena.",
                "Non, à Brest maintenant.",
                "Ya no.",
                "不，现在在沈阳。",
                "一只猫。",
            })
    void aTurnWithoutASubjectIsAShortAnswer(String turn) {
        assertThat(AnswerDetector.isShortAnswer(turn)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I live in Ghent now.",
                "The museum is closed.",
                "And you?",
                "where do i live",
                "Ich wohne in Jena.",
                "我现在住在沈阳，离公司很近，每天骑车上班，路上要二十分钟左右。",
            })
    void aTurnThatStandsForItselfIsNone(String turn) {
        assertThat(AnswerDetector.isShortAnswer(turn)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Are you still in Lyon?        | No, Ghent now.            | true
            Are you still in Lyon?        | Moved to Ghent.           | true
            Arbeitest du noch bei Bosch?  | Nein.                     | true
            Tu fumes toujours ?           | Non.                      | true
            ¿Todavía fumas?               | Ya no.                    | true
            你还抽烟吗？                     | 不抽了。                    | true
            Are you still in Lyon?        | Yes, now more than ever.  | false
            Are you still in Lyon?        | Still Lyon.               | false
            Have you been to Lyon?        | No.                       | false
            Where do you live?            | Ghent.                    | false
            """)
    void onlyADenialOrAChangeEndsWhatIsAsked(String question, String answer, boolean ends) {
        assertThat(AnswerDetector.endsWhatIsAsked(question, answer)).isEqualTo(ends);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Are you still in Lyon?     | I live in Lyon.   | true
            Do you still work at Acme? | I work at Acme.   | true
            你还在腾讯吗？                 | 我在腾讯工作。       | true
            Do you still like Lyon?    | I live in Lyon.   | false
            Do you still smoke?        | I live in Lyon.   | false
            """)
    void aQuestionAsksAfterWhatItNames(String question, String statement, boolean same) {
        assertThat(AnswerDetector.asksAfter(question, statement)).isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            I moved to Lyon. Where is a good baker?        | I moved to Lyon.
            Do you remember my cat? The sitter asks.       | The sitter asks.
            where do i live                                | ''
            I know where I live.                           | I know where I live.
            """)
    void whatATurnTellsBesideItsQuestionsIsKnown(String turn, String told) {
        assertThat(QuestionDetector.withoutQuestions(turn)).isEqualTo(told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"J'ai résilié.", "Où est-ce que j'habite", "Übersetze das."})
    void patternsKnowAccentedLetters(String text) {
        assertThat(LanguageRules.matches(PatternSet.END_ANNOUNCED, text)
                        || LanguageRules.matches(PatternSet.INTERROGATIVE, text)
                        || LanguageRules.matches(PatternSet.PRETENSE, text))
                .isTrue();
    }
}
