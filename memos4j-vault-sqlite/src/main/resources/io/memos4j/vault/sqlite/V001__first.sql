-- Format 1. Every table but cube has cube_id first in its key, so that it can be partitioned by cube.
-- Times are milliseconds since 1970-01-01T00:00:00Z. Names of types, states, roles and kinds are those of the API.

CREATE TABLE cube (
    key        INTEGER PRIMARY KEY AUTOINCREMENT, -- never reused: it also names the index folder
    name       TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    embedder   TEXT NOT NULL,
    dimension  INTEGER NOT NULL,
    seq        INTEGER NOT NULL DEFAULT 0, -- the last change
    ordinal    INTEGER NOT NULL DEFAULT 0  -- the last insertion
) STRICT;

-- What never changes about an item, and where its current version is.
CREATE TABLE item (
    cube_id     INTEGER NOT NULL,
    item_id     BLOB NOT NULL, -- UUID, 16 bytes
    ordinal     INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    type        TEXT NOT NULL,
    state       TEXT NOT NULL,
    session     TEXT NOT NULL,
    role        TEXT NOT NULL,
    speaker     TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    PRIMARY KEY (cube_id, item_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX item_ordinal ON item (cube_id, ordinal);
CREATE UNIQUE INDEX item_seq ON item (cube_id, seq);
CREATE INDEX item_session ON item (cube_id, session, ordinal);
CREATE INDEX item_occurred ON item (cube_id, occurred_at, ordinal);
CREATE INDEX item_updated ON item (cube_id, updated_at, ordinal);
CREATE INDEX item_fingerprint ON item (cube_id, fingerprint, ordinal);

-- Every version. The text stands here and nowhere else; version 1 of a message is the verbatim turn.
CREATE TABLE item_version (
    cube_id       INTEGER NOT NULL,
    item_id       BLOB NOT NULL,
    version       INTEGER NOT NULL,
    text          TEXT NOT NULL,
    title         TEXT NOT NULL,
    tags          TEXT NOT NULL, -- JSON array
    metadata      TEXT NOT NULL, -- JSON object
    state         TEXT NOT NULL,
    valid_from    INTEGER,
    valid_to      INTEGER,
    recorded_at   INTEGER NOT NULL,
    superseded_at INTEGER,
    cause         TEXT NOT NULL,
    PRIMARY KEY (cube_id, item_id, version)
) STRICT, WITHOUT ROWID;

-- Where items came from.
CREATE TABLE link (
    cube_id   INTEGER NOT NULL,
    item_id   BLOB NOT NULL,
    position  INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    source_id TEXT NOT NULL,
    start_at  INTEGER NOT NULL,
    end_at    INTEGER NOT NULL,
    PRIMARY KEY (cube_id, item_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_source ON link (cube_id, source_id);

-- How the current version's text is cut, and the vector of each part.
CREATE TABLE passage (
    cube_id  INTEGER NOT NULL,
    item_id  BLOB NOT NULL,
    number   INTEGER NOT NULL,
    start_at INTEGER NOT NULL,
    end_at   INTEGER NOT NULL,
    state    INTEGER NOT NULL, -- 0 pending, 1 has a vector, 2 gets none
    vector   BLOB,
    PRIMARY KEY (cube_id, item_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX passage_pending ON passage (cube_id, item_id, number) WHERE state = 0;

-- Items that are gone, for followers of the sequence.
CREATE TABLE tombstone (
    cube_id INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    item_id BLOB NOT NULL,
    PRIMARY KEY (cube_id, seq)
) STRICT, WITHOUT ROWID;

-- Answers to requests with an idempotency key.
CREATE TABLE answer (
    cube_id      INTEGER NOT NULL,
    key          TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    answer       TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (cube_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_created ON answer (created_at);
