package io.memos4j.server.proxy;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.Message;
import io.memos4j.server.proxy.ChatCompletionRequest.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Remembers what was said in a call, each thing once. A client sends the whole history with each call, several calls
 * for one turn where tools are used, and a call again where it failed on the way; so only the last message of the user
 * and the answer are taken, each under a key made of the session and everything that was said before.
 */
final class ConversationCapture {
    /** The metadata key under which a captured message holds its fingerprint. */
    static final String MARK = "turn";

    private static final String KEY = "proxy:";

    private ConversationCapture() {}

    /**
     * Stores both.
     *
     * @param answer of the assistant; empty if it called a tool instead
     * @return what was stored now
     */
    static List<ItemId> store(MemCube cube, ProxyConversation talk, String answer) {
        List<Turn> asked = talk.request().throughLastUserTurn();
        List<ItemId> stored = new ArrayList<>();
        if (!talk.request().question().isBlank()) {
            Message message = Message.user(talk.request().question());
            stored.addAll(add(cube, message.in(talk.session()), ConversationFingerprint.of(talk.session(), asked)));
        }
        if (!answer.isBlank()) {
            List<Turn> whole = Stream.concat(
                            talk.request().turns().stream(), Stream.of(new Turn("assistant", answer, Optional.empty())))
                    .toList();
            Message message = Message.assistant(answer);
            stored.addAll(add(cube, message.in(talk.session()), ConversationFingerprint.of(talk.session(), whole)));
        }
        return stored;
    }

    private static List<ItemId> add(MemCube cube, Message message, String key) {
        Message marked = message.with(Map.of(MARK, ConversationFingerprint.of(message.text())));
        AddResult result = cube.add(AddRequest.of(List.of(marked)).withIdempotencyKey(KEY + key));
        return result.replayed() ? List.of() : result.ids();
    }
}
