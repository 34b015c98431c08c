package io.memos4j.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A memory.
 *
 * @param id the ID, valid until the memory is erased
 * @param version 1 for a new memory; each change creates the next version
 * @param type {@code message}, {@code note}, {@code fact}, {@code preference} …
 * @param state {@code activated}, {@code archived}, {@code superseded} …
 * @param time the time at which it happened or was said
 * @param recorded the time at which it was stored
 * @param validTo the time at which it ceased to hold
 * @param expires the time from which searches leave it out
 * @param sensitivity {@code public}, {@code internal}, {@code private} or {@code secret}
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
        String sensitivity,
        List<Source> sources) {
    /**
     * The origin of a memory.
     *
     * @param kind {@code item}, {@code document} or {@code external}
     * @param start the offset of the first character of the part
     * @param end the offset behind the last character; 0 for the whole
     */
    public record Source(String kind, String id, int start, int end) {}
}
