package io.memos4j.spi.retention;

import io.memos4j.api.ItemId;
import java.time.Instant;

/**
 * An item in the working memory of a session, as it is stored.
 *
 * @param heat what it was when last touched
 * @param touchedAt when last touched
 * @param cause how it came there
 */
public record WorkingMemoryEntry(ItemId item, double heat, Instant touchedAt, String cause) {}
