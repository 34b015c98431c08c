-- Format 13: labels of sensitivity and the privacy policy of a cube.

-- The label of the most sensitive part of a version; NULL for what an earlier release stored and nobody has read since.
ALTER TABLE item_version ADD COLUMN sensitivity TEXT;
-- The label of its whole text.
ALTER TABLE item_version ADD COLUMN labeled TEXT;
CREATE INDEX item_version_unscreened ON item_version (cube_id) WHERE sensitivity IS NULL;
-- A JSON object; NULL for the default.
ALTER TABLE cube ADD COLUMN privacy TEXT;
