-- Times are milliseconds since 1970 in UTC. Hashes and omnis are 32 bytes; an
-- omni that is absent is 32 zeros, any other text that is absent is empty.

-- What was appended. record is the leaf; hash is over it; the columns from
-- actor on repeat what is in it, for queries.
CREATE TABLE entries (
  operator BLOB    NOT NULL CHECK (length(operator) = 32),
  position INTEGER NOT NULL CHECK (position > 0),
  id       BLOB    NOT NULL CHECK (length(id) = 16),
  hash     BLOB    NOT NULL CHECK (length(hash) = 32),
  record   BLOB    NOT NULL,
  received INTEGER NOT NULL,
  source   TEXT    NOT NULL,
  sequence INTEGER NOT NULL,
  actor    BLOB    NOT NULL CHECK (length(actor) = 32),
  service  TEXT    NOT NULL,
  op       TEXT    NOT NULL,
  result   TEXT    NOT NULL,
  at       INTEGER NOT NULL,
  PRIMARY KEY (operator, position)
) STRICT;
CREATE UNIQUE INDEX entries_id ON entries (id);
CREATE INDEX entries_actor ON entries (operator, actor, position);
CREATE INDEX entries_sequence ON entries (source, sequence) WHERE sequence > 0;

-- Where each journal ends, and how much of it is in batches.
CREATE TABLE heads (
  operator BLOB    NOT NULL PRIMARY KEY CHECK (length(operator) = 32),
  position INTEGER NOT NULL CHECK (position > 0),
  hash     BLOB    NOT NULL CHECK (length(hash) = 32),
  batches  INTEGER NOT NULL CHECK (batches >= 0),
  covered  INTEGER NOT NULL CHECK (covered BETWEEN 0 AND position)
) STRICT;

-- A batch is the entries from first on, count of them: batches of one operator
-- follow each other without a gap, so that an entry is in exactly one.
CREATE TABLE batches (
  operator    BLOB    NOT NULL CHECK (length(operator) = 32),
  batch_index INTEGER NOT NULL CHECK (batch_index >= 0),
  first       INTEGER NOT NULL CHECK (first > 0),
  count       INTEGER NOT NULL CHECK (count > 0),
  root        BLOB    NOT NULL CHECK (length(root) = 32),
  state       TEXT    NOT NULL CHECK (state IN ('built', 'submitted', 'mined', 'confirmed')),
  tx          BLOB    NOT NULL CHECK (length(tx) = 32),
  block       INTEGER NOT NULL CHECK (block >= 0),
  block_hash  BLOB    NOT NULL CHECK (length(block_hash) = 32),
  PRIMARY KEY (operator, batch_index)
) STRICT;
CREATE UNIQUE INDEX batches_first ON batches (operator, first);
CREATE INDEX batches_open ON batches (operator, batch_index) WHERE state <> 'confirmed';

-- One row that readiness writes.
CREATE TABLE probe (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  at INTEGER NOT NULL
) STRICT;
INSERT INTO probe (id, at) VALUES (1, 0);
