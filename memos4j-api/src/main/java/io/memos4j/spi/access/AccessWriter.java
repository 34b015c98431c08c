package io.memos4j.spi.access;

import io.memos4j.api.access.CubeGrant;
import io.memos4j.api.access.Principal;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.Map;

/** Changes principals, keys and grants. Works inside the transaction of its {@link VaultWriter}. */
public interface AccessWriter extends AccessReader {
    /** Adds a principal. The name must be free. */
    void create(Principal principal);

    /** Removes a principal with its keys and grants; the audit log keeps its name. Returns false if there is none. */
    boolean remove(String principal);

    /** Adds a key. Its id must be free and its principal exist. */
    void issue(StoredKey key);

    /** Revokes a key for good: its hash is deleted. */
    void revoke(String key, Instant at);

    /** Sets when a key will expire. */
    void expire(String key, Instant revokedAt);

    /**
     * Records when keys were last used, by id. Unknown ids are skipped; an earlier time than the recorded one changes
     * nothing.
     */
    void recordKeyUse(Map<String, Instant> lastUsed);

    /**
     * Grants a principal, which must exist, the use of a cube, in place of a former grant. Deleting the cube or the
     * principal deletes the grant.
     */
    void grant(CubeKey cube, CubeGrant grant);

    /** Revokes a grant; returns true if there was one. */
    boolean revokeGrant(String principal, CubeKey cube);
}
