package io.memos4j.core.kvcache;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** What is remembered of the uses of one artifact. */
final class KeyHistory {
    private static final double NEWEST = .3;
    private static final int COMING_HOURS = 3;

    private int uses;
    private int usesInSession;
    private String session = "";
    private long lastTime;
    private Instant lastAt = Instant.EPOCH;
    private double gap = Double.NaN;
    private double typicalGap = Double.NaN;
    private double typicalPause = Double.NaN;
    private double keptShare = Double.NaN;
    private final int[] visitsByHour = new int[24];
    private int visits;
    private int hour;
    private int[] lastSteps = {};

    /** Takes a use in; {@code time} is the traffic so far in bytes. */
    void record(CacheAccess<?> use, long time) {
        ZonedDateTime at = use.at().atZone(ZoneOffset.UTC);
        if (uses > 0) {
            gap = time - lastTime;
            typicalGap = blend(typicalGap, gap);
            typicalPause = blend(
                    typicalPause, Math.max(0, Duration.between(lastAt, use.at()).toSeconds()));
        }
        usesInSession = uses > 0 && session.equals(use.session()) ? usesInSession + 1 : 1;
        if (uses == 0
                || at.getHour() != hour
                || Duration.between(lastAt, use.at()).toHours() >= 1) {
            visits++;
            visitsByHour[at.getHour()]++;
        }
        hour = at.getHour();
        session = use.session();
        lastAt = use.at();
        uses++;
    }

    /** Notes that a label is awaited for the use at that time, predicted from these steps. */
    void awaitLabel(int[] steps, long time) {
        lastSteps = steps;
        lastTime = time;
    }

    void addLabel(boolean kept) {
        keptShare = blend(keptShare, kept ? 1 : 0);
    }

    int uses() {
        return uses;
    }

    int usesInSession() {
        return usesInSession;
    }

    long lastTime() {
        return lastTime;
    }

    int[] lastSteps() {
        return lastSteps;
    }

    /** Traffic since the use before the last, bytes; NaN before there were two. */
    double gap() {
        return gap;
    }

    /** Moving average of {@link #gap}; NaN before there were two uses. */
    double typicalGap() {
        return typicalGap;
    }

    /** Moving average of the seconds between uses; NaN before there were two. */
    double typicalPause() {
        return typicalPause;
    }

    /** Moving share of uses between which it was worth keeping; NaN before one is judged. */
    double keptShare() {
        return keptShare;
    }

    /** Visits: uses that another hour separates. */
    int visits() {
        return visits;
    }

    /** Share of visits that fell into this hour of the day or the next two; they make an eighth of a day. */
    double shareOfComingHours() {
        int coming = 0;
        for (int i = 0; i < COMING_HOURS; i++) {
            coming += visitsByHour[(hour + i) % 24];
        }
        return (double) coming / visits;
    }

    private static double blend(double old, double value) {
        return Double.isNaN(old) ? value : old + NEWEST * (value - old);
    }
}
