package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/litentry/agentkeys/pkg/dpop"
)

// ProofsConfig says how much a guard remembers, and for whom.
type ProofsConfig struct {
	// Name is that of the guard, in lower case: processes that name the same one
	// share it. A proof that passes through two roles needs two.
	Name string
	// Deployment is whose the database is, or becomes when the guard begins; see
	// [Claim].
	Deployment string
	// Capacity is how many proofs it remembers at most, and PerKey of one key
	// while nobody else has any; see [dpop.Share].
	Capacity, PerKey int
	Now              func() time.Time
}

func (c ProofsConfig) check() error {
	if c.PerKey < 1 || c.Capacity < c.PerKey || c.Now == nil || checkTexts(c.Name, c.Deployment) != nil {
		return errors.New("replay guard: a name, a deployment, a capacity, a share of it per key, and a clock are required")
	}
	return nil
}

// Proofs is a [dpop.Guard] in PostgreSQL, for a role that runs as several
// processes. What was used is durable before it is accepted. It has the laws of
// [dpop.Memory], but that it outlives processes: refused for their age are only
// proofs from before the guard was first opened, and those no younger than one
// that it has forgotten. It is safe for concurrent use.
//
// All processes take turns at one guard; those that wait at the same time share a
// turn. It forgets by the clock of whoever has the turn: one that runs ahead makes
// it refuse proofs of the others, never accept one twice.
type Proofs struct {
	c       ProofsConfig
	db      *sql.DB
	id      int64 // of the guard's row
	st      proofStatements
	line    *line[*proofJob]
	begun   atomic.Bool   // what the guard needs is there, and the writer runs
	drained chan struct{} // closed when the writer has answered every job
	swept   int64         // the second for which nothing is left to forget
}

var errNotBegun = errors.New("the replay guard has not begun")

type digest [sha256.Size]byte

type proofJob struct {
	ctx           context.Context
	proof, holder digest
	due           int64 // seconds
	probe         bool  // is no proof, but must be written
	done          chan error
	err           error // the refusal, until the batch is durable
}

// OpenPostgresProofs opens the place of a guard in a PostgreSQL database, which the
// [Store] of its role may share, and brings its schema up to date. [Proofs.Begin]
// begins the guard. Errors: ErrNotDurable, ErrPlaintext, ErrSchema.
func OpenPostgresProofs(ctx context.Context, dsn string, c ProofsConfig) (*Proofs, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	db, err := openPostgresWriter(ctx, dsn, migrationFiles, "migrations/postgres", stateSteps)
	if err != nil {
		return nil, fmt.Errorf("open the replay guard: %w", err)
	}
	return &Proofs{c: c, db: db, line: newLine[*proofJob](), drained: make(chan struct{})}, nil
}

// Begin claims the database and begins the guard, for good when it is the first to
// do so: proofs from before are refused, since somebody else may have accepted them.
// Until then every use is store_unavailable. It is called once, before Close. Errors:
// ErrDeployment, ErrNotGranted.
func (p *Proofs) Begin(ctx context.Context) error {
	err := Claim(ctx, p.db, Rebind, p.c.Deployment)
	if err == nil {
		err = p.begin(ctx)
	}
	if err != nil {
		return fmt.Errorf("begin the replay guard: %w", err)
	}
	p.begun.Store(true)
	go p.write()
	return nil
}

// Use implements dpop.Guard. What cannot be told is store_unavailable; the proof
// may be used all the same.
func (p *Proofs) Use(ctx context.Context, key, id string, until time.Time) error {
	return p.submit(ctx, &proofJob{
		proof:  sha256.Sum256([]byte(key + "." + id)), // neither has a dot
		holder: sha256.Sum256([]byte(key)), due: until.Unix(),
	})
}

// Ready reports whether the guard can be written durably, by doing so. Before it
// begins nothing of that stays.
func (p *Proofs) Ready(ctx context.Context) error {
	if !p.begun.Load() {
		return p.rehearse(ctx)
	}
	return p.submit(ctx, &proofJob{probe: true})
}

func (p *Proofs) submit(ctx context.Context, j *proofJob) error {
	if !p.begun.Load() {
		return unavailable(errNotBegun)
	}
	j.ctx, j.done = ctx, make(chan error, 1)
	if err := p.line.join(ctx, j); err != nil {
		return unavailable(err)
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
		return unavailable(ctx.Err())
	}
}

// Close waits for what was submitted, then closes the database. Later uses are
// store_unavailable. Closing twice is no fault.
func (p *Proofs) Close() error {
	if !p.line.close() {
		return nil
	}
	if p.begun.Load() {
		<-p.drained
	}
	return p.db.Close()
}

// write is the one writer of this process.
func (p *Proofs) write() {
	defer close(p.drained)
	for first := range p.line.jobs {
		jobs := p.line.gather(first)
		err := p.commit(jobs)
		for _, j := range jobs {
			if err != nil {
				j.err = unavailable(err)
			}
			j.done <- j.err
		}
	}
}

// refusalOf says why a proof is refused, in the order of [dpop.Memory].
func (c ProofsConfig) refusalOf(used bool, live, held int64) error {
	switch {
	case used:
		return dpop.ErrUsed
	case live >= int64(c.Capacity):
		return dpop.ErrFull
	case held >= int64(dpop.Share(c.Capacity, c.PerKey, int(live-held))):
		return dpop.ErrQuota
	}
	return nil
}
