package io.memos4j.server.proxy;

import io.memos4j.internal.Sha256Hash;
import io.memos4j.server.proxy.ChatCompletionRequest.Turn;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/** Computes SHA-256 fingerprints of messages and conversations, to recognize what was said before. */
final class ConversationFingerprint {
    private static final int MARK = 24;

    private final MessageDigest digest = Sha256Hash.digest();

    private ConversationFingerprint() {}

    /** Returns the fingerprint of a text. */
    static String of(String text) {
        return new ConversationFingerprint().add(text).hex().substring(0, MARK);
    }

    /**
     * Returns the fingerprint of a session's messages. Instructions do not count, because they can change from day to
     * day.
     */
    static String of(String session, List<Turn> turns) {
        List<Turn> spoken = turns.stream().filter(turn -> !turn.isInstruction()).toList();
        ConversationFingerprint fingerprint =
                new ConversationFingerprint().add(session).add(Integer.toString(spoken.size()));
        spoken.forEach(turn -> fingerprint.add(turn.role()).add(turn.text()));
        return fingerprint.hex();
    }

    /** Adds a text, prefixed with its length so that no two lists of texts collide. */
    private ConversationFingerprint add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
        return this;
    }

    private String hex() {
        return Sha256Hash.hex(digest);
    }
}
