package io.memos4j.client;

import java.time.Instant;
import java.util.Map;

/**
 * A summary of a cube.
 *
 * @param types the number of memories by type
 * @param pendingVectors the number of texts whose vector is not computed yet; they are found by words until then
 */
public record CubeSummary(
        String cube, Instant created, long items, Map<String, Long> types, long sessions, long pendingVectors) {}
