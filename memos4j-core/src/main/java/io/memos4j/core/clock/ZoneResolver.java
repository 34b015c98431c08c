package io.memos4j.core.clock;

import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.CubeRow;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;

/**
 * Resolves the time zone in which words like "yesterday" are read: that of the message, else of the request, else of
 * the cube, else of the engine.
 */
public final class ZoneResolver {
    private ZoneResolver() {}

    /** The zone of what names none: that of the request, the cube or the engine, in this order. */
    public static ZoneId resolve(Optional<ZoneId> request, CubeRow cube, ZoneId engine) {
        return request.or(cube::zone).orElse(engine);
    }

    /** The zone of a cube in background work, which no request asks for. */
    public static ZoneId resolve(CubeRow cube, ZoneId engine) {
        return resolve(Optional.empty(), cube, engine);
    }

    /** The zone in which an item was said. */
    public static ZoneId zoneOf(MemoryItem item, ZoneId otherwise) {
        return item.times().zone().orElse(otherwise);
    }

    /** The local time at which an item was said. */
    public static ZonedDateTime timeOf(MemoryItem item, ZoneId otherwise) {
        return item.times().occurredAt().atZone(zoneOf(item, otherwise));
    }

    /** The local day on which an item was said. */
    public static LocalDate dayOf(MemoryItem item, ZoneId otherwise) {
        return timeOf(item, otherwise).toLocalDate();
    }
}
