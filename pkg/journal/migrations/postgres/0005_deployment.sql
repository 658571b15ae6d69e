-- Whose the schema is; see Claim. Tables of pkg/store that may lie beside these have
-- the same one, so that either finds out who was there first.
CREATE TABLE IF NOT EXISTS deployment (
  id   INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  name TEXT    NOT NULL
);
