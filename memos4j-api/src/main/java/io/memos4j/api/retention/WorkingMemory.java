package io.memos4j.api.retention;

import java.util.List;

/**
 * Working memory of a session: a bounded set that searches in the session consult first.
 *
 * @param session the conversation
 * @param items hottest first, {@value #MAX_ITEMS} at the most; only what is recalled
 */
public record WorkingMemory(String session, List<WorkingMemoryItem> items) {
    /** The most items of a session; the coldest are evicted. */
    public static final int MAX_ITEMS = 64;

    /** The most sessions of a cube with a working memory; the least recently touched is evicted. */
    public static final int MAX_SESSIONS = 256;

    public WorkingMemory {
        items = List.copyOf(items);
    }
}
