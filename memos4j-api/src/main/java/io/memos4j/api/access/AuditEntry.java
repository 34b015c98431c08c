package io.memos4j.api.access;

import java.time.Instant;

/**
 * One call that changed something, or tried to.
 *
 * @param number counts all entries, without a gap
 * @param principal who; empty if no key was accepted
 * @param key the id of the key
 * @param action what was asked for, for example {@code POST /v1/cubes/{cube}/memories}
 * @param cube as the engine names it; empty if the call was about none
 * @param target what was changed within it: an item, a key; may be empty
 * @param outcome the HTTP status
 * @param request the id of the request
 */
public record AuditEntry(
        long number,
        Instant at,
        String principal,
        String key,
        String action,
        String cube,
        String target,
        int outcome,
        String request) {}
