-- Which request an event is about, as its record says; empty without one.
ALTER TABLE entries ADD COLUMN request TEXT NOT NULL DEFAULT '';
-- A record that is none stays without: the look at it finds that out.
UPDATE entries SET request = COALESCE(json_extract(CAST(record AS TEXT), '$.event.request_id'), '')
WHERE json_valid(CAST(record AS TEXT));
CREATE INDEX entries_request ON entries (operator, request, position) WHERE request <> '';
