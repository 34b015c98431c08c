-- Format 11: the audit is a chain of hashes with signed checkpoints, and can be shortened at its beginning.

-- The calls that an entry stands for, and the SHA-256 of the hash before it and of the entry.
ALTER TABLE audit ADD COLUMN count INTEGER NOT NULL DEFAULT 1;
ALTER TABLE audit ADD COLUMN hash BLOB NOT NULL DEFAULT x'';

-- The last entry that the retention removed.
CREATE TABLE audit_start (
    only   INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    number INTEGER NOT NULL,
    hash   BLOB NOT NULL
) STRICT;
INSERT INTO audit_start VALUES (1, 0, zeroblob(32));

CREATE TABLE audit_checkpoint (
    number     INTEGER NOT NULL PRIMARY KEY,
    hash       BLOB NOT NULL,
    at         INTEGER NOT NULL,
    public_key BLOB NOT NULL,
    signature  BLOB NOT NULL
) STRICT;

-- An entry of an earlier format gets its hash once; only what the retention has marked may go.
DROP TRIGGER audit_unchanged;
CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit WHEN length(OLD.hash) > 0
    BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
DROP TRIGGER audit_kept;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit WHEN OLD.number > (SELECT number FROM audit_start)
    BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
