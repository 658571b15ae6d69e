-- Times are microseconds since 1970 in UTC, but window_start, which is seconds.

CREATE TABLE login_nonces (
  nonce    TEXT    NOT NULL PRIMARY KEY,
  bound_to TEXT    NOT NULL,
  expires  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX login_nonces_expires ON login_nonces (expires);

CREATE TABLE capability_uses (
  jti     TEXT    NOT NULL PRIMARY KEY,
  expires INTEGER NOT NULL,
  used    INTEGER NOT NULL CHECK (used > 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX capability_uses_expires ON capability_uses (expires);

-- The latest expiry among the uses that were pruned: see ConsumeUse.
CREATE TABLE forgotten (
  id         INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  uses_until INTEGER NOT NULL
) STRICT;
INSERT INTO forgotten (id, uses_until) VALUES (1, -9223372036854775808);

CREATE TABLE limit_counters (
  operator     BLOB    NOT NULL CHECK (length(operator) = 32),
  actor        BLOB    NOT NULL CHECK (length(actor) = 32),
  service_hash BLOB    NOT NULL CHECK (length(service_hash) = 32),
  scope_nonce  INTEGER NOT NULL,
  window_start INTEGER NOT NULL,
  in_window    INTEGER NOT NULL CHECK (in_window >= 0),
  total        INTEGER NOT NULL CHECK (total >= 0),
  PRIMARY KEY (operator, actor, service_hash, scope_nonce)
) STRICT, WITHOUT ROWID;

-- One row that readiness writes.
CREATE TABLE probe (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  at INTEGER NOT NULL
) STRICT;
INSERT INTO probe (id, at) VALUES (1, 0);
