package io.memos4j.api.access;

/**
 * An entry of the audit log with its place in the chain.
 *
 * @param hash SHA-256 of the hash before it and of the entry, 64 hexadecimal digits; see docs/security.md
 */
public record AuditRecord(AuditEntry entry, String hash) {}
