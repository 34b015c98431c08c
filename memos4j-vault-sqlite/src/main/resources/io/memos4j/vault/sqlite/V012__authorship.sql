-- Format 12: the author of the text of a version, and a suspicion against it.

-- The principal who wrote it into a cube of somebody else; empty for the owner of the cube and for tasks.
ALTER TABLE item_version ADD COLUMN principal TEXT NOT NULL DEFAULT '';
-- Why it is withheld from recall until the owner releases it; empty if it is not.
ALTER TABLE item_version ADD COLUMN suspicion TEXT NOT NULL DEFAULT '';

-- Whoever first wrote a text is its author. A key that is gone belonged to a principal who was removed.
UPDATE item_version SET principal = w.principal FROM (
    SELECT v.cube_id, v.item_id, v.version, coalesce(k.principal, 'unknown') AS principal
    FROM item_version v
    JOIN item_version f ON f.cube_id = v.cube_id AND f.item_id = v.item_id AND f.version =
        (SELECT min(e.version) FROM item_version e WHERE e.cube_id = v.cube_id AND e.item_id = v.item_id
            AND e.text = v.text AND e.title = v.title)
    JOIN cube c ON c.key = v.cube_id
    LEFT JOIN api_key k ON 'key:' || k.id = f.actor
    LEFT JOIN principal p ON p.name = k.principal
    WHERE f.actor LIKE 'key:%' AND coalesce(p.administrator, 0) = 0
        AND (k.principal IS NULL OR substr(c.name, 1, length(k.principal) + 1) <> k.principal || '/')
) AS w
WHERE w.cube_id = item_version.cube_id AND w.item_id = item_version.item_id AND w.version = item_version.version;

-- What was made of their words is theirs.
UPDATE item_version SET principal = coalesce(
    (SELECT s.principal FROM link l
     JOIN item i ON i.cube_id = l.cube_id AND i.item_id = unhex(replace(l.source_id, '-', ''))
     JOIN item_version s ON s.cube_id = i.cube_id AND s.item_id = i.item_id AND s.version = i.version
     WHERE l.cube_id = item_version.cube_id AND l.item_id = item_version.item_id AND l.kind = 'ITEM'
         AND s.principal <> ''
     ORDER BY l.position LIMIT 1), '')
WHERE actor LIKE 'task:%' AND principal = '' AND (cube_id, item_id) IN
    (SELECT cube_id, item_id FROM link WHERE kind = 'ITEM');
