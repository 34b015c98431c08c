package io.memos4j.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One memory.
 *
 * @param id stays valid until the memory is forgotten
 * @param version 1 for a new one; each change makes the next
 * @param type {@code message}, {@code note}, {@code fact}, {@code preference} …
 * @param state {@code activated}, {@code archived}, {@code superseded} …
 * @param time when it happened or was said
 * @param recorded when it was stored
 * @param validTo when it ceased to hold
 * @param expires when it will be left out of searches
 */
public record MemoryRecord(
        String id,
        String cube,
        int version,
        String type,
        String state,
        String text,
        String title,
        String session,
        String role,
        String speaker,
        Instant time,
        Instant recorded,
        Instant updated,
        Optional<Instant> validFrom,
        Optional<Instant> validTo,
        Optional<Instant> expires,
        List<String> tags,
        Map<String, Object> metadata,
        List<Source> sources) {
    /**
     * Where a memory comes from.
     *
     * @param kind {@code item}, {@code document} or {@code external}
     * @param start the first character of the part that is meant
     * @param end behind the last one; 0 for the whole
     */
    public record Source(String kind, String id, int start, int end) {}
}
