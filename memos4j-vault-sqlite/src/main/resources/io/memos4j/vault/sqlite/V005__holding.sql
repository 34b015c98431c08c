-- Format 5: which cubes hold an item of which only the id is known. Ids grow with time, so the index grows at its end.

CREATE INDEX item_id ON item (item_id);
