package io.memos4j.api.items;

import java.time.Instant;

/**
 * A session of a cube.
 *
 * @param items of every type and state
 * @param first when the earliest of them happened
 * @param last when the latest did
 */
public record SessionInfo(String session, long items, Instant first, Instant last) {}
