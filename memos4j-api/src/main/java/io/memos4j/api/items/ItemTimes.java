package io.memos4j.api.items;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * The times of an item, bi-temporal: when it holds in the world, and when the system knew it. Resolution: milliseconds.
 *
 * @param occurredAt when it was said or happened; the time of recording if the caller gave none
 * @param recordedAt when the item was first stored
 * @param updatedAt when its current version was stored
 * @param validFrom from when it holds in the world, if known
 * @param validTo until when it held in the world, if it no longer does
 * @param expiresAt when its time to live ends, if it has one; from then on it is not recalled. Of a forgotten item:
 *     when it is erased
 * @param zone the time zone in which it was said, where "yesterday" is the day before; unknown if absent
 */
public record ItemTimes(
        Instant occurredAt,
        Instant recordedAt,
        Instant updatedAt,
        Optional<Instant> validFrom,
        Optional<Instant> validTo,
        Optional<Instant> expiresAt,
        Optional<ZoneId> zone) {

    /** Times of an item made at {@code recordedAt} about {@code occurredAt}, validity and zone unknown. */
    public static ItemTimes recorded(Instant occurredAt, Instant recordedAt) {
        return new ItemTimes(
                occurredAt,
                recordedAt,
                recordedAt,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The same times with another end of the time to live, or none. */
    public ItemTimes expiring(Optional<Instant> newExpiresAt) {
        return new ItemTimes(occurredAt, recordedAt, updatedAt, validFrom, validTo, newExpiresAt, zone);
    }

    /** The same times, said in a zone or in an unknown one. */
    public ItemTimes in(Optional<ZoneId> newZone) {
        return new ItemTimes(occurredAt, recordedAt, updatedAt, validFrom, validTo, expiresAt, newZone);
    }

    /** Returns true if the time to live has ended by {@code instant}. */
    public boolean isExpiredAt(Instant instant) {
        return expiresAt.map(end -> !end.isAfter(instant)).orElse(false);
    }

    /** Returns true if the item was valid in the world at {@code instant}. */
    public boolean isValidAt(Instant instant) {
        return validFrom.map(from -> !from.isAfter(instant)).orElse(true)
                && validTo.map(instant::isBefore).orElse(true);
    }
}
