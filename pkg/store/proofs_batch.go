package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/litentry/agentkeys/pkg/dpop"
)

// A batch goes to the server in a handful of statements, however many proofs it
// has: while it is on its way all other processes wait.
const (
	// A guard that begins knows nothing of the proofs that were made before.
	sqlBeginGuard = `
INSERT INTO replay_guards (name, horizon, live) VALUES ($1, $2, 0) ON CONFLICT (name) DO NOTHING`

	sqlFindGuard = `
SELECT id FROM replay_guards WHERE name = $1`

	sqlLockGuard = `
SELECT horizon, live FROM replay_guards WHERE id = $1 FOR UPDATE`

	sqlSweepProofs = `
WITH gone AS (
  DELETE FROM used_proofs WHERE guard = $1 AND proof IN
    (SELECT proof FROM used_proofs WHERE guard = $1 AND due < $2 ORDER BY due LIMIT $3)
  RETURNING holder, due
), counts AS (
  SELECT holder, COUNT(*) AS n FROM gone GROUP BY holder
), emptied AS (
  DELETE FROM replay_holders h USING counts c WHERE h.guard = $1 AND h.holder = c.holder AND h.live <= c.n
), less AS (
  UPDATE replay_holders h SET live = h.live - c.n FROM counts c WHERE h.guard = $1 AND h.holder = c.holder AND h.live > c.n
)
UPDATE replay_guards SET live = live - (SELECT COUNT(*) FROM gone), horizon = GREATEST(horizon, (SELECT MAX(due) + 1 FROM gone))
WHERE id = $1 RETURNING horizon, live`

	sqlKnownProofs = `
SELECT proof FROM used_proofs WHERE guard = $1 AND proof = ANY($2::bytea[])`

	sqlHolders = `
SELECT holder, live FROM replay_holders WHERE guard = $1 AND holder = ANY($2::bytea[])`

	sqlUseProofs = `
WITH used AS (
  INSERT INTO used_proofs (guard, proof, holder, due)
  SELECT $1, p, h, d FROM unnest($2::bytea[], $3::bytea[], $4::bigint[]) AS new (p, h, d)
), held AS (
  INSERT INTO replay_holders AS have (guard, holder, live)
  SELECT $1, h, COUNT(*) FROM unnest($3::bytea[]) AS new (h) GROUP BY h
  ON CONFLICT (guard, holder) DO UPDATE SET live = have.live + excluded.live
)
UPDATE replay_guards SET live = live + cardinality($2::bytea[]) WHERE id = $1`

	// sweepProofs is how many proofs one batch forgets at most.
	sweepProofs = 1 << 10
)

type proofStatements struct{ lock, sweep, known, holders, use *sql.Stmt }

// rehearse makes the guard's row in a transaction that is undone.
func (p *Proofs) rehearse(ctx context.Context) error {
	t, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return unavailable(err)
	}
	defer func() { _ = t.Rollback() }()
	if err := CheckPostgres(ctx, t); err != nil {
		return unavailable(err)
	}
	if _, err := t.ExecContext(ctx, sqlBeginGuard, p.c.Name, p.horizon()); err != nil {
		return unavailable(err)
	}
	return nil
}

// horizon is that of a guard which begins now.
func (p *Proofs) horizon() int64 { return p.c.Now().Add(dpop.MaxAge).Unix() }

// begin finds the guard's row, and makes it once.
func (p *Proofs) begin(ctx context.Context) error {
	if _, err := p.db.ExecContext(ctx, sqlBeginGuard, p.c.Name, p.horizon()); err != nil {
		return fmt.Errorf("begin %q: %w", p.c.Name, err)
	}
	if err := p.db.QueryRowContext(ctx, sqlFindGuard, p.c.Name).Scan(&p.id); err != nil {
		return fmt.Errorf("find %q: %w", p.c.Name, err)
	}
	for _, s := range []struct {
		into **sql.Stmt
		text string
	}{
		{&p.st.lock, sqlLockGuard},
		{&p.st.sweep, sqlSweepProofs},
		{&p.st.known, sqlKnownProofs},
		{&p.st.holders, sqlHolders},
		{&p.st.use, sqlUseProofs},
	} {
		var err error
		if *s.into, err = p.db.PrepareContext(ctx, s.text); err != nil {
			return fmt.Errorf("prepare statements: %w", err)
		}
	}
	return nil
}

