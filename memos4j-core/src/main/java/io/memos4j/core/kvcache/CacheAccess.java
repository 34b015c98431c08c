package io.memos4j.core.kvcache;

import java.time.Instant;

/**
 * One use of a KV artifact, as it is known at its moment.
 *
 * @param key the artifact
 * @param size its bytes
 * @param session the conversation that uses it; empty for work in the background
 * @param at when
 */
public record CacheAccess<K>(K key, long size, String session, Instant at) {}
