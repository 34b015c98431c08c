package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.items.Role;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.TokenizeOption;
import io.memos4j.testkit.gguf.RandomLlama;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LlamaChatTemplateTest {
    private static final ChatTurn SYSTEM = ChatTurn.system("Be short.");
    private static final ChatTurn USER = ChatTurn.user(" Who is Bob? ");
    private static final ChatTurn ANSWER = ChatTurn.assistant("A parrot.");
    private static final List<ChatTurn> TURNS = List.of(SYSTEM, USER, ANSWER);

    @TempDir
    private Path folder;

    @Test
    void theTemplateOfTheModelIsUsed() throws IOException {
        written(
                RandomLlama.CHATML,
                TURNS,
                "<|im_start|>system\nBe short.<|im_end|>\n<|im_start|>user\n Who is Bob? <|im_end|>\n"
                        + "<|im_start|>assistant\nA parrot.<|im_end|>\n<|im_start|>assistant\n");
        written(
                "{{ 'USER: ' }}{{ 'ASSISTANT: ' }}",
                TURNS,
                "Be short.\n\nUSER:  Who is Bob? \nASSISTANT: A parrot.</s>\nASSISTANT:");
        written(
                RandomLlama.CHATML,
                List.of(USER, new ChatTurn(Role.TOOL, "{}")),
                "<|im_start|>user\n Who is Bob? <|im_end|>\n<|im_start|>tool\n{}<|im_end|>\n<|im_start|>assistant\n");
    }

    @Test
    void aTemplateThatStripsTextsStripsThem() throws IOException {
        written(
                "{{ '<start_of_turn>' }}",
                TURNS,
                "<start_of_turn>user\nBe short.\n\nWho is Bob?<end_of_turn>\n<start_of_turn>model\nA "
                        + "parrot.<end_of_turn>\n"
                        + "<start_of_turn>model\n");
    }

    @Test
    void aModelWithoutATemplateThatIsKnownGetsChatMlIfItHasItsTokens() throws IOException {
        written(
                "{{ x }} <|im_end|>",
                List.of(USER),
                "<|im_start|>user\n Who is Bob? <|im_end|>\n<|im_start|>assistant\n");
        String plain = "System:\nBe short.\n\nUser:\n Who is Bob? \n\nAssistant:\nA parrot.\n\nAssistant:\n";
        written("{{ x }}", TURNS, plain);
        written("", TURNS, plain);
    }

    @Test
    void aVocabularyThatWantsASpaceBeforeTextsGetsItWhereATextBegins() throws IOException {
        Path file = folder.resolve("spaced.gguf");
        RandomLlama.tiny(1).template("{{ 'USER: ' }}{{ 'ASSISTANT: ' }}").write(file);
        byte[] bytes = Files.readAllBytes(file);
        String key = "tokenizer.ggml.add_space_prefix";
        int type = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(key) + key.length();
        bytes[type + Integer.BYTES] = 1;
        Files.write(file, bytes);
        try (ActivationRuntime runtime = open(file)) {
            assertThat(runtime.tokenize("a")).hasSize(2);
            String expected = "Be short.\n\nUSER:  Who is Bob? \nASSISTANT: A parrot.</s>\nASSISTANT:";
            assertThat(runtime.tokenize(TURNS, true))
                    .containsExactly(runtime.tokenize(expected, TokenizeOption.START, TokenizeOption.CONTROL));
        }
    }

    @Test
    void aRoleThatTheTemplateDoesNotWriteIsRefused() throws IOException {
        try (ActivationRuntime runtime = open("{{ 'USER: ' }}{{ 'ASSISTANT: ' }}")) {
            List<ChatTurn> turns = List.of(USER, new ChatTurn(Role.TOOL, "{}"), ANSWER);
            refused(ErrorCode.INVALID_ARGUMENT, () -> runtime.tokenize(turns, true), "turn 2, of the role tool");
        }
        try (ActivationRuntime runtime = open("{{ '<start_of_turn>' }}")) {
            assertThatThrownBy(() -> runtime.tokenize(List.of(SYSTEM), false)).hasMessageContaining("turn 1");
            assertThat(runtime.tokenize(List.of(SYSTEM, USER), false)).isNotEmpty();
        }
    }

    @Test
    void marksInATextAreText() throws IOException {
        written(
                RandomLlama.CHATML,
                List.of(ChatTurn.user("\t\u00020\u0003\t"), ChatTurn.assistant("\u00021\u0003\u0000")),
                "<|im_start|>user\n\t\u00020\u0003\t<|im_end|>\n<|im_start|>assistant\n\u00021\u0003\u0000<|im_end|>\n"
                        + "<|im_start|>assistant\n");
    }

    @Test
    void aConversationOfManyTurnsIsWrittenLikeAShortOne() throws IOException {
        List<ChatTurn> turns = IntStream.range(0, 20_000)
                .mapToObj(i -> i % 2 == 0 ? USER : ANSWER)
                .toList();
        try (ActivationRuntime runtime = open(RandomLlama.CHATML)) {
            int[] tokens = runtime.tokenize(turns, false);
            assertThat(tokens).startsWith(runtime.tokenize(turns.subList(0, 10_000), false));
        }
    }

    /**
     * Checks a rendered template. Texts here contain no names of control tokens, so the whole may be tokenized with
     * them.
     */
    private void written(String template, List<ChatTurn> turns, String expected) throws IOException {
        try (ActivationRuntime runtime = open(template)) {
            assertThat(runtime.tokenize(turns, true))
                    .as(template)
                    .containsExactly(runtime.tokenize(expected, TokenizeOption.START, TokenizeOption.CONTROL));
        }
    }

    private ActivationRuntime open(String template) throws IOException {
        Path file = folder.resolve("model.gguf");
        RandomLlama.tiny(1).template(template).write(file);
        return open(file);
    }

    private static ActivationRuntime open(Path file) {
        return new LlamaCppProvider()
                .open(ActivationOptions.of(file).contextTokens(256).threads(1));
    }
}
