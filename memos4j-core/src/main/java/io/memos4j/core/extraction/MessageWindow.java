package io.memos4j.core.extraction;

import io.memos4j.api.MemoryException;
import io.memos4j.api.items.MemoryItem;
import java.time.ZoneId;
import java.util.List;

/**
 * Messages that are read together.
 *
 * @param messages the messages of one window, in the order in which they were said; at least one
 * @param known the memories that the messages may change, the most relevant first
 * @param zone the zone of messages that were said in none
 */
public record MessageWindow(List<MemoryItem> messages, List<MemoryItem> known, ZoneId zone) {
    public MessageWindow {
        messages = List.copyOf(messages);
        known = List.copyOf(known);
        if (messages.isEmpty()) {
            throw MemoryException.invalid("A window needs at least one message.");
        }
    }
}
