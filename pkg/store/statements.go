package store

import (
	"context"
	"database/sql"
	"time"
)

// The SQL that every backend understands. Each operation is one conditional
// statement, so that it stays atomic where many processes write at once.
const (
	sqlPutNonce = `
INSERT INTO login_nonces (nonce, bound_to, expires) VALUES (?, ?, ?)
ON CONFLICT (nonce) DO NOTHING`

	sqlTakeNonce = `
DELETE FROM login_nonces WHERE nonce = ? AND bound_to = ? RETURNING expires`

	// A capability without a count is admitted only if it expires later than
	// every count that was pruned.
	sqlConsume = `
INSERT INTO capability_uses (jti, expires, used)
SELECT ?, ?, 1 WHERE EXISTS (SELECT 1 FROM forgotten WHERE id = 1 AND uses_until < ?)
ON CONFLICT (jti) DO UPDATE SET used = capability_uses.used + 1 WHERE capability_uses.used < ?
RETURNING used`

	sqlReadUses = `
SELECT used FROM capability_uses WHERE jti = ?`

	// A window never moves back. The limits are passed twice each: 0 is none.
	sqlCharge = `
INSERT INTO limit_counters (operator, actor, service_hash, scope_nonce, window_start, in_window, total)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (operator, actor, service_hash, scope_nonce) DO UPDATE SET
  in_window = CASE WHEN excluded.window_start > limit_counters.window_start
    THEN excluded.in_window ELSE limit_counters.in_window + excluded.in_window END,
  window_start = CASE WHEN excluded.window_start > limit_counters.window_start
    THEN excluded.window_start ELSE limit_counters.window_start END,
  total = limit_counters.total + excluded.total
WHERE (CAST(? AS BIGINT) = 0 OR excluded.window_start > limit_counters.window_start OR limit_counters.in_window + excluded.in_window <= ?)
  AND (CAST(? AS BIGINT) = 0 OR limit_counters.total + excluded.total <= ?)`

	sqlReadLimits = `
SELECT window_start, in_window, total FROM limit_counters
WHERE operator = ? AND actor = ? AND service_hash = ? AND scope_nonce = ?`

	sqlPruneNonces = `
DELETE FROM login_nonces WHERE nonce IN
  (SELECT nonce FROM login_nonces WHERE expires < ? ORDER BY expires LIMIT ?)`

	sqlPrunableUses = `
SELECT MAX(expires) FROM
  (SELECT expires FROM capability_uses WHERE expires < ? ORDER BY expires LIMIT ?) AS oldest`

	sqlForgetUses = `
UPDATE forgotten SET uses_until = ? WHERE id = 1 AND uses_until < ?`

	sqlPruneUses = `
DELETE FROM capability_uses WHERE expires <= ?`
)

// statements are the operations, prepared once.
type statements struct {
	probe, putNonce, takeNonce, consume, readUses, charge, readLimits *sql.Stmt
	pruneNonces, prunableUses, forgetUses, pruneUses                  *sql.Stmt
}

func (s *statements) prepare(ctx context.Context, db *sql.DB, b backend) error {
	for _, p := range []struct {
		into **sql.Stmt
		text string
	}{
		{&s.probe, b.probe},
		{&s.putNonce, sqlPutNonce},
		{&s.takeNonce, sqlTakeNonce},
		{&s.consume, sqlConsume},
		{&s.readUses, sqlReadUses},
		{&s.charge, sqlCharge},
		{&s.readLimits, sqlReadLimits},
		{&s.pruneNonces, sqlPruneNonces},
		{&s.prunableUses, sqlPrunableUses},
		{&s.forgetUses, sqlForgetUses},
		{&s.pruneUses, sqlPruneUses},
	} {
		st, err := db.PrepareContext(ctx, b.bind(p.text))
		if err != nil {
			return err
		}
		*p.into = st
	}
	return nil
}

const (
	// keepExpired is how long rows outlive their expiry: more than any leeway
	// with which a caller judges times.
	keepExpired = 10 * time.Minute
	// pruneRows bounds one pruning, and so how long others wait for it.
	pruneRows = 4096
)

// prune removes what expired a while ago and remembers how far it went.
func (s *Store) prune(now time.Time) error {
	before := micros(now.Add(-keepExpired))
	return s.transact(context.Background(), s.backend.alone, func(ctx context.Context, t tx) error {
		if _, err := t.stmt(ctx, s.st.pruneNonces).ExecContext(ctx, before, pruneRows); err != nil {
			return err
		}
		var until sql.NullInt64
		if err := t.stmt(ctx, s.st.prunableUses).QueryRowContext(ctx, before, pruneRows).Scan(&until); err != nil {
			return err
		}
		if !until.Valid {
			return nil
		}
		if _, err := t.stmt(ctx, s.st.forgetUses).ExecContext(ctx, until.Int64, until.Int64); err != nil {
			return err
		}
		_, err := t.stmt(ctx, s.st.pruneUses).ExecContext(ctx, until.Int64)
		return err
	})
}
