-- Format 3: the scheduler's queue, who made each version, time to live, use and heat, working memory, relations, snapshots, policies.

-- Who made the version: 'user', a principal, or 'task:' with the kind and id of a task.
ALTER TABLE item_version ADD COLUMN actor TEXT NOT NULL DEFAULT '';
-- The item that held this one's place while this version did, why, and from when in the world.
ALTER TABLE item_version ADD COLUMN successor BLOB;
ALTER TABLE item_version ADD COLUMN successor_reason TEXT;
ALTER TABLE item_version ADD COLUMN successor_since INTEGER;
UPDATE item_version SET (successor, successor_reason, successor_since) =
    (SELECT s.successor, s.reason, s.since FROM succession s WHERE s.cube_id = item_version.cube_id AND s.item_id = item_version.item_id)
    WHERE superseded_at IS NULL;
-- When the item's time to live ends.
ALTER TABLE item_version ADD COLUMN expires_at INTEGER;
CREATE INDEX item_version_expiry ON item_version (cube_id, expires_at)
    WHERE expires_at IS NOT NULL AND superseded_at IS NULL AND state IN ('generated', 'activated', 'archived');

-- The queue. Scheduled tasks wait for their time, ready ones for a worker, running ones have a lease.
CREATE TABLE task (
    cube_id     INTEGER NOT NULL,
    task_id     BLOB NOT NULL, -- UUID version 7, 16 bytes: the order of asking
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    lane        TEXT NOT NULL,
    state       TEXT NOT NULL,
    priority    INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    deadline_at INTEGER,
    attempts    INTEGER NOT NULL DEFAULT 0,
    fence       INTEGER NOT NULL DEFAULT 0, -- counts the leases; only the holder of the last one may commit
    owner       TEXT NOT NULL DEFAULT '',
    lease_until INTEGER,
    done        INTEGER NOT NULL DEFAULT 0,
    total       INTEGER NOT NULL DEFAULT 0,
    note        TEXT NOT NULL DEFAULT '',
    cause       TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    PRIMARY KEY (cube_id, task_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX task_id ON task (task_id);
-- What waits to be begun for the first time is not asked for twice.
CREATE UNIQUE INDEX task_waiting ON task (cube_id, kind, subject) WHERE state IN ('scheduled', 'ready') AND attempts = 0;
CREATE INDEX task_scheduled ON task (due_at) WHERE state = 'scheduled';
CREATE INDEX task_ready ON task (lane, cube_id, priority DESC, task_id) WHERE state = 'ready';
CREATE INDEX task_running ON task (lease_until) WHERE state = 'running';
CREATE INDEX task_ended ON task (changed_at) WHERE state IN ('done', 'dead', 'cancelled');

-- Cubes whose tasks wait; 0 stands for all.
CREATE TABLE paused (
    cube_id INTEGER NOT NULL PRIMARY KEY
) STRICT;

-- How far a task that follows the order of insertion has come, by kind. Takes over what format 2 kept for extraction alone.
CREATE TABLE mark (
    cube_id INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    PRIMARY KEY (cube_id, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO mark (cube_id, kind, ordinal) SELECT cube_id, 'extract', ordinal FROM reading;
DROP TABLE reading;

-- How often and when an item was last used; its heat as it was then.
CREATE TABLE usage (
    cube_id INTEGER NOT NULL,
    item_id BLOB NOT NULL,
    uses    INTEGER NOT NULL,
    heat    REAL NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (cube_id, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_used ON usage (cube_id, used_at);

-- Working memory: what a session has at hand.
CREATE TABLE working (
    cube_id    INTEGER NOT NULL,
    session    TEXT NOT NULL,
    item_id    BLOB NOT NULL,
    heat       REAL NOT NULL,
    touched_at INTEGER NOT NULL,
    cause      TEXT NOT NULL,
    PRIMARY KEY (cube_id, session, item_id)
) STRICT, WITHOUT ROWID;

-- Items that belong together, by what and how strongly; both directions are one row, the smaller id first.
CREATE TABLE relation (
    cube_id INTEGER NOT NULL,
    item_id BLOB NOT NULL,
    other   BLOB NOT NULL,
    kind    TEXT NOT NULL,
    weight  REAL NOT NULL,
    PRIMARY KEY (cube_id, item_id, other, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX relation_other ON relation (cube_id, other);

-- Named moments.
CREATE TABLE snapshot (
    cube_id    INTEGER NOT NULL,
    name       TEXT NOT NULL,
    taken_at   INTEGER NOT NULL,
    PRIMARY KEY (cube_id, name)
) STRICT, WITHOUT ROWID;

-- How a cube lets its memories age; a JSON object.
CREATE TABLE policy (
    cube_id INTEGER NOT NULL PRIMARY KEY,
    policy  TEXT NOT NULL
) STRICT;
