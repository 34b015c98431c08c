package io.memos4j.core.kvcache;

import java.time.Instant;

/**
 * One access to a cached artifact.
 *
 * @param key identifies the artifact
 * @param size bytes
 * @param session the conversation that uses it; empty for background work
 * @param at time of the access
 */
public record CacheAccess<K>(K key, long size, String session, Instant at) {}
