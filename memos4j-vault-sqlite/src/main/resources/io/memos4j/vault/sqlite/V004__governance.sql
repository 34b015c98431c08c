-- Format 4: principals, their keys, what is granted to them, and the audit.

CREATE TABLE principal (
    name          TEXT NOT NULL PRIMARY KEY,
    administrator INTEGER NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The secret is nowhere: what is kept is SHA-256 of its random part, and nothing once the key was revoked for good.
CREATE TABLE api_key (
    number       INTEGER PRIMARY KEY, -- the order of making
    id           TEXT NOT NULL UNIQUE,
    principal    TEXT NOT NULL,
    label        TEXT NOT NULL,
    hash         BLOB NOT NULL,
    scope        TEXT NOT NULL,
    cubes        TEXT NOT NULL, -- a JSON array of names; empty for all
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    revoked_at   INTEGER,
    last_used_at INTEGER
) STRICT;
CREATE INDEX api_key_principal ON api_key (principal);

-- By the cube's key, so that a new cube of the same name has no grants.
CREATE TABLE cube_grant (
    cube_id    INTEGER NOT NULL,
    principal  TEXT NOT NULL,
    permission TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (cube_id, principal)
) STRICT, WITHOUT ROWID;
CREATE INDEX cube_grant_principal ON cube_grant (principal);

-- Who did what; outlives cubes and principals, and so names them.
CREATE TABLE audit (
    number    INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    principal TEXT NOT NULL,
    key       TEXT NOT NULL,
    action    TEXT NOT NULL,
    cube      TEXT NOT NULL,
    target    TEXT NOT NULL,
    outcome   INTEGER NOT NULL,
    request   TEXT NOT NULL
) STRICT;
CREATE INDEX audit_principal ON audit (principal);
CREATE INDEX audit_cube ON audit (cube);
CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