// turn is a batch while it has the guard's lock.
type turn struct {
	tx
	p             *Proofs
	horizon, live int64
	used          map[digest]bool
	held          map[digest]int64
	fresh         []*proofJob // accepted
}

// commit decides all jobs in one transaction, in the order in which they came.
func (p *Proofs) commit(jobs []*proofJob) error {
	now := p.c.Now().Unix()
	swept := p.swept
	err := transact(context.Background(), p.db, CheckPostgres, func(ctx context.Context, x tx) error {
		t := &turn{tx: x, p: p, used: map[digest]bool{}, held: map[digest]int64{}}
		if err := t.stmt(ctx, p.st.lock).QueryRowContext(ctx, p.id).Scan(&t.horizon, &t.live); err != nil {
			return fmt.Errorf("wait for the replay guard: %w", err)
		}
		if now != p.swept {
			before := t.live
			if err := t.stmt(ctx, p.st.sweep).QueryRowContext(ctx, p.id, now, sweepProofs).Scan(&t.horizon, &t.live); err != nil {
				return fmt.Errorf("forget proofs: %w", err)
			}
			if before-t.live < sweepProofs {
				swept = now
			}
		}
		if err := t.look(ctx, jobs); err != nil {
			return err
		}
		return t.decide(ctx, jobs)
	})
	if err == nil {
		p.swept = swept
	}
	return err
}

// look reads what the guard knows of the jobs' proofs and keys.
func (t *turn) look(ctx context.Context, jobs []*proofJob) error {
	var proofs, holders [][]byte
	for _, j := range jobs {
		if j.probe {
			continue
		}
		proofs = append(proofs, j.proof[:])
		if _, asked := t.held[j.holder]; !asked {
			t.held[j.holder], holders = 0, append(holders, j.holder[:])
		}
	}
	if len(proofs) == 0 {
		return nil
	}
	err := t.rows(ctx, t.p.st.known, proofs, func(scan func(...any) error) error {
		var b []byte
		if err := scan(&b); err != nil {
			return err
		}
		t.used[digest(b)] = true
		return nil
	})
	if err != nil {
		return fmt.Errorf("look for proofs: %w", err)
	}
	err = t.rows(ctx, t.p.st.holders, holders, func(scan func(...any) error) error {
		var b []byte
		var live int64
		if err := scan(&b, &live); err != nil {
			return err
		}
		t.held[digest(b)] = live
		return nil
	})
	if err != nil {
		return fmt.Errorf("count proofs: %w", err)
	}
	return nil
}

func (t *turn) rows(ctx context.Context, s *sql.Stmt, list [][]byte, each func(scan func(...any) error) error) error {
	rows, err := t.stmt(ctx, s).QueryContext(ctx, t.p.id, Array(list))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// decide accepts and refuses, and writes what it accepted.
func (t *turn) decide(ctx context.Context, jobs []*proofJob) error {
	write := false
	for _, j := range jobs {
		switch err := j.ctx.Err(); {
		case err != nil:
			j.err = unavailable(err)
		case j.probe:
			j.err, write = nil, true
		default:
			j.err = t.use(j)
		}
	}
	if len(t.fresh) == 0 && !write {
		return nil
	}
	n := len(t.fresh)
	proofs, holders, dues := make([][]byte, n), make([][]byte, n), make([]int64, n)
	for i, j := range t.fresh {
		proofs[i], holders[i], dues[i] = j.proof[:], j.holder[:], j.due
	}
	if _, err := t.stmt(ctx, t.p.st.use).ExecContext(ctx, t.p.id, Array(proofs), Array(holders), Array(dues)); err != nil {
		return fmt.Errorf("use proofs: %w", err)
	}
	return nil
}

// use accepts one proof, or says why not.
func (t *turn) use(j *proofJob) error {
	held := t.held[j.holder]
	if err := t.p.c.refusalOf(j.due < t.horizon || t.used[j.proof], t.live, held); err != nil {
		return err
	}
	t.used[j.proof], t.held[j.holder] = true, held+1
	t.live++
	t.fresh = append(t.fresh, j)
	return nil
}
