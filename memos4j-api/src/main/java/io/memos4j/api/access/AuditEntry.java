package io.memos4j.api.access;

import java.time.Instant;

/**
 * An entry of the audit log: a change that was made, or calls that only read, were refused or failed.
 *
 * <p>A change has an entry for each of its transactions, written in the same one. Calls that change nothing are
 * gathered: one entry stands for those of the same caller with the same action and outcome within a short time.
 *
 * @param number counts all entries, without a gap
 * @param at when; of several calls, the first
 * @param principal who; empty if no key was accepted, {@code local} for the owner of the data directory
 * @param key the id of the key; empty if there was none
 * @param action what was asked for, for example {@code POST /v1/cubes/{cube}/memories}, {@code memos4j add} or
 *     {@code library search}
 * @param cube as the engine names it; empty if it was about none
 * @param target what was changed within it: items, a key; may be empty
 * @param outcome an HTTP status; 200 for a change that was made
 * @param request the id of the request; of several, the first
 * @param count the number of calls that the entry stands for
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
        String request,
        long count) {
    /** An entry for one call. */
    public AuditEntry(
            long number,
            Instant at,
            String principal,
            String key,
            String action,
            String cube,
            String target,
            int outcome,
            String request) {
        this(number, at, principal, key, action, cube, target, outcome, request, 1);
    }
}
