package io.memos4j.spi.access;

import io.memos4j.api.Page;
import io.memos4j.api.access.AuditEntry;
import io.memos4j.api.access.AuditQuery;
import io.memos4j.api.access.CubeGrant;
import io.memos4j.api.access.Principal;
import io.memos4j.spi.vault.VaultReader;
import java.util.List;

/** Reads principals, keys, grants and the audit log. Valid like the {@link VaultReader} that it belongs to. */
public interface AccessReader {
    /** By name. */
    List<Principal> principals();

    /** Also those that were revoked, oldest first. */
    List<StoredKey> keys();

    /** Also those that have ended, by principal and cube; the names of the cubes are those of now. */
    List<CubeGrant> grants();

    /**
     * Newest first. The cursor is the number of the last entry of the page before.
     *
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT} for a cursor that
     *     is not this listing's
     */
    Page<AuditEntry> audit(AuditQuery query);
}
