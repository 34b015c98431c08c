package io.memos4j.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The examples and the rules of the HTML standard, section 9.2.6. */
class ServerSentEventDecoderTest {
    private static final int MAX_BYTES = 64;

    /** Streams with the events that they hold, each written as {@code type|data|id}. */
    static Stream<Arguments> streams() {
        return Stream.of(
                Arguments.of("", List.of()),
                Arguments.of("data: a\n\n", List.of("message|a|")),
                Arguments.of("data: a\r\n\r\n", List.of("message|a|")),
                Arguments.of("data: a\r\r", List.of("message|a|")),
                Arguments.of("data: a\r\n\ndata: b\n\r\n", List.of("message|a|", "message|b|")),
                Arguments.of("\uFEFFdata: a\n\n", List.of("message|a|")),
                Arguments.of("\uFEFF\uFEFFdata: a\n\n", List.of()),
                Arguments.of("data: a\n\n\uFEFFdata: b\n\n", List.of("message|a|")),
                Arguments.of("data: a\ndata: b\ndata:  c\n\n", List.of("message|a\nb\n c|")),
                Arguments.of("data:a\n\n", List.of("message|a|")),
                Arguments.of("data\n\n", List.of("message||")),
                Arguments.of("data\ndata\n\ndata:", List.of("message|\n|")),
                Arguments.of("data: a\n", List.of()),
                Arguments.of("data: a", List.of()),
                Arguments.of("\n\n\n", List.of()),
                Arguments.of(": comment\n:data: x\n\n", List.of()),
                Arguments.of("event: add\ndata: 1\n\ndata: 2\n\n", List.of("add|1|", "message|2|")),
                Arguments.of("event: lost\n\ndata: 1\n\n", List.of("message|1|")),
                Arguments.of(
                        "id: 7\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
                        List.of("message|a|7", "message|b|7", "message|c|")),
                Arguments.of("id: 7\ndata: a\n\nid: 8\u0000\ndata: b\n\n", List.of("message|a|7", "message|b|7")),
                Arguments.of("unknown: x\ndata : y\nDATA: z\ndata: a\n\n", List.of("message|a|")),
                Arguments.of("data: Zoë 你好 🧭\n\n", List.of("message|Zoë 你好 🧭|")),
                Arguments.of("error: e\n\n", List.of()));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void aStreamHoldsTheEventsThatTheStandardSays(String stream, List<String> expected) throws Exception {
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        assertThat(decoded(bytes, bytes.length + 1)).isEqualTo(expected);
        for (int length : new int[] {1, 2, 3, 5}) {
            assertThat(decoded(bytes, length)).as("in pieces of " + length).isEqualTo(expected);
        }
    }

    private static List<String> decoded(byte[] bytes, int length) throws HttpCallException {
        ServerSentEventDecoder decoder = new ServerSentEventDecoder(MAX_BYTES);
        List<String> events = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += length) {
            decoder.decode(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + length)))
                    .forEach(each -> events.add(each.type() + "|" + each.data() + "|" + each.lastEventId()));
        }
        return events;
    }

    @Test
    void theTimeToReconnectIsANumberOfMilliseconds() throws Exception {
        ServerSentEventDecoder decoder = new ServerSentEventDecoder(MAX_BYTES);
        decoder.decode("retry: soon\nretry: -1\n".getBytes(StandardCharsets.UTF_8));
        assertThat(decoder.reconnectionTime()).isEmpty();
        decoder.decode("retry: 1500\n".getBytes(StandardCharsets.UTF_8));
        assertThat(decoder.reconnectionTime()).contains(Duration.ofMillis(1500));
    }

    @Test
    void theErrorFieldsOfLlamaServerAreDataOnRequest() throws Exception {
        ServerSentEventDecoder decoder = ServerSentEventDecoder.withErrorFields(MAX_BYTES);
        assertThat(decoder.decode("error: {\"code\":500}\n\n".getBytes(StandardCharsets.UTF_8)))
                .containsExactly(new ServerSentEvent("message", "{\"code\":500}", ""));
    }

    @Test
    void linesAndEventsAreBounded() {
        byte[] line = ("data: " + "x".repeat(MAX_BYTES)).getBytes(StandardCharsets.UTF_8);
        assertTooLarge(line);
        assertTooLarge("data: 0123456789\n".repeat(10).getBytes(StandardCharsets.UTF_8));
        assertTooLarge(new byte[MAX_BYTES + 1]);
    }

    private static void assertTooLarge(byte[] bytes) {
        assertThatThrownBy(() -> new ServerSentEventDecoder(MAX_BYTES).decode(bytes))
                .isInstanceOfSatisfying(
                        HttpCallException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(HttpFailureKind.ANSWER_TOO_LARGE));
    }
}
