package io.memos4j.core.activation;

import java.time.Instant;
import java.util.List;

/** What stays in a place with a budget, by {@link Residence} and the foresight of {@link Foresight}. Not thread-safe: callers lock. */
final class Room {
    private final long budget;
    private final Residence<String> residence;
    private final Foresight<String> foresight;

    /** @param budget in whatever unit sizes have */
    Room(long budget) {
        this.budget = budget;
        this.residence = new Residence<>(budget);
        this.foresight = new Foresight<>(Math.max(1, budget));
    }

    /** Uses an entry, which stays from now on; what is to go. It is the entry itself if it is larger than all. */
    List<String> use(String key, long size, String session, Instant now) {
        boolean again =
                foresight.observe(new ArtifactUse<>(key, size, session, now)).again();
        return residence.use(key, size, again);
    }

    boolean contains(String key) {
        return residence.contains(key);
    }

    void remove(String key) {
        residence.remove(key);
    }

    /** What to give up first if a quarter must go. */
    List<String> shrink() {
        List<String> gone = residence.resize(residence.bytes() * 3 / 4);
        residence.resize(budget);
        return gone;
    }
}
