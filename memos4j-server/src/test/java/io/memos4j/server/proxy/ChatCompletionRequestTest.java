package io.memos4j.server.proxy;

import io.memos4j.api.MemoryException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ChatCompletionRequestTest {
    private static ChatCompletionRequest parse(String json) {
        return ChatCompletionRequest.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String with(String json, String profile, String memories) {
        return new String(parse(json).withContext(profile, memories), StandardCharsets.UTF_8);
    }

    @Test
    void memoriesJoinTheEndOfWhatTheUserSaidLastAndEveryOtherByteStays() {
        String before = "{ \"x\" : 1.50e+3, \"messages\":[{\"role\":\"system\",\"content\":\"S\"},\n"
                + "{\"content\":\"caf\\u00e9 \\\"ü\\\" 北京\", \"role\":\"user\",\"name\":\"n\"}";
        String after = ",{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"1\"}]},"
                + "{\"role\":\"tool\",\"content\":\"42\"}],\"stream_options\":{\"include_usage\":true}}";
        assertThat(with(before + after, "", "a \"b\"\n<c>"))
                .isEqualTo(before.replace("北京\"", "北京\\n\\na \\\"b\\\"\\n<c>\"") + after);
        assertThat(parse(before + after).question()).isEqualTo("café \"ü\" 北京");
        assertThat(parse(before + after).endsWithUser()).isFalse();
    }

    @Test
    void memoriesBecomeAPartWhereContentHasParts() {
        String json = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What is this?\"},"
                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AA==\"}} ]}]}";
        assertThat(parse(json).question()).isEqualTo("What is this?");
        assertThat(with(json, "", "M")).isEqualTo(json.replace(" ]}]}", " ,{\"type\":\"text\",\"text\":\"M\"}]}]}"));
    }

    @Test
    void theProfileJoinsTheInstructionsAtTheBeginning() {
        String json =
                "{\"messages\":[{\"role\":\"developer\",\"content\":\"D\"},{\"role\":\"user\",\"content\":\"U\"}]}";
        assertThat(with(json, "P", "M"))
                .isEqualTo("{\"messages\":[{\"role\":\"developer\",\"content\":\"D\\n\\nP\"},"
                        + "{\"role\":\"user\",\"content\":\"U\\n\\nM\"}]}");
        String bare = "{\"messages\":[{\"role\":\"user\",\"content\":\"U\"}]}";
        assertThat(with(bare, "P", ""))
                .isEqualTo("{\"messages\":[{\"role\":\"system\",\"content\":\"P\"},"
                        + "{\"role\":\"user\",\"content\":\"U\"}]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"messages\":[]}",
                "{\"messages\":\"x\"}",
                "{\"messages\":[1,null,[{}]]}",
                "{\"messages\":[{\"role\":\"user\"},{\"role\":7,\"content\":{\"a\":[]}}]}",
                "{\"messages\":[{\"role\":\"assistant\",\"content\":\"A\"}],\"user\":null}"
            })
    void whatHasNoPlaceForMemoriesPassesAsItIs(String json) {
        assertThat(with(json, "", "M")).isEqualTo(json);
        assertThat(parse(json).question()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{} {}", "{\"a\":1,\"a\":2}"})
    void whatIsNoJsonObjectIsRefused(String json) {
        assertThatThrownBy(() -> parse(json)).isInstanceOf(MemoryException.class);
    }

    @Test
    void aByteOrderMarkShiftsNothing() {
        String json = "\uFEFF{\"messages\":[{\"role\":\"user\",\"content\":\"U\"}]}";
        assertThat(with(json, "", "M")).isEqualTo(json.replace("U\"", "U\\n\\nM\""));
    }

    @Test
    void anotherEncodingIsRefused() {
        byte[] json = "{\"messages\":[{\"role\":\"user\",\"content\":\"U\"}]}".getBytes(StandardCharsets.UTF_16BE);
        assertThatThrownBy(() -> ChatCompletionRequest.parse(json)).isInstanceOf(MemoryException.class);
    }

    @Test
    void theConversationTellsCallsApart() {
        var one = parse(
                "{\"messages\":[{\"role\":\"system\",\"content\":\"Monday\"},{\"role\":\"user\",\"content\":\"a\"}]}");
        var later = parse(
                "{\"messages\":[{\"role\":\"system\",\"content\":\"Tuesday\"},{\"role\":\"user\",\"content\":\"a\"}]}");
        var other =
                parse("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"\"}]}");
        assertThat(ConversationFingerprint.of("s", one.turns()))
                .isEqualTo(ConversationFingerprint.of("s", later.turns()));
        assertThat(ConversationFingerprint.of("s", one.turns()))
                .isNotEqualTo(ConversationFingerprint.of("t", one.turns()));
        assertThat(ConversationFingerprint.of("s", one.turns()))
                .isNotEqualTo(ConversationFingerprint.of("s", other.turns()));
    }
}
