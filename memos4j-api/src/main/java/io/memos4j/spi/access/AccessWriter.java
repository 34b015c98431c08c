package io.memos4j.spi.access;

import io.memos4j.api.access.AuditEntry;
import io.memos4j.api.access.CubeGrant;
import io.memos4j.api.access.Principal;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.Map;

/** Changes principals, keys, grants and the audit log. Works inside the transaction of its {@link VaultWriter}. */
public interface AccessWriter extends AccessReader {
    /** Adds a principal. The name must be free. */
    void create(Principal principal);

    /** Removes a principal with its keys and grants; the audit keeps its name. False if there is none. */
    boolean remove(String principal);

    /** Adds a key. Its id must be free and its principal exist. */
    void issue(StoredKey key);

    /** Makes a key useless for good: it keeps no hash. */
    void revoke(String key, Instant at);

    /** Lets a key end at a time to come. */
    void expire(String key, Instant revokedAt);

    /**
     * Notes when keys were last used, by id. Ids of no key are passed over; an earlier time than the one known changes
     * nothing.
     */
    void recordKeyUse(Map<String, Instant> lastUsed);

    /**
     * Lets a principal use a cube, in place of what was granted before. It goes with the cube, and with the principal,
     * which must exist.
     */
    void grant(CubeKey cube, CubeGrant grant);

    /** Takes a grant back; whether there was one. */
    boolean revokeGrant(String principal, CubeKey cube);

    /**
     * Adds an entry to the audit, which can be neither changed nor removed; the number of the given one is not looked
     * at. Returns its number.
     */
    long record(AuditEntry entry);
}
