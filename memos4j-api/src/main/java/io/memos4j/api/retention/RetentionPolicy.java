package io.memos4j.api.retention;

import io.memos4j.api.MemoryException;
import java.time.Duration;
import java.util.Optional;

/**
 * Retention policy of a cube. The default loses nothing.
 *
 * <p>An item's heat is 1 when it is stored, grows by 1 with each use and halves in each half-life; the half-life of an
 * item grows with its uses. Instructions, preferences, the profile, current values of attributes, and frozen items
 * never cool out of recall.
 *
 * @param halfLife in which the heat of an item that was never used halves; {@link #MIN_DURATION} to
 *     {@link #MAX_DURATION}
 * @param archiveBelow items whose heat falls below this are archived, once a day; 0, never, to 1
 * @param capacity how many items are recalled; of more, the coldest are archived; at least 1, {@link #UNLIMITED} by
 *     default
 * @param timeToLive how long what is added from now on is recalled where the request says nothing; for ever if absent
 * @param forgetAfter how long what was asked to be forgotten is withheld before it is erased; zero, in the same call,
 *     to {@link #MAX_DURATION}
 */
public record RetentionPolicy(
        Duration halfLife, double archiveBelow, long capacity, Optional<Duration> timeToLive, Duration forgetAfter) {
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** A month without use halves, as coarse as the strength of a day is fine: users come back after weeks. */
    public static final Duration DEFAULT_HALF_LIFE = Duration.ofDays(30);

    /** Time to notice a misunderstanding; as long as the half-life, which users come back within. */
    public static final Duration DEFAULT_FORGET_AFTER = Duration.ofDays(30);

    public static final Duration MIN_DURATION = Duration.ofMinutes(1);
    public static final Duration MAX_DURATION = Duration.ofDays(36_500);

    /** Nothing is archived and nothing expires; what was asked to be forgotten is erased after a month. */
    public static final RetentionPolicy DEFAULT =
            new RetentionPolicy(DEFAULT_HALF_LIFE, 0, UNLIMITED, Optional.empty(), DEFAULT_FORGET_AFTER);

    public RetentionPolicy {
        if (halfLife.compareTo(MIN_DURATION) < 0 || halfLife.compareTo(MAX_DURATION) > 0) {
            throw MemoryException.invalid("The half-life is one minute to 36,500 days, not " + halfLife + ".");
        }
        if (!(archiveBelow >= 0 && archiveBelow <= 1)) {
            throw MemoryException.invalid("archiveBelow is 0 (never) to 1, not " + archiveBelow + ".");
        }
        if (capacity < 1) {
            throw MemoryException.invalid("The capacity is at least 1 item, not " + capacity + ".");
        }
        if (forgetAfter.isNegative() || forgetAfter.compareTo(MAX_DURATION) > 0) {
            throw MemoryException.invalid(
                    "The time until what was forgotten is erased is 0 to 36,500 days, not " + forgetAfter + ".");
        }
        timeToLive.ifPresent(time -> {
            if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(MAX_DURATION) > 0) {
                throw MemoryException.invalid("The time to live is one millisecond to 36,500 days, not " + time + ".");
            }
        });
    }

    public RetentionPolicy halfLife(Duration newHalfLife) {
        return new RetentionPolicy(newHalfLife, archiveBelow, capacity, timeToLive, forgetAfter);
    }

    public RetentionPolicy archiveBelow(double heat) {
        return new RetentionPolicy(halfLife, heat, capacity, timeToLive, forgetAfter);
    }

    public RetentionPolicy capacity(long items) {
        return new RetentionPolicy(halfLife, archiveBelow, items, timeToLive, forgetAfter);
    }

    public RetentionPolicy timeToLive(Duration newTimeToLive) {
        return new RetentionPolicy(halfLife, archiveBelow, capacity, Optional.of(newTimeToLive), forgetAfter);
    }

    public RetentionPolicy withoutTimeToLive() {
        return new RetentionPolicy(halfLife, archiveBelow, capacity, Optional.empty(), forgetAfter);
    }

    public RetentionPolicy forgetAfter(Duration newForgetAfter) {
        return new RetentionPolicy(halfLife, archiveBelow, capacity, timeToLive, newForgetAfter);
    }
}
