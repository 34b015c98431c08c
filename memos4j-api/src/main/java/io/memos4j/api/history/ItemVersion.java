package io.memos4j.api.history;

import io.memos4j.api.Actor;
import io.memos4j.api.items.MemoryItem;
import java.time.Instant;
import java.util.Optional;

/**
 * One version in the history of an item.
 *
 * @param item the item as it was
 * @param recordedAt when this version was stored
 * @param supersededAt when the next one was; empty for the current version
 * @param cause why: {@code add}, {@code update}, …
 * @param actor who made it
 * @param reason the rule that decided it, its evidence and confidence
 * @param succession what held its place while this version was current
 */
public record ItemVersion(
        MemoryItem item,
        Instant recordedAt,
        Optional<Instant> supersededAt,
        String cause,
        Actor actor,
        ChangeReason reason,
        Optional<SupersessionRecord> succession) {}
