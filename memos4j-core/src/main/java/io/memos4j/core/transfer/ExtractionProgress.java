package io.memos4j.core.transfer;

import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.extraction.ExtractTask;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.items.InsertedItem;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.util.function.LongSupplier;

/**
 * What a language model need not read again: messages that it has read in the one cube count as read in the other if
 * all was read there. What it made of them comes along.
 *
 * @param unread the place of the first message of the one cube that was not read; the highest number if all were
 */
record ExtractionProgress(TransferRoute route, long firstUnreadOrdinal) {
    static ExtractionProgress read(VaultReader reader, TransferRoute route) {
        return new ExtractionProgress(route, firstUnread(reader, route.from().key()));
    }

    private static long firstUnread(VaultReader reader, CubeKey cube) {
        return reader.itemsAfterMark(cube, TaskKind.EXTRACT, ExtractTask.READABLE, 1).stream()
                .mapToLong(InsertedItem::ordinal)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    /**
     * Copies what comes before a place in the one cube.
     *
     * @param copy returns the last place in the other cube
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
