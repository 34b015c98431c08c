package io.memos4j.client;

import java.time.Instant;
import java.util.Map;

/**
 * Description of the contents of a cube.
 *
 * @param types memories of each type
 * @param pendingVectors texts that still wait for their vector, and are found by words until then
 */
public record CubeSummary(
        String cube, Instant created, long items, Map<String, Long> types, long sessions, long pendingVectors) {}
