package io.memos4j.api.history;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;

/**
 * Identity of a change: the item and the version that the change made. Its text form is {@code c_ITEM_VERSION}.
 *
 * @param version 2 or higher; version 1 is the item itself
 */
public record ChangeId(ItemId item, int version) {
    private static final String PREFIX = "c_";

    public ChangeId {
        if (version < 2) {
            throw MemoryException.invalid("A change makes version 2 or a later one, not " + version + ".");
        }
    }

    /** Reads the text form; refuses anything else. */
    public static ChangeId parse(String text) {
        int end = text.lastIndexOf('_');
        if (text.startsWith(PREFIX)
                && end > PREFIX.length()
                && text.substring(end + 1).matches("\\d{1,9}")) {
            return new ChangeId(
                    ItemId.parse(text.substring(PREFIX.length(), end)), Integer.parseInt(text.substring(end + 1)));
        }
        throw MemoryException.invalid("'" + text
                + "' is not the id of a change. It looks like c_01890a5d-ac96-774b-bcce-b302099a8057_2;"
                + " list the changes to see theirs.");
    }

    @Override
    public String toString() {
        return PREFIX + item + "_" + version;
    }
}
