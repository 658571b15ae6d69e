-- Whose the database is; see Claim.
CREATE TABLE deployment (
  id   INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  name TEXT    NOT NULL
) STRICT;
