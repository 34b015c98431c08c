package io.memos4j.spi;

import io.memos4j.api.AuditEntry;
import io.memos4j.api.AuditQuery;
import io.memos4j.api.Grant;
import io.memos4j.api.Page;
import io.memos4j.api.Principal;
import java.util.List;

/** Who may do what, and who did what. Valid like the {@link VaultReader} that it belongs to. */
public interface GovernanceReader {
    /** By name. */
    List<Principal> principals();

    /** Also those that were revoked, oldest first. */
    List<StoredKey> keys();

    /** Also those that have ended, by principal and cube; the names of the cubes are those of now. */
    List<Grant> grants();

    /**
     * Newest first. The cursor is the number of the last entry of the page before.
     *
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT} for a cursor that is not this
     *     listing's
     */
    Page<AuditEntry> audit(AuditQuery query);
}
