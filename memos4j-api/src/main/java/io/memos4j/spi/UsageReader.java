package io.memos4j.spi;

import io.memos4j.api.ItemId;
import io.memos4j.api.Policy;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How often items are used, how a cube lets them age, and what sessions have at hand, to look at. Valid like the {@link VaultReader} that it
 * belongs to.
 */
public interface UsageReader {
    /** How a cube lets its memories age; the default if nothing was said. */
    Policy policy(CubeKey cube);

    /** The use of those of these items that were used. */
    Map<ItemId, Use> uses(CubeKey cube, Collection<ItemId> ids);

    /** How often the cube was asked for anything; empty if never. */
    Optional<Use> asked(CubeKey cube);

    /** The items that were used last, last one first. */
    List<Map.Entry<ItemId, Use>> lastUsed(CubeKey cube, int limit);

    /** Generated, activated and archived items whose time to live has ended by {@code now}, earliest first. */
    List<ItemId> due(CubeKey cube, Instant now, int limit);

    /** When the next time to live ends, or has ended, of a generated, activated or archived item. */
    Optional<Instant> nextExpiry(CubeKey cube);

    /** Activated items behind a place in the order of insertion, in that order. */
    List<Aging> aging(CubeKey cube, long after, int limit);

    /** How many items of the cube are recalled: activated or frozen. */
    long recalled(CubeKey cube);

    /** What a session has at hand, in no order. */
    List<Held> held(CubeKey cube, String session);

    /**
     * Items in the working memories of other sessions that hold some of these items, those first whose sessions share most with these;
     * without these.
     */
    List<ItemId> heldWith(CubeKey cube, String session, Collection<ItemId> ids, int limit);
}
