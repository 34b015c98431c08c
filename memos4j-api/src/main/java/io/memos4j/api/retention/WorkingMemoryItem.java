package io.memos4j.api.retention;

import io.memos4j.api.items.MemoryItem;
import java.time.Instant;

/**
 * An item in the working memory of a session.
 *
 * @param heat how much now; halves every 30 minutes
 * @param touchedAt when the session last touched it
 * @param cause how it came there: {@code said} in the session, {@code found} by a search of it, {@code preloaded} for
 *     its next question
 */
public record WorkingMemoryItem(MemoryItem item, double heat, Instant touchedAt, String cause) {}
