-- Format 2: which memory took the place of which, and what found that out.

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
