-- Format 9: why each version was made, in columns, and what is to be forgotten.

-- The rule that decided it; '' where none was recorded, as for all earlier versions, which have their cause.
ALTER TABLE item_version ADD COLUMN rule TEXT NOT NULL DEFAULT '';
ALTER TABLE item_version ADD COLUMN confidence REAL;
-- The item that led to it, besides a successor.
ALTER TABLE item_version ADD COLUMN evidence BLOB;
-- The version that it undoes.
ALTER TABLE item_version ADD COLUMN undoes INTEGER;
CREATE INDEX item_version_changed ON item_version (cube_id, recorded_at, item_id, version) WHERE version > 1;
CREATE INDEX item_forgotten ON item (cube_id) WHERE state = 'forgotten';
-- Forgotten items are erased at the end of their time to live.
DROP INDEX item_version_expiry;
CREATE INDEX item_version_expiry ON item_version (cube_id, expires_at)
    WHERE expires_at IS NOT NULL AND superseded_at IS NULL
    AND state IN ('generated', 'activated', 'archived', 'forgotten');
