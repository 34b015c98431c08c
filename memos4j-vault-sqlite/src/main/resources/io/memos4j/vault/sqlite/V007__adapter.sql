-- Format 7: parametric memory. Which adapters a cube has and what they were taught, what happened to them, and what may be taught.

CREATE TABLE adapter (
    cube_id      INTEGER NOT NULL,
    name         TEXT NOT NULL,
    version      INTEGER NOT NULL,
    state        TEXT NOT NULL,
    why          TEXT NOT NULL,
    architecture TEXT NOT NULL,
    trained_hash TEXT NOT NULL, -- of the base that it was trained on
    served_hash  TEXT NOT NULL, -- of the base that answers with it
    lora         TEXT NOT NULL, -- JSON objects, with the names of the API
    training     TEXT NOT NULL,
    evaluation   TEXT,
    artifact     TEXT, -- the hash of its file, names the folder; none if it is suspended or a source was erased
    bytes        INTEGER,
    created_at   INTEGER NOT NULL,
    changed_at   INTEGER NOT NULL,
    PRIMARY KEY (cube_id, name, version),
    CHECK (state <> 'active' OR artifact IS NOT NULL),
    CHECK ((artifact IS NULL) = (bytes IS NULL))
) STRICT;
-- Of each name one version at a time.
CREATE UNIQUE INDEX adapter_active ON adapter (cube_id, name) WHERE state = 'active';
CREATE INDEX adapter_suspended ON adapter (cube_id, name, version) WHERE state = 'suspended';
CREATE INDEX adapter_artifact ON adapter (artifact) WHERE artifact IS NOT NULL;

-- What each was taught; of an item that is gone the bare id stays.
CREATE TABLE adapter_source (
    cube_id      INTEGER NOT NULL,
    name         TEXT NOT NULL,
    version      INTEGER NOT NULL,
    position     INTEGER NOT NULL,
    item_id      BLOB NOT NULL,
    item_version INTEGER NOT NULL,
    PRIMARY KEY (cube_id, name, version, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX adapter_source_item ON adapter_source (cube_id, item_id);

-- The history, in the order of the numbers.
CREATE TABLE adapter_change (
    cube_id INTEGER NOT NULL,
    number  INTEGER NOT NULL,
    name    TEXT NOT NULL,
    version INTEGER NOT NULL,
    state   TEXT NOT NULL, -- since then, or as it was
    why     TEXT NOT NULL,
    actor   TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (cube_id, number)
) STRICT, WITHOUT ROWID;

-- Which memories of a cube may be taught; without a row none may.
CREATE TABLE learning (
    cube_id   INTEGER NOT NULL PRIMARY KEY,
    consent   INTEGER NOT NULL,
    automatic INTEGER NOT NULL,
    heat      REAL NOT NULL,
    stable_ms INTEGER NOT NULL
) STRICT;
