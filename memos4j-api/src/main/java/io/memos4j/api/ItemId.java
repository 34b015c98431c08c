package io.memos4j.api;

import java.util.UUID;

/**
 * The identity of a memory item, valid for ever and unique over all cubes. Ids made by the engine are UUID version 7.
 */
public record ItemId(UUID value) implements Comparable<ItemId> {

    /** Reads the canonical text form; refuses anything else. */
    public static ItemId parse(String text) {
        try {
            if (text.length() == 36) {
                return new ItemId(UUID.fromString(text));
            }
        } catch (IllegalArgumentException e) {
            // Fall through to the one refusal below.
        }
        throw MemoryException.invalid(
                "'" + text + "' is not an item id. An id looks like 01890a5d-ac96-774b-bcce-b302099a8057.");
    }

    @Override
    public int compareTo(ItemId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
