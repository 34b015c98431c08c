package io.memos4j.vault.sqlite;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.ApiKey;
import io.memos4j.api.access.CubeGrant;
import io.memos4j.api.access.Permission;
import io.memos4j.api.access.Principal;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.access.AccessWriter;
import io.memos4j.spi.access.StoredKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Principals, keys and grants in SQLite. */
final class SqliteAccess implements AccessWriter {
    private final SqlConnection sql;

    SqliteAccess(SqlConnection sql) {
        this.sql = sql;
    }

    @Override
    public List<Principal> principals() {
        return sql.query(
                row -> new Principal(row.getString(1), row.getBoolean(2), RowMappers.instant(row, 3)),
                "SELECT name, administrator, created_at FROM principal ORDER BY name");
    }

    @Override
    public List<StoredKey> keys() {
        return sql.query(
                SqliteAccess::key,
                "SELECT id, principal, label, scope, cubes, created_at, expires_at, revoked_at, last_used_at, hash"
                        + " FROM api_key ORDER BY number");
    }

    private static StoredKey key(ResultSet row) throws SQLException {
        ApiKey key = new ApiKey(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                permission(row.getString(4)),
                SqliteJson.strings(row.getString(5)).stream().map(CubeId::of).collect(Collectors.toSet()),
                RowMappers.instant(row, 6),
                RowMappers.optionalInstant(row, 7),
                RowMappers.optionalInstant(row, 8),
                RowMappers.optionalInstant(row, 9));
        return new StoredKey(key, row.getBytes(10));
    }

    @Override
    public List<CubeGrant> grants() {
        return sql.query(
                row -> new CubeGrant(
                        row.getString(1),
                        CubeId.of(row.getString(2)),
                        permission(row.getString(3)),
                        RowMappers.instant(row, 4),
                        RowMappers.optionalInstant(row, 5)),
                "SELECT g.principal, c.name, g.permission, g.created_at, g.expires_at"
                        + " FROM cube_grant g JOIN cube c ON c.key = g.cube_id ORDER BY g.principal, c.name");
    }

    private static Permission permission(String id) {
        return Permission.of(id)
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.CORRUPT,
                        "The vault holds the unknown permission '" + id + "'. Restore it from a backup."));
    }

    @Override
    public void create(Principal principal) {
        sql.update(
                "INSERT INTO principal (name, administrator, created_at) VALUES (?, ?, ?)",
                principal.name(),
                principal.administrator(),
                principal.createdAt());
    }

    @Override
    public boolean remove(String principal) {
        sql.update("DELETE FROM api_key WHERE principal = ?", principal);
        sql.update("DELETE FROM cube_grant WHERE principal = ?", principal);
        return sql.update("DELETE FROM principal WHERE name = ?", principal) > 0;
    }

    @Override
    public void issue(StoredKey stored) {
        ApiKey key = stored.key();
        sql.update(
                "INSERT INTO api_key (id, principal, label, hash, scope, cubes, created_at, expires_at, revoked_at,"
                        + " last_used_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                key.id(),
                key.principal(),
                key.label(),
                stored.hash(),
                key.scope().id(),
                SqliteJson.of(key.cubes().stream().map(CubeId::value).sorted().toList()),
                key.createdAt(),
                key.expiresAt().orElse(null),
                key.revokedAt().orElse(null),
                key.lastUsedAt().orElse(null));
    }

    @Override
    public void revoke(String key, Instant at) {
        sql.update("UPDATE api_key SET revoked_at = ?, hash = x'' WHERE id = ?", at, key);
    }

    @Override
    public void expire(String key, Instant revokedAt) {
        sql.update("UPDATE api_key SET revoked_at = ? WHERE id = ?", revokedAt, key);
    }

    @Override
    public void recordKeyUse(Map<String, Instant> lastUsed) {
        lastUsed.forEach((key, at) ->
                sql.update("UPDATE api_key SET last_used_at = max(ifnull(last_used_at, 0), ?) WHERE id = ?", at, key));
    }

    @Override
    public void grant(CubeKey cube, CubeGrant grant) {
        sql.update(
                "INSERT OR REPLACE INTO cube_grant (cube_id, principal, permission, created_at, expires_at)"
                        + " VALUES (?, ?, ?, ?, ?)",
                cube,
                grant.principal(),
                grant.permission().id(),
                grant.createdAt(),
                grant.expiresAt().orElse(null));
    }

    @Override
    public boolean revokeGrant(String principal, CubeKey cube) {
        return sql.update("DELETE FROM cube_grant WHERE cube_id = ? AND principal = ?", cube, principal) > 0;
    }
}
