package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/omni"
)

const (
	// maxGroup bounds how many entries share a transaction, and so how long the
	// first of them waits for the last. The last job may go beyond it.
	maxGroup = 512
	// maxQueue bounds how many entries wait: who comes then is refused at once.
	maxQueue = 16 * maxGroup
)

var (
	errClosed = errors.New("the journal is closed")
	errFull   = fmt.Errorf("%w: too many wait", ErrBusy)
	// errAgain says that another process changed what a group had looked at.
	errAgain = errors.New("another process was faster")
	// errTogether says that not all entries of a group could be written at once:
	// one by one it shows which.
	errTogether = errors.New("an entry is there already")
)

// group is the transaction that jobs share. ends are those of the journals that
// it touched, written once when all jobs are done.
type group struct {
	*sql.Tx
	own  map[string]*sql.Stmt // the backend's statements, by their text
	ends map[omni.Operator]*end
	at   time.Time // when the group was received
	// known is what the backend looked for at once, by identifier, nil where there
	// is none; what is put under it waits for the end of the group. Without known
	// each entry is looked for and written by itself.
	known   map[string]*found
	waiting [][]any // rows of entries
}

// found is what is written under an identifier.
type found struct{ operator, hash, record []byte }

// end is where a journal ends within a group.
type end struct {
	position uint64
	hash     Hash
	changed  bool
}

func (g *group) stmt(ctx context.Context, s *sql.Stmt) *sql.Stmt { return g.StmtContext(ctx, s) }

// operation works inside a group. A refusal is an answer, and concerns its
// caller alone; a fault rolls back the whole group.
type operation func(ctx context.Context, g *group) (refusal, fault error)

type job struct {
	ctx       context.Context
	do        operation
	operators []omni.Operator // whose journals it changes
	ids       [][]byte        // what it appends
	weight    int64           // entries
	done      chan error      // buffered: the writer never waits for a caller who left
	err       error           // the refusal, until the group is durable
}

// submit hands an operation, which changes the journals of these operators and no
// others, to the writer and waits until its group is durable, but no longer than
// Patience. A full queue refuses at once.
func (j *Journal) submit(ctx context.Context, weight int, do operation, operators ...omni.Operator) error {
	return j.await(ctx, &job{do: do, operators: operators, weight: int64(weight)})
}

// await is submit for a job that is not yet anybody's.
func (j *Journal) await(ctx context.Context, w *job) error {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	w.ctx, w.done = ctx, make(chan error, 1)
	if err := j.enqueue(w); err != nil {
		return late(err)
	}
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
		return late(ctx.Err())
	}
}

// late is the error of what was not written, or of what nobody knows that yet.
func late(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("%w: %w", ErrBusy, err)
	}
	return audit.Unavailable(err)
}

func (j *Journal) enqueue(w *job) error {
	j.mu.RLock()
	defer j.mu.RUnlock()
	if j.closed {
		return errClosed
	}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if j.waiting.Add(w.weight) > maxQueue {
		j.waiting.Add(-w.weight)
		return errFull
	}
	j.queue <- w // has room: a job is at least one entry
	return nil
}

// run is the one writer: it takes whatever waits, commits it together, and
// answers. While a commit is on its way to the disk the next group gathers.
func (j *Journal) run() {
	defer close(j.drained)
	for first := range j.queue {
		jobs := j.gather(first)
		err := j.commit(jobs)
		for _, w := range jobs {
			if err != nil {
				w.err = late(err)
			}
			w.done <- w.err
		}
	}
}

// gather adds to the first job what waits already, without waiting for more.
func (j *Journal) gather(first *job) []*job {
	jobs, weight := []*job{first}, first.weight
	defer func() { j.waiting.Add(-weight) }()
	for weight < maxGroup {
		select {
		case w, ok := <-j.queue:
			if !ok {
				return jobs
			}
			jobs, weight = append(jobs, w), weight+w.weight
		default:
			return jobs
		}
	}
	return jobs
}

// commit runs jobs in one transaction, or leaves nothing of them; again, as long
// as patience lasts, when others beside it undid it. It uses no caller's context:
// one who leaves must not take the others along.
func (j *Journal) commit(jobs []*job) error {
	ctx, cancel := j.db.bound()
	defer cancel()
	for together := true; ; {
		err := j.attempt(ctx, jobs, together)
		if err == nil || ctx.Err() != nil || !j.db.again(err) {
			return err
		}
		together = together && !errors.Is(err, errTogether)
	}
}

// attempt is one transaction. together lets the backend take entries together
// where it can.
func (j *Journal) attempt(ctx context.Context, jobs []*job, together bool) error {
	t, err := j.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	g := &group{Tx: t, own: j.st.own, ends: map[omni.Operator]*end{}, at: j.now()}
	if together {
		g.known = j.db.known()
	}
	if err := j.perform(ctx, g, jobs); err != nil {
		return errors.Join(err, t.Rollback())
	}
	// A commit that was cut short may say that it succeeded before every copy has
	// it (PostgreSQL with synchronous standbys).
	if err := errors.Join(t.Commit(), ctx.Err()); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

func (j *Journal) perform(ctx context.Context, g *group, jobs []*job) error {
	var operators []omni.Operator
	for _, w := range jobs {
		operators = append(operators, w.operators...)
	}
	if err := j.db.lock(ctx, g, operators); err != nil {
		return err
	}
	if g.known != nil {
		if err := j.db.look(ctx, g, jobs); err != nil {
			return err
		}
	}
	for _, w := range jobs {
		if err := w.ctx.Err(); err != nil {
			w.err = late(err)
			continue
		}
		refusal, fault := w.do(ctx, g)
		if fault != nil {
			return fault
		}
		w.err = refusal
	}
	if g.known != nil {
		return j.db.flush(ctx, g)
	}
	return writeHeads(ctx, g, j.st.writeHead)
}

// writeHeads writes those that moved, one by one.
func writeHeads(ctx context.Context, g *group, write *sql.Stmt) error {
	for o, e := range g.ends {
		if !e.changed {
			continue
		}
		b := o.Bytes()
		if _, err := g.stmt(ctx, write).ExecContext(ctx, b[:], int64(e.position), e.hash[:]); err != nil {
			return fmt.Errorf("write the head: %w", err)
		}
	}
	return nil
}

// endOf reads where a journal ends, once per group.
func (j *Journal) endOf(ctx context.Context, g *group, o omni.Operator) (*end, error) {
	if e, ok := g.ends[o]; ok {
		return e, nil
	}
	b := o.Bytes()
	var position int64
	var hash []byte
	err := g.stmt(ctx, j.st.readHead).QueryRowContext(ctx, b[:]).Scan(&position, &hash)
	e := &end{hash: Genesis(o)}
	switch {
	case err == nil:
		e.position, e.hash = uint64(position), to32(hash)
	case !errors.Is(err, sql.ErrNoRows):
		return nil, fmt.Errorf("read the head: %w", err)
	}
	g.ends[o] = e
	return e, nil
}
