-- Format 10: time zones. NULL where none is known.

-- The zone in which an item was said, as a name (Europe/Berlin) or an offset (+02:00).
ALTER TABLE item ADD COLUMN zone TEXT;
-- The zone of what names none.
ALTER TABLE cube ADD COLUMN zone TEXT;
