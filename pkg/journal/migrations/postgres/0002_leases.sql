-- Who does alone, until when (milliseconds since 1970 in UTC), what one process
-- at a time should do.
CREATE TABLE leases (
  name    TEXT   NOT NULL PRIMARY KEY,
  holder  TEXT   NOT NULL,
  expires BIGINT NOT NULL
);
