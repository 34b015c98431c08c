package io.memos4j.spi;

import io.memos4j.api.MemoryItem;

/**
 * A message that no language model has read yet.
 *
 * @param ordinal its place in the order of insertion, for {@link VaultWriter#markRead}
 */
public record Unread(MemoryItem message, long ordinal) {}
