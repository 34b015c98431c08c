package io.memos4j.core.transfer;

import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.extraction.UnreadMessages;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.items.InsertedItem;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.util.function.LongSupplier;

/**
 * Carries the progress of extraction over to the target cube: messages already read in the source count as read in the
 * target if everything there was read. The extracted items are copied along.
 *
 * @param firstUnreadOrdinal ordinal of the first unread message in the source; {@link Long#MAX_VALUE} if all were read
 */
record ExtractionProgress(TransferRoute route, long firstUnreadOrdinal) {
    static ExtractionProgress read(VaultReader reader, TransferRoute route) {
        return new ExtractionProgress(route, firstUnread(reader, route.from().key()));
    }

    private static long firstUnread(VaultReader reader, CubeKey cube) {
        return reader.itemsAfterMark(cube, TaskKind.EXTRACT, UnreadMessages.READABLE, 1).stream()
                .mapToLong(InsertedItem::ordinal)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    /**
     * Copies the items before an ordinal of the source.
     *
     * @param copy copies them and returns the last ordinal in the target
     */
    void copyAndMark(VaultWriter writer, long end, LongSupplier copy) {
        CubeKey to = route.to().key();
        boolean read = end < firstUnreadOrdinal && firstUnread(writer, to) == Long.MAX_VALUE;
        long last = copy.getAsLong();
        if (read) {
            writer.setMark(to, TaskKind.EXTRACT, last);
        }
    }
}
