package io.memos4j.api.retention;

import java.util.List;

/**
 * What a session has at hand: a bounded set that is consulted first by searches in the session.
 *
 * @param session the conversation
 * @param items hottest first, {@value #MAX_ITEMS} at the most; only what is recalled
 */
public record WorkingMemory(String session, List<WorkingMemoryItem> items) {
    /** Items that a session has at hand; the coldest make room. */
    public static final int MAX_ITEMS = 64;

    /** Sessions of a cube that have a working memory; the one that was touched least recently makes room. */
    public static final int MAX_SESSIONS = 256;

    public WorkingMemory {
        items = List.copyOf(items);
    }
}
