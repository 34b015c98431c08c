-- Format 8: the kinds of standing statements (preferences, instructions) that the text of a version makes.

-- JSON array of types
ALTER TABLE item_version ADD COLUMN standing TEXT NOT NULL DEFAULT '[]';

-- Earlier releases stored a preference or an instruction a second time, beside the message that states it. Such a
-- restatement is erased if its message is there and nobody has changed, locked, named or trained it since; the message
-- gets its type, its rating and what refers to it.
CREATE TEMP TABLE restatement AS
SELECT i.cube_id, i.item_id, i.type, m.item_id AS message, l.source_id AS message_text,
    lower(substr(hex(i.item_id), 1, 8) || '-' || substr(hex(i.item_id), 9, 4) || '-' || substr(hex(i.item_id), 13, 4)
        || '-' || substr(hex(i.item_id), 17, 4) || '-' || substr(hex(i.item_id), 21, 12)) AS item_text,
    row_number() OVER (PARTITION BY i.cube_id ORDER BY i.ordinal) AS number
FROM item i
JOIN item_version v ON v.cube_id = i.cube_id AND v.item_id = i.item_id AND v.version = 1
JOIN link l ON l.cube_id = i.cube_id AND l.item_id = i.item_id AND l.position = 0 AND l.kind = 'ITEM'
JOIN item m ON m.cube_id = i.cube_id AND m.item_id = unhex(replace(l.source_id, '-', ''))
WHERE i.type IN ('preference', 'instruction') AND i.role = 'user' AND i.version = 1 AND i.state = 'activated'
    AND v.cause = 'said by the user' AND m.type = 'message'
    AND NOT EXISTS (SELECT 1 FROM adapter_source a WHERE a.cube_id = i.cube_id AND a.item_id = i.item_id);

CREATE UNIQUE INDEX temp.restatement_item ON restatement (cube_id, item_id);
CREATE INDEX temp.restatement_text ON restatement (cube_id, item_text);

-- The messages, and what they were merged into because it says the same.
CREATE TEMP TABLE statement AS
SELECT cube_id, item_id, type FROM (
    SELECT cube_id, message AS item_id, type FROM restatement
    UNION
    SELECT r.cube_id, s.successor, r.type FROM restatement r
    JOIN item m ON m.cube_id = r.cube_id AND m.item_id = r.message AND m.state = 'merged'
    JOIN succession s ON s.cube_id = r.cube_id AND s.item_id = r.message);

UPDATE item_version SET standing =
    (SELECT json_group_array(type ORDER BY type) FROM statement s
     WHERE s.cube_id = item_version.cube_id AND s.item_id = item_version.item_id)
WHERE (cube_id, item_id) IN (SELECT cube_id, item_id FROM statement)
    AND version = (SELECT version FROM item i
        WHERE i.cube_id = item_version.cube_id AND i.item_id = item_version.item_id);

INSERT INTO rating (cube_id, item_id, score)
SELECT r.cube_id, r.message, sum(t.score) FROM restatement r
JOIN rating t ON t.cube_id = r.cube_id AND t.item_id = r.item_id GROUP BY r.cube_id, r.message
ON CONFLICT (cube_id, item_id) DO UPDATE SET score = score + excluded.score;

UPDATE link SET source_id = (SELECT r.message_text FROM restatement r
    WHERE r.cube_id = link.cube_id AND r.item_text = link.source_id)
WHERE kind = 'ITEM' AND (cube_id, source_id) IN (SELECT cube_id, item_text FROM restatement);

UPDATE succession SET successor = (SELECT r.message FROM restatement r
    WHERE r.cube_id = succession.cube_id AND r.item_id = succession.successor)
WHERE (cube_id, successor) IN (SELECT cube_id, item_id FROM restatement);

UPDATE item_version SET successor = (SELECT r.message FROM restatement r
    WHERE r.cube_id = item_version.cube_id AND r.item_id = item_version.successor)
WHERE (cube_id, successor) IN (SELECT cube_id, item_id FROM restatement);

DELETE FROM activation WHERE (cube_id, file) IN (SELECT a.cube_id, a.file FROM restatement r
    JOIN activation_source a ON a.source_cube = r.cube_id AND a.item_id = r.item_id);

DELETE FROM promoted WHERE (cube_id, item_id) IN (SELECT cube_id, item_id FROM restatement);
DELETE FROM relation WHERE (cube_id, item_id) IN (SELECT cube_id, item_id FROM restatement)
    OR (cube_id, other) IN (SELECT cube_id, item_id FROM restatement);
DELETE FROM passage WHERE (cube_id, item_id) IN (SELECT cube_id, item_id FROM restatement);
DELETE FROM link WHERE (cube_id, item_id) IN (SELECT cube_id, item_id FROM restatement);
DELETE FROM claim WHERE (cube_id, item_id) IN (SELECT cube_id, item_id FROM restatement);
DELETE FROM succession WHERE (cube_id, item_id) IN (SELECT cube_id, item_id FROM restatement)
    OR item_id = successor;
DELETE FROM rating WHERE (cube_id, item_id) IN (SELECT cube_id, item_id FROM restatement);
DELETE FROM usage WHERE (cube_id, item_id) IN (SELECT cube_id, item_id FROM restatement);
DELETE FROM working WHERE (cube_id, item_id) IN (SELECT cube_id, item_id FROM restatement);
DELETE FROM item_version WHERE (cube_id, item_id) IN (SELECT cube_id, item_id FROM restatement);
DELETE FROM item WHERE (cube_id, item_id) IN (SELECT cube_id, item_id FROM restatement);

INSERT INTO tombstone (cube_id, seq, item_id)
SELECT r.cube_id, c.seq + r.number, r.item_id FROM restatement r JOIN cube c ON c.key = r.cube_id;
UPDATE cube SET seq = seq + (SELECT count(*) FROM restatement r WHERE r.cube_id = cube.key);

-- The index reads the messages again.
CREATE TEMP TABLE reread AS
SELECT cube_id, item_id, row_number() OVER (PARTITION BY cube_id ORDER BY item_id) AS number
FROM (SELECT DISTINCT cube_id, item_id FROM statement);

UPDATE item SET seq = (SELECT c.seq + r.number FROM reread r JOIN cube c ON c.key = r.cube_id
    WHERE r.cube_id = item.cube_id AND r.item_id = item.item_id)
WHERE (cube_id, item_id) IN (SELECT cube_id, item_id FROM reread);
UPDATE cube SET seq = seq + (SELECT count(*) FROM reread r WHERE r.cube_id = cube.key);

DROP TABLE temp.reread;
DROP TABLE temp.statement;
DROP TABLE temp.restatement;
