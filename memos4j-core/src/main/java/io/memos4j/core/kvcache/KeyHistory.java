package io.memos4j.core.kvcache;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** The access history of one artifact. */
final class KeyHistory {
    private static final double NEWEST_WEIGHT = .3;
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

    /** Records an access; {@code time} is the traffic so far in bytes. */
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

    /** Remembers the features of the access at {@code time} until its label is known. */
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

    /** Returns the bytes of traffic between the last two accesses; NaN before there were two. */
    double gap() {
        return gap;
    }

    /** Returns the moving average of {@link #gap}; NaN before there were two accesses. */
    double typicalGap() {
        return typicalGap;
    }

    /** Returns the moving average of the seconds between accesses; NaN before there were two. */
    double typicalPause() {
        return typicalPause;
    }

    /** Returns the moving share of intervals in which keeping the artifact paid off; NaN before the first label. */
    double keptShare() {
        return keptShare;
    }

    /** Returns the number of visits: accesses in different hours. */
    int visits() {
        return visits;
    }

    /** Returns the share of visits in this hour of the day or the next two, which make up an eighth of a day. */
    double shareOfComingHours() {
        int coming = 0;
        for (int i = 0; i < COMING_HOURS; i++) {
            coming += visitsByHour[(hour + i) % 24];
        }
        return (double) coming / visits;
    }

    private static double blend(double old, double value) {
        return Double.isNaN(old) ? value : old + NEWEST_WEIGHT * (value - old);
    }
}
