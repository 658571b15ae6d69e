-- Times are milliseconds since 1970 in UTC. Hashes and omnis are 32 bytes; an
-- omni that is absent is 32 zeros, any other text that is absent is empty.

-- What was appended. record is the leaf; hash is over it; the columns from
-- actor on repeat what is in it, for queries.
CREATE TABLE entries (
  operator BYTEA  NOT NULL CHECK (octet_length(operator) = 32),
  position BIGINT NOT NULL CHECK (position > 0),
  id       BYTEA  NOT NULL CHECK (octet_length(id) = 16),
  hash     BYTEA  NOT NULL CHECK (octet_length(hash) = 32),
  record   BYTEA  NOT NULL,
  received BIGINT NOT NULL,
  source   TEXT   NOT NULL,
  sequence BIGINT NOT NULL,
  actor    BYTEA  NOT NULL CHECK (octet_length(actor) = 32),
  service  TEXT   NOT NULL,
  op       TEXT   NOT NULL,
  result   TEXT   NOT NULL,
  at       BIGINT NOT NULL,
  PRIMARY KEY (operator, position)
);
CREATE UNIQUE INDEX entries_id ON entries (id);
CREATE INDEX entries_actor ON entries (operator, actor, position);
CREATE INDEX entries_sequence ON entries (source, sequence) WHERE sequence > 0;

-- Where each journal ends, and how much of it is in batches.
CREATE TABLE heads (
  operator BYTEA  NOT NULL PRIMARY KEY CHECK (octet_length(operator) = 32),
  position BIGINT NOT NULL CHECK (position > 0),
  hash     BYTEA  NOT NULL CHECK (octet_length(hash) = 32),
  batches  BIGINT NOT NULL CHECK (batches >= 0),
  covered  BIGINT NOT NULL CHECK (covered BETWEEN 0 AND position)
);

-- A batch is the entries from first on, count of them: batches of one operator
-- follow each other without a gap, so that an entry is in exactly one.
CREATE TABLE batches (
  operator    BYTEA  NOT NULL CHECK (octet_length(operator) = 32),
  batch_index BIGINT NOT NULL CHECK (batch_index >= 0),
  first       BIGINT NOT NULL CHECK (first > 0),
  count       BIGINT NOT NULL CHECK (count > 0),
  root        BYTEA  NOT NULL CHECK (octet_length(root) = 32),
  state       TEXT   NOT NULL CHECK (state IN ('built', 'submitted', 'mined', 'confirmed')),
  tx          BYTEA  NOT NULL CHECK (octet_length(tx) = 32),
  block       BIGINT NOT NULL CHECK (block >= 0),
  block_hash  BYTEA  NOT NULL CHECK (octet_length(block_hash) = 32),
  PRIMARY KEY (operator, batch_index)
);
CREATE UNIQUE INDEX batches_first ON batches (operator, first);
CREATE INDEX batches_open ON batches (operator, batch_index) WHERE state <> 'confirmed';

-- One row that readiness writes.
CREATE TABLE probe (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  at BIGINT  NOT NULL
);
INSERT INTO probe (id, at) VALUES (1, 0);
