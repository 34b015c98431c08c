package io.memos4j.core.working;

import io.memos4j.api.ItemId;
import io.memos4j.api.WorkingMemory;
import io.memos4j.spi.Held;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a session has at hand, while it changes. Heat halves every 30 minutes, about as long as a pause ends a conversation. */
public final class WorkingSet {
    public static final String SAID = "said";
    public static final String FOUND = "found";
    public static final String PRELOADED = "preloaded";

    /** Places for what is preloaded. */
    public static final int MOST_PRELOADED = 16;

    /** What was only preloaded is half as hot as what was touched. */
    static final double PRELOADED_HEAT = 0.5;

    private static final Duration HALF_LIFE = Duration.ofMinutes(30);

    private static final Comparator<Held> HOTTEST_FIRST = Comparator.comparingDouble(Held::heat)
            .reversed()
            .thenComparing(Held::touchedAt, Comparator.reverseOrder())
            .thenComparing(Held::item, Comparator.reverseOrder());

    private final Map<ItemId, Held> held = new LinkedHashMap<>();

    public WorkingSet(Collection<Held> held) {
        held.forEach(each -> this.held.put(each.item(), each));
    }

    /** The session said or found an item. */
    public void touch(ItemId item, String cause, Instant now) {
        Held former = held.getOrDefault(item, new Held(item, 0, now, cause));
        held.put(item, new Held(item, heat(former, now) + 1, later(former.touchedAt(), now), cause));
    }

    /** The session will need an item soon; what it has at hand anyway stays as it is. */
    public void preload(ItemId item, Instant now) {
        Held former = held.getOrDefault(item, new Held(item, 0, now, PRELOADED));
        if (heat(former, now) < PRELOADED_HEAT) {
            held.put(item, new Held(item, PRELOADED_HEAT, later(former.touchedAt(), now), former.cause()));
        }
    }

    /**
     * What is at hand, hottest first, with its heat now. Beyond the bound the coldest are left out; what was preloaded has places of its own,
     * since in a lively session it would never be as hot as what was just touched.
     */
    public List<Held> at(Instant now) {
        List<Held> sorted = held.values().stream()
                .map(each -> new Held(each.item(), heat(each, now), each.touchedAt(), each.cause()))
                .sorted(HOTTEST_FIRST)
                .toList();
        long preloaded = Math.min(
                MOST_PRELOADED, sorted.stream().filter(WorkingSet::waits).count());
        Set<Held> kept = new HashSet<>();
        sorted.stream().filter(WorkingSet::waits).limit(preloaded).forEach(kept::add);
        sorted.stream()
                .filter(each -> !waits(each))
                .limit(WorkingMemory.MOST - preloaded)
                .forEach(kept::add);
        return sorted.stream().filter(kept::contains).toList();
    }

    /** Whether it was preloaded and not touched since. */
    private static boolean waits(Held held) {
        return held.cause().equals(PRELOADED);
    }

    /** What to store: the heat of each as it was when last touched. */
    public List<Held> stored(Instant now) {
        return at(now).stream()
                .map(each -> held.getOrDefault(each.item(), each))
                .toList();
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static double heat(Held held, Instant now) {
        double elapsed = Math.max(0, Duration.between(held.touchedAt(), now).toMillis());
        return held.heat() * Math.pow(2, -elapsed / HALF_LIFE.toMillis());
    }
}
