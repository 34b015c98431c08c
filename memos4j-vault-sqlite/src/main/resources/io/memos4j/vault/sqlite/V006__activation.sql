-- Format 6: activation memory. What is promoted into the beginning of a cube's prompts, the computed beginnings that lie in files, and how
-- often a cube is asked. A computed beginning lives as long as each of its sources is what it was computed from.

CREATE TABLE promoted (
    cube_id  INTEGER NOT NULL,
    item_id  BLOB NOT NULL,
    version  INTEGER NOT NULL,
    position INTEGER NOT NULL,
    why      TEXT NOT NULL,
    since    INTEGER NOT NULL,
    PRIMARY KEY (cube_id, item_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE activation (
    cube_id      INTEGER NOT NULL,
    file         TEXT NOT NULL, -- the hash of what it was computed from and with; names the file
    model        TEXT NOT NULL,
    caches       TEXT NOT NULL,
    runtime      TEXT NOT NULL,
    tokens       INTEGER NOT NULL,
    bytes        INTEGER NOT NULL,
    prefill_ms   INTEGER NOT NULL, -- what it took to compute
    created_at   INTEGER NOT NULL,
    used_at      INTEGER NOT NULL,
    uses         INTEGER NOT NULL,
    expires_at   INTEGER,
    PRIMARY KEY (cube_id, file)
) STRICT, WITHOUT ROWID;
CREATE INDEX activation_file ON activation (file);

CREATE TABLE activation_source (
    cube_id     INTEGER NOT NULL,
    file        TEXT NOT NULL,
    position    INTEGER NOT NULL,
    source_cube INTEGER NOT NULL, -- another cube than cube_id where several share a beginning
    item_id     BLOB NOT NULL,
    version     INTEGER NOT NULL,
    PRIMARY KEY (cube_id, file, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX activation_source_item ON activation_source (source_cube, item_id);
CREATE TRIGGER activation_ended AFTER DELETE ON activation BEGIN
    DELETE FROM activation_source WHERE cube_id = OLD.cube_id AND file = OLD.file; END;

CREATE TABLE asked (
    cube_id INTEGER NOT NULL PRIMARY KEY,
    uses    INTEGER NOT NULL,
    heat    REAL NOT NULL,
    used_at INTEGER NOT NULL
) STRICT;
