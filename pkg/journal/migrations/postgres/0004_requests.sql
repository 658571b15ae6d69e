-- Which request an event is about, as its record says; empty without one. A quote
-- within a value is escaped, so that no value looks like the member; encode takes
-- what is no text as well, which the look at a record finds out.
ALTER TABLE entries ADD COLUMN request TEXT NOT NULL DEFAULT '';
UPDATE entries SET request = COALESCE(substring(encode(record, 'escape') from '"request_id":"([A-Za-z0-9_-]{1,64})"'), '');
-- An older process that still runs must be refused: a row of its would lack what its
-- record says, which is damage to whoever looks.
ALTER TABLE entries ALTER COLUMN request DROP DEFAULT;
CREATE INDEX entries_request ON entries (operator, request, position) WHERE request <> '';
