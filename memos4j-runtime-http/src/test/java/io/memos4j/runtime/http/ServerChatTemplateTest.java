package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Role;
import io.memos4j.spi.ChatTurn;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Conversations in templates of unusual shapes. */
class ServerChatTemplateTest {
    private static final ChatTurn SYSTEM = ChatTurn.system("Be kind.");
    private static final ChatTurn ASKS = ChatTurn.user(" Who? ");
    private static final ChatTurn ANSWERS = ChatTurn.assistant("Alice.");

    @Test
    void aTurnEndsWhereTheNextBegins() {
        ServerChatTemplate.TemplateRenderer lines = (turns, call) -> turns.stream()
                        .map(turn -> turn.role().id() + ": " + turn.text() + "\n")
                        .collect(Collectors.joining())
                + "assistant: ";
        assertThat(written(lines, List.of(SYSTEM, ASKS), false)).isEqualTo("system: Be kind.\nuser:  Who? \n");
        assertThat(written(lines, List.of(ASKS), true)).isEqualTo("user:  Who? \nassistant: ");
        assertThat(written(lines, List.of(ASKS, ANSWERS), false)).isEqualTo("user:  Who? \nassistant: Alice.\n");
        assertThat(written(lines, List.of(ASKS, ANSWERS), true))
                .isEqualTo("user:  Who? \nassistant: Alice.\nassistant: ");
    }

    @Test
    void turnsThatMustAlternateAndTextsThatAreStripped() {
        ServerChatTemplate.TemplateRenderer brackets = ServerChatTemplateTest::brackets;
        assertThat(written(brackets, List.of(ASKS), true)).isEqualTo("[INST] Who? [/INST]".replace("  ", " "));
        assertThat(written(brackets, List.of(ASKS, ANSWERS), false)).isEqualTo("[INST] Who? [/INST]Alice.</s>");
        assertThat(written(brackets, List.of(ASKS, ANSWERS, ASKS), true))
                .isEqualTo("[INST] Who? [/INST]Alice.</s>[INST] Who? [/INST]");
        // Where a question ends cannot be told of a template that takes no two of them; its text is there.
        assertThat(written(brackets, List.of(ASKS), false)).isEqualTo("[INST] Who?");
        refused(ErrorCode.INVALID_ARGUMENT, () -> written(brackets, List.of(ASKS, ASKS), true));
    }

    private static String brackets(List<ChatTurn> turns, RuntimeCall call) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < turns.size(); i++) {
            if ((turns.get(i).role() == Role.USER) != (i % 2 == 0)) {
                throw MemoryException.invalid("Roles must alternate.");
            }
            String content = turns.get(i).text().strip();
            text.append(i % 2 == 0 ? "[INST] " + content + " [/INST]" : content + "</s>");
        }
        return text.toString();
    }

    @Test
    void aTemplateThatDropsOrRepeatsATextIsRefused() {
        ServerChatTemplate.TemplateRenderer withoutSystem = (turns, call) -> turns.stream()
                .filter(turn -> turn.role() != Role.SYSTEM)
                .map(ChatTurn::text)
                .collect(Collectors.joining("|"));
        ServerChatTemplate.TemplateRenderer twice = (turns, call) ->
                turns.stream().map(turn -> turn.text() + turn.text()).collect(Collectors.joining());
        for (ServerChatTemplate.TemplateRenderer writer : List.of(withoutSystem, twice)) {
            refused(
                    ErrorCode.INVALID_ARGUMENT,
                    () -> written(writer, List.of(SYSTEM, ASKS), true),
                    "once and in its place");
        }
    }

    /** Renders a conversation. Tokens are bytes here, so that their text is what the template writes. */
    private static String written(
            ServerChatTemplate.TemplateRenderer writer, List<ChatTurn> turns, boolean answerNext) {
        ServerChatTemplate template =
                new ServerChatTemplate(writer, (text, start, control, call) -> ToyModel.tokenize(text, false, false));
        return ToyModel.text(template.tokenize(turns, answerNext, new RuntimeCall()), false);
    }
}
