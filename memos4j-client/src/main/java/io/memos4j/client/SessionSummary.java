package io.memos4j.client;

import java.time.Instant;

/**
 * A conversation in a cube.
 *
 * @param items memories of it
 * @param first when the first of them happened
 * @param last when the last of them happened
 */
public record SessionSummary(String session, long items, Instant first, Instant last) {}
