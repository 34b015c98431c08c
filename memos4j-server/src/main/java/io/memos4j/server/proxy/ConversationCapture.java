package io.memos4j.server.proxy;

import io.memos4j.api.MemCube;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.Message;
import io.memos4j.server.proxy.ChatCompletionRequest.Turn;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Stores the messages of a chat completion, each once. Clients send the whole history with each request, several
 * requests per turn when tools are used, and repeat failed requests. Therefore only the user's last message and the
 * answer are stored, each under an idempotency key derived from the session and everything said before.
 */
final class ConversationCapture {
    /** The metadata key of a captured message's fingerprint. */
    static final String MARK = "turn";

    private static final String KEY = "proxy:";

    private ConversationCapture() {}

    /**
     * Stores the user's last message and the answer.
     *
     * @param answer the assistant's answer; empty if it called a tool instead
     */
    static void store(MemCube cube, ProxyConversation conversation, String answer) {
        List<Turn> asked = conversation.request().throughLastUserTurn();
        if (!conversation.request().question().isBlank()) {
            Message message = Message.user(conversation.request().question());
            add(cube, message.in(conversation.session()), ConversationFingerprint.of(conversation.session(), asked));
        }
        if (!answer.isBlank()) {
            List<Turn> whole = Stream.concat(
                            conversation.request().turns().stream(),
                            Stream.of(new Turn("assistant", answer, Optional.empty())))
                    .toList();
            Message message = Message.assistant(answer);
            add(cube, message.in(conversation.session()), ConversationFingerprint.of(conversation.session(), whole));
        }
    }

    private static void add(MemCube cube, Message message, String key) {
        Message marked = message.with(Map.of(MARK, ConversationFingerprint.of(message.text())));
        cube.add(AddRequest.of(List.of(marked)).withIdempotencyKey(KEY + key));
    }
}
