package io.memos4j.vault.sqlite;

import io.memos4j.api.MemoryException;

/** Cursor of a page of differences: the ordinal of its last item. */
final class DiffCursor {
    private static final String PREFIX = "after-";

    private DiffCursor() {}

    static String encode(long ordinal) {
        return PREFIX + ordinal;
    }

    static long decode(String cursor) {
        if (cursor.isEmpty()) {
            return 0;
        }
        if (cursor.matches(PREFIX + "\\d{1,18}")) {
            return Long.parseLong(cursor.substring(PREFIX.length()));
        }
        throw MemoryException.invalid(
                "'" + cursor + "' is not a cursor of differences. Use the one that the former page gave.");
    }
}
