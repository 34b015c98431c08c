package io.memos4j.spi.access;

/**
 * A place in the audit log.
 *
 * @param number of an entry; 0 for the beginning
 * @param hash the hash of that entry; 32 zeros for the beginning
 */
public record AuditPosition(long number, byte[] hash) {}
