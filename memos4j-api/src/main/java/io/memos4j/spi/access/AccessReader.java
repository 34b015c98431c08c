package io.memos4j.spi.access;

import io.memos4j.api.access.CubeGrant;
import io.memos4j.api.access.Principal;
import io.memos4j.spi.vault.VaultReader;
import java.util.List;

/** Reads principals, keys and grants. Valid like the {@link VaultReader} that it belongs to. */
public interface AccessReader {
    /** Returns every principal, by name. */
    List<Principal> principals();

    /** Returns every key, revoked ones included, oldest first. */
    List<StoredKey> keys();

    /** Returns every grant, expired ones included, by principal and cube, with the current names of the cubes. */
    List<CubeGrant> grants();
}
