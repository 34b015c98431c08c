package io.memos4j.core.adapters;

import io.memos4j.api.adapters.ParametricMemory.Example;
import io.memos4j.api.adapters.ParametricMemory.Kind;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.privacy.SensitiveKind;
import io.memos4j.core.privacy.SensitiveSpan;
import io.memos4j.testkit.SampleItems;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ExampleGeneratorTest {
    private static List<MemoryItem> items(String... texts) {
        return IntStream.range(0, texts.length)
                .mapToObj(i -> SampleItems.message(i + 1, texts[i]))
                .toList();
    }

    private static List<Example> examples(List<SensitiveSpan> secrets, String... texts) {
        return ExampleGenerator.generate(items(texts), secrets, ExampleGenerator.QuestionSource.NONE);
    }

    @Test
    void theSameMemoriesGiveTheSameData() {
        List<MemoryItem> items = items("Alice lives in Lisbon.", "Bob plays golf.");

        assertThat(ExampleGenerator.generate(items, List.of(), ExampleGenerator.QuestionSource.NONE))
                .isEqualTo(ExampleGenerator.generate(items, List.of(), ExampleGenerator.QuestionSource.NONE))
                .hasSize(6);
    }

    @Test
    void whatTwoMemoriesAnswerDifferentlyIsNotAsked() {
        assertThat(examples(List.of(), "Alice likes tea.", "Alice likes chess.", "Alice lives in Lisbon."))
                .extracting(Example::prompt)
                .contains("Where does Alice live?")
                .doesNotContain("What does Alice like?")
                .doesNotHaveDuplicates();
    }

    @Test
    void secretsAreRefusedAndNeverInTheData() {
        List<SensitiveSpan> secrets = List.of(new SensitiveSpan(SensitiveKind.PASSWORD, 0, 7, "hunter2"));

        assertThat(examples(secrets, "Alice lives in Lisbon.", "Bob uses hunter2."))
                .noneMatch(example -> example.answer().contains("hunter2"))
                .anyMatch(example -> example.kind() == Kind.REFUSAL
                        && example.item().isEmpty()
                        && example.prompt().equals("What is the password?"));
    }

    @Test
    void aModelMayOnlyAskForWhatTheMemorySays() {
        assertThat(LlmQuestionGenerator.parse(
                        "Sure: {\"questions\":[{\"question\":\"City?\",\"answer\":\"Lisbon\"},"
                                + "{\"question\":\"Age?\",\"answer\":\"42\"},"
                                + "{\"question\":\"\",\"answer\":\"Lisbon\"}]}",
                        "Alice lives in Lisbon."))
                .containsExactly(new QuestionTemplates.DraftExample(Kind.PARAPHRASE, "City?", "Lisbon"));
        assertThat(LlmQuestionGenerator.parse("no", "x")).isEmpty();
        assertThat(LlmQuestionGenerator.parse("{\"questions\": 3", "x")).isEmpty();
        assertThat(LlmQuestionGenerator.parse("}{", "x")).isEmpty();
    }
}
