package io.memos4j.vault.sqlite;

import io.memos4j.api.ItemId;
import io.memos4j.api.tasks.TaskId;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HexFormat;
import java.util.UUID;

/** Ids of items and tasks as the 16 bytes that are stored. */
final class StoredIds {
    private StoredIds() {}

    static byte[] bytes(ItemId id) {
        return bytes(id.value());
    }

    static byte[] bytes(TaskId id) {
        return bytes(id.value());
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    static ItemId of(byte[] bytes) {
        return new ItemId(uuid(bytes));
    }

    static TaskId task(byte[] bytes) {
        return new TaskId(uuid(bytes));
    }

    private static UUID uuid(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    /** A JSON array of hexadecimal ids: any number of them as one bound value, read by {@link #LIST}. */
    static String list(Collection<ItemId> ids) {
        return SqliteJson.of(
                ids.stream().map(id -> HexFormat.of().formatHex(bytes(id))).toList());
    }

    /** A table expression over a bound {@link #list}: columns {@code position} and {@code id}. */
    static final String LIST = "(SELECT key AS position, unhex(value) AS id FROM json_each(?))";

    /** A subquery of the ids of a bound {@link #list}. */
    static final String IDS = "(SELECT id FROM " + LIST + ")";
}
