-- Times are microseconds since 1970 in UTC, but window_start, due and horizon,
-- which are seconds. The journal may lie beside these tables.

CREATE TABLE login_nonces (
  nonce    TEXT   NOT NULL PRIMARY KEY,
  bound_to TEXT   NOT NULL,
  expires  BIGINT NOT NULL
);
CREATE INDEX login_nonces_expires ON login_nonces (expires);

CREATE TABLE capability_uses (
  jti     TEXT   NOT NULL PRIMARY KEY,
  expires BIGINT NOT NULL,
  used    BIGINT NOT NULL CHECK (used > 0)
);
CREATE INDEX capability_uses_expires ON capability_uses (expires);

-- The latest expiry among the uses that were pruned: see ConsumeUse.
CREATE TABLE forgotten (
  id         INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  uses_until BIGINT  NOT NULL
);
INSERT INTO forgotten (id, uses_until) VALUES (1, -9223372036854775808);

CREATE TABLE limit_counters (
  operator     BYTEA  NOT NULL CHECK (octet_length(operator) = 32),
  actor        BYTEA  NOT NULL CHECK (octet_length(actor) = 32),
  service_hash BYTEA  NOT NULL CHECK (octet_length(service_hash) = 32),
  scope_nonce  BIGINT NOT NULL,
  window_start BIGINT NOT NULL,
  in_window    BIGINT NOT NULL CHECK (in_window >= 0),
  total        BIGINT NOT NULL CHECK (total >= 0),
  PRIMARY KEY (operator, actor, service_hash, scope_nonce)
);

-- One row that readiness writes.
CREATE TABLE state_probe (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  at BIGINT  NOT NULL
);
INSERT INTO state_probe (id, at) VALUES (1, 0);

-- Each guard against replays: how many proofs it remembers, and the second before
-- which it may have forgotten some. Its row is the lock of what follows.
CREATE TABLE replay_guards (
  id      INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name    TEXT    NOT NULL UNIQUE,
  horizon BIGINT  NOT NULL,
  live    BIGINT  NOT NULL CHECK (live >= 0)
) WITH (fillfactor = 10);

-- A used proof, by its hash; due is the last second in which it would be accepted.
CREATE TABLE used_proofs (
  guard  INTEGER NOT NULL,
  proof  BYTEA   NOT NULL CHECK (octet_length(proof) = 32),
  holder BYTEA   NOT NULL CHECK (octet_length(holder) = 32),
  due    BIGINT  NOT NULL,
  PRIMARY KEY (guard, proof)
);
CREATE INDEX used_proofs_due ON used_proofs (guard, due);

-- How many proofs of a key a guard remembers; none has no row.
CREATE TABLE replay_holders (
  guard  INTEGER NOT NULL,
  holder BYTEA   NOT NULL CHECK (octet_length(holder) = 32),
  live   BIGINT  NOT NULL CHECK (live > 0),
  PRIMARY KEY (guard, holder)
);
