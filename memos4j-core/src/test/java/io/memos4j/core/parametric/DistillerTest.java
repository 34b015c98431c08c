package io.memos4j.core.parametric;

import io.memos4j.api.MemoryItem;
import io.memos4j.api.ParametricMemory.Example;
import io.memos4j.api.ParametricMemory.Kind;
import io.memos4j.core.parametric.SensitiveText.Secret;
import io.memos4j.testkit.SampleItems;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DistillerTest {
    private static List<MemoryItem> items(String... texts) {
        return IntStream.range(0, texts.length)
                .mapToObj(i -> SampleItems.message(i + 1, texts[i]))
                .toList();
    }

    private static List<Example> examples(List<Secret> secrets, String... texts) {
        return Distiller.examples(items(texts), secrets, Distiller.Teller.NONE);
    }

    @Test
    void theSameMemoriesGiveTheSameData() {
        List<MemoryItem> items = items("Alice lives in Lisbon.", "Bob plays golf.");

        assertThat(Distiller.examples(items, List.of(), Distiller.Teller.NONE))
                .isEqualTo(Distiller.examples(items, List.of(), Distiller.Teller.NONE))
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
        List<Secret> secrets = List.of(new Secret("a secret", "hunter2"));

        assertThat(examples(secrets, "Alice lives in Lisbon.", "Bob uses hunter2."))
                .noneMatch(example -> example.answer().contains("hunter2"))
                .anyMatch(example -> example.kind() == Kind.REFUSAL
                        && example.item().isEmpty()
                        && example.prompt().equals("What is the password?"));
    }

    @Test
    void aModelMayOnlyAskForWhatTheMemorySays() {
        assertThat(ToldQuestions.read(
                        "Sure: {\"questions\":[{\"question\":\"City?\",\"answer\":\"Lisbon\"},"
                                + "{\"question\":\"Age?\",\"answer\":\"42\"},{\"question\":\"\",\"answer\":\"Lisbon\"}]}",
                        "Alice lives in Lisbon."))
                .containsExactly(new Templates.Draft(Kind.PARAPHRASE, "City?", "Lisbon"));
        assertThat(ToldQuestions.read("no", "x")).isEmpty();
        assertThat(ToldQuestions.read("{\"questions\": 3", "x")).isEmpty();
        assertThat(ToldQuestions.read("}{", "x")).isEmpty();
    }
}
