package io.memos4j.client;

import java.time.Instant;

/**
 * A session in a cube.
 *
 * @param items the number of its memories
 * @param first the time of the first one
 * @param last the time of the last one
 */
public record SessionSummary(String session, long items, Instant first, Instant last) {}
