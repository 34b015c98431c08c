package io.memos4j.api;

import io.memos4j.api.items.ItemType;
import java.time.Instant;
import java.util.Map;

/**
 * Description of the contents of a cube.
 *
 * @param id its name
 * @param createdAt when it was made
 * @param items current items by type, all states
 * @param sessions how many sessions
 * @param changes the cube's sequence number: how many changes it has seen
 * @param embedder the identity of the embedder that its vectors come from; empty if it has none
 * @param pendingVectors passages whose vector is still to be computed
 */
public record CubeDescription(
        CubeId id,
        Instant createdAt,
        Map<ItemType, Long> items,
        long sessions,
        long changes,
        String embedder,
        long pendingVectors) {
    public CubeDescription {
        items = Map.copyOf(items);
    }

    public long itemCount() {
        return items.values().stream().mapToLong(Long::longValue).sum();
    }
}
