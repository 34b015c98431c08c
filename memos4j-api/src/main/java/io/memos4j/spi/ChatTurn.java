package io.memos4j.spi;

import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Role;

/**
 * One message of a conversation with a language model.
 *
 * @param role system, user, assistant or tool
 * @param text as it was written; nothing in it is taken for a control token
 */
public record ChatTurn(Role role, String text) {
    public ChatTurn {
        if (role == Role.NONE) {
            throw MemoryException.invalid("A turn of a conversation has a speaker: system, user, assistant or tool.");
        }
    }

    public static ChatTurn system(String text) {
        return new ChatTurn(Role.SYSTEM, text);
    }

    public static ChatTurn user(String text) {
        return new ChatTurn(Role.USER, text);
    }

    public static ChatTurn assistant(String text) {
        return new ChatTurn(Role.ASSISTANT, text);
    }
}
