package io.memos4j.core.retention;

import io.memos4j.api.ItemId;
import io.memos4j.api.retention.WorkingMemory;
import io.memos4j.spi.retention.WorkingMemoryEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static io.memos4j.core.retention.ExponentialDecay.later;

/**
 * The working memory of a session while it changes. Heat halves every 30 minutes, about the length of a pause that ends
 * a conversation. Not thread-safe.
 */
public final class SessionWorkingMemory {
    public static final String SAID = "said";
    public static final String FOUND = "found";
    public static final String PRELOADED = "preloaded";

    /** The places for preloaded items. */
    public static final int MOST_PRELOADED = 16;

    /** The heat of a preloaded item; one that was touched has 1. */
    static final double PRELOADED_HEAT = 0.5;

    private static final Duration HALF_LIFE = Duration.ofMinutes(30);

    private static final Comparator<WorkingMemoryEntry> HOTTEST_FIRST = Comparator.comparingDouble(
                    WorkingMemoryEntry::heat)
            .reversed()
            .thenComparing(WorkingMemoryEntry::touchedAt, Comparator.reverseOrder())
            .thenComparing(WorkingMemoryEntry::item, Comparator.reverseOrder());

    private final Map<ItemId, WorkingMemoryEntry> held = new LinkedHashMap<>();

    public SessionWorkingMemory(Collection<WorkingMemoryEntry> held) {
        held.forEach(each -> this.held.put(each.item(), each));
    }

    /** Heats an item that the session said or found. */
    public void touch(ItemId item, String cause, Instant now) {
        WorkingMemoryEntry former = held.getOrDefault(item, new WorkingMemoryEntry(item, 0, now, cause));
        held.put(item, new WorkingMemoryEntry(item, heat(former, now) + 1, later(former.touchedAt(), now), cause));
    }

    /** Adds an item that the session will probably need; a hotter one stays as it is. */
    public void preload(ItemId item, Instant now) {
        WorkingMemoryEntry former = held.getOrDefault(item, new WorkingMemoryEntry(item, 0, now, PRELOADED));
        if (heat(former, now) < PRELOADED_HEAT) {
            held.put(
                    item, new WorkingMemoryEntry(item, PRELOADED_HEAT, later(former.touchedAt(), now), former.cause()));
        }
    }

    /**
     * The items, hottest first, with their present heat. The coldest beyond the bound are left out; preloaded items
     * have places of their own, since in a busy session they are never as hot as what was just touched.
     */
    public List<WorkingMemoryEntry> rankedAt(Instant now) {
        List<WorkingMemoryEntry> sorted = held.values().stream()
                .map(each -> new WorkingMemoryEntry(each.item(), heat(each, now), each.touchedAt(), each.cause()))
                .sorted(HOTTEST_FIRST)
                .toList();
        long preloaded = Math.min(
                MOST_PRELOADED,
                sorted.stream().filter(SessionWorkingMemory::isUntouchedPreload).count());
        Set<WorkingMemoryEntry> kept = new HashSet<>();
        sorted.stream()
                .filter(SessionWorkingMemory::isUntouchedPreload)
                .limit(preloaded)
                .forEach(kept::add);
        sorted.stream()
                .filter(each -> !isUntouchedPreload(each))
                .limit(WorkingMemory.MAX_ITEMS - preloaded)
                .forEach(kept::add);
        return sorted.stream().filter(kept::contains).toList();
    }

    /** Tells whether an item was preloaded and not touched since. */
    private static boolean isUntouchedPreload(WorkingMemoryEntry held) {
        return held.cause().equals(PRELOADED);
    }

    /** The items to store, each with its heat when it was last touched. */
    public List<WorkingMemoryEntry> toStored(Instant now) {
        return rankedAt(now).stream()
                .map(each -> held.getOrDefault(each.item(), each))
                .toList();
    }

    private static double heat(WorkingMemoryEntry held, Instant now) {
        return ExponentialDecay.decay(held.heat(), held.touchedAt(), now, HALF_LIFE.toMillis());
    }
}
