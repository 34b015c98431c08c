package io.memos4j.core.composition;

import io.memos4j.api.TaskKind;
import io.memos4j.core.scheduler.ExtractTask;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.Inserted;
import io.memos4j.spi.VaultReader;
import io.memos4j.spi.VaultWriter;
import java.util.function.LongSupplier;

/**
 * What a language model need not read again: messages that it has read in the one cube count as read in the other if all was read there.
 * What it made of them comes along.
 *
 * @param unread the place of the first message of the one cube that was not read; the highest number if all were
 */
record Reading(Route route, long unread) {
    static Reading of(VaultReader reader, Route route) {
        return new Reading(route, firstUnread(reader, route.from().key()));
    }

    private static long firstUnread(VaultReader reader, CubeKey cube) {
        return reader.unmarked(cube, TaskKind.EXTRACT, ExtractTask.READABLE, 1).stream()
                .mapToLong(Inserted::ordinal)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    /**
     * Copies what comes before a place in the one cube.
     *
     * @param copy returns the last place in the other cube
     */
    void carry(VaultWriter writer, long end, LongSupplier copy) {
        CubeKey to = route.to().key();
        boolean read = end < unread && firstUnread(writer, to) == Long.MAX_VALUE;
        long last = copy.getAsLong();
        if (read) {
            writer.mark(to, TaskKind.EXTRACT, last);
        }
    }
}
