-- Format 2: which memory took the place of which, what a language model has read, and what users think of results.

-- The attribute that an item gives a value; hashes, so that no text stands here.
CREATE TABLE claim (
    cube_id INTEGER NOT NULL,
    item_id BLOB NOT NULL,
    key     TEXT NOT NULL,
    value   TEXT NOT NULL,
    PRIMARY KEY (cube_id, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_key ON claim (cube_id, key);

-- An item has one successor at the most.
CREATE TABLE succession (
    cube_id   INTEGER NOT NULL,
    item_id   BLOB NOT NULL,
    successor BLOB NOT NULL,
    reason    TEXT NOT NULL,
    since     INTEGER NOT NULL,
    PRIMARY KEY (cube_id, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX succession_successor ON succession (cube_id, successor);

-- Up to which insertion a language model has read the cube.
CREATE TABLE reading (
    cube_id INTEGER NOT NULL PRIMARY KEY,
    ordinal INTEGER NOT NULL
) STRICT;

-- What language models cost, a row for each cube and day (UTC).
CREATE TABLE spending (
    cube_id INTEGER NOT NULL,
    day     TEXT NOT NULL,
    calls   INTEGER NOT NULL,
    tokens  INTEGER NOT NULL,
    PRIMARY KEY (cube_id, day)
) STRICT, WITHOUT ROWID;

-- Thumbs up minus thumbs down.
CREATE TABLE rating (
    cube_id INTEGER NOT NULL,
    item_id BLOB NOT NULL,
    score   INTEGER NOT NULL,
    PRIMARY KEY (cube_id, item_id)
) STRICT, WITHOUT ROWID;
