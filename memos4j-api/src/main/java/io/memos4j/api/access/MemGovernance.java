package io.memos4j.api.access;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.access.AuditQuery.AuditFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Access control and audit log. Callers of the embedded library act as its owner and are not asked; a server asks here
 * before each call. What is not allowed is refused. Thread-safe.
 */
public interface MemGovernance {
    /**
     * Makes a principal.
     *
     * @throws MemoryException with {@link ErrorCode#PRINCIPAL_EXISTS} if the name is taken
     */
    Principal create(String name, boolean administrator);

    /** By name. */
    List<Principal> principals();

    /**
     * Removes a principal with its keys and grants. Its cubes stay, and a later principal of the same name owns them:
     * delete them first if that must not be.
     *
     * @throws MemoryException with {@link ErrorCode#PRINCIPAL_NOT_FOUND}
     */
    void remove(String name);

    /**
     * Makes a key.
     *
     * @throws MemoryException with {@link ErrorCode#PRINCIPAL_NOT_FOUND}
     */
    IssuedKey issue(KeyRequest request);

    /** Also those that no longer open anything, oldest first. */
    List<ApiKey> keys();

    /**
     * Makes a key useless from now on. Repeating it changes nothing.
     *
     * @throws MemoryException with {@link ErrorCode#KEY_NOT_FOUND}
     */
    ApiKey revoke(String id);

    /**
     * Issues a new key like an existing one, which stays valid for a while.
     *
     * @param grace how long the old one still opens; zero for not at all
     * @throws MemoryException with {@link ErrorCode#KEY_NOT_FOUND}; if the key is no longer valid
     */
    IssuedKey rotate(String id, Duration grace);

    /**
     * Whose secret this is; empty for anything else: malformed, unknown, revoked, expired. The comparison takes the
     * same time whatever the secret is. Cheap: no disk is touched for what was seen before.
     */
    Optional<CallerIdentity> authenticate(String secret);

    /**
     * Lets a principal use a cube that it does not own, in place of what was granted before.
     *
     * @throws MemoryException with {@link ErrorCode#PRINCIPAL_NOT_FOUND} or {@link ErrorCode#CUBE_NOT_FOUND}
     */
    CubeGrant grant(String principal, CubeId cube, Permission permission, Optional<Instant> expiresAt);

    /** Takes a grant back; whether there was one. */
    boolean revokeGrant(String principal, CubeId cube);

    /** To a principal, by cube. */
    List<CubeGrant> grantsTo(String principal);

    /** On a cube, by principal. */
    List<CubeGrant> grantsOn(CubeId cube);

    /**
     * Returns what a principal may do with a cube of this name, existing or not: everything in its own space, what was
     * granted elsewhere, and never more than the key allows. Empty for nothing at all, to which the right answer is
     * that there is no such cube.
     */
    Optional<Permission> permission(CallerIdentity identity, CubeId cube);

    /**
     * Adds an entry to the audit log, for what the engine does not see; the number of the given entry is ignored.
     * Durable when it returns.
     */
    void record(AuditEntry entry);

    /** Returns a page of the audit log, newest first, with everything that happened before the call. */
    Page<AuditEntry> audit(AuditQuery query);

    /** Passes the entries of the audit log on with their hashes, oldest first. */
    void exportAudit(AuditFilter filter, Consumer<AuditRecord> sink);

    /**
     * Verifies the audit log: that no entry was changed, removed or inserted since it was written, as far as hashes and
     * signed checkpoints tell. See docs/security.md for what that proves.
     *
     * @param trusted keys of other directories whose checkpoints count, X.509 in base64; needed after a restore
     * @param noted hashes of entries that the caller knows, by number
     */
    AuditVerification verifyAudit(Set<String> trusted, Map<Long, String> noted);

    /**
     * Removes the entries of the audit log from before an instant, up to the first later one, and signs where it was
     * cut. The rest can be verified as before.
     *
     * @return the number of removed entries
     */
    long removeAudit(Instant before);
}
