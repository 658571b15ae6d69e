package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/store"
)

// hold keeps the writer busy until release is called.
func hold(t *testing.T, j *Journal) (release func()) {
	t.Helper()
	busy, free, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		_ = j.submit(context.Background(), 1, func(context.Context, *group) (error, error) {
			close(busy)
			<-free
			return nil, nil
		})
	}()
	<-busy
	return sync.OnceFunc(func() { close(free); <-done })
}

// until waits for what another goroutine is about to do.
func until(condition func() bool) {
	for !condition() {
		runtime.Gosched()
	}
}

// TestGroupCommit: what waits while the writer is busy shares one transaction.
func TestGroupCommit(t *testing.T) {
	t.Parallel()
	j := prepared(t)
	release := hold(t, j)
	const waiting = 100
	transactions := map[*sql.Tx]int{} // only the writer touches it
	var wg sync.WaitGroup
	for range waiting {
		wg.Go(func() {
			if err := j.submit(context.Background(), 1, func(_ context.Context, g *group) (error, error) {
				transactions[g.Tx]++
				return nil, nil
			}); err != nil {
				t.Error(err)
			}
		})
	}
	until(func() bool { return j.waiting.Load() == waiting })
	release()
	wg.Wait()
	// The last of them may be counted and not queued yet when the writer goes on.
	if len(transactions) > waiting/10 {
		t.Errorf("%d transactions for %d operations that waited together", len(transactions), waiting)
	}
}

// TestGroupsAreBounded: entries are counted, not calls.
func TestGroupsAreBounded(t *testing.T) {
	t.Parallel()
	j := prepared(t)
	release := hold(t, j)
	transactions := map[*sql.Tx]int{}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := j.submit(context.Background(), maxGroup/2, func(_ context.Context, g *group) (error, error) {
				transactions[g.Tx]++
				return nil, nil
			}); err != nil {
				t.Error(err)
			}
		})
	}
	until(func() bool { return j.waiting.Load() == 2*maxGroup })
	release()
	wg.Wait()
	// Counted is not yet queued: who comes a moment later may get a group of its own.
	if len(transactions) < 2 {
		t.Errorf("%d transactions", len(transactions))
	}
	for _, n := range transactions {
		if n > 2 {
			t.Errorf("%d halves in one group", n)
		}
	}
	if n := j.waiting.Load(); n != 0 {
		t.Errorf("%d wait after all", n)
	}
}

// TestFullQueue: who comes when the queue is full is refused at once; who waits
// in it is served, and so is the next one.
func TestFullQueue(t *testing.T) {
	t.Parallel()
	j := prepared(t)
	release := hold(t, j)
	defer release()
	ctx, errs := context.Background(), make(chan error, 2)
	enter := func(n int) {
		go func() { _, err := j.Append(ctx, named(mine, n)); errs <- err }()
	}
	j.waiting.Add(maxQueue - 2) // as if so many did
	enter(11)
	until(func() bool { return j.waiting.Load() == maxQueue-1 })
	full := func(entries ...Entry) {
		t.Helper()
		if _, err := j.Append(ctx, entries...); apierr.CodeOf(err) != apierr.AuditUnavailable || !errors.Is(err, errFull) || !errors.Is(err, ErrBusy) {
			t.Error(err)
		}
	}
	full(named(mine, 13), named(mine, 14)) // there is room for one
	enter(12)
	until(func() bool { return j.waiting.Load() == maxQueue })
	full(named(mine, 13))
	if _, err := j.Emit(ctx, named(mine, 13).Event); apierr.CodeOf(err) != apierr.AuditUnavailable {
		t.Error(err)
	}
	j.waiting.Add(2 - maxQueue)
	release()
	if err := errors.Join(<-errs, <-errs); err != nil {
		t.Error(err)
	}
	if _, err := j.Append(ctx, named(mine, 13), named(mine, 14)); err != nil {
		t.Error(err)
	}
	sound(t, j, 14)
}

// TestPatience: a disk that hangs holds nobody up for longer than Patience, and
// what was left behind does not disturb who comes later.
func TestPatience(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := &Journal{queue: make(chan *job, 4)}
		from := time.Now()
		_, err := j.Append(t.Context(), named(mine, 1))
		if apierr.CodeOf(err) != apierr.AuditUnavailable || !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrBusy) || time.Since(from) != Patience {
			t.Error(err, time.Since(from))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		from = time.Now()
		if _, err := j.Append(ctx, named(mine, 2)); apierr.CodeOf(err) != apierr.AuditUnavailable || time.Since(from) != time.Second {
			t.Error(err, time.Since(from))
		}
	})
}

// TestFaultTakesTheGroupAlong: when one operation meets a fault, none of the
// group is acknowledged and none of it is there.
func TestFaultTakesTheGroupAlong(t *testing.T) {
	t.Parallel()
	j, ctx, boom := prepared(t), context.Background(), errors.New("boom")
	e, err := named(mine, 11).normal()
	if err != nil {
		t.Fatal(err)
	}
	good := func(ctx context.Context, g *group) (error, error) {
		_, refusal, fault := j.place(ctx, g, []Entry{e})
		return refusal, fault
	}
	bad := func(context.Context, *group) (error, error) { return nil, boom }
	jobs := []*job{{ctx: ctx, do: good}, {ctx: ctx, do: bad}}
	if err := j.commit(jobs); !errors.Is(err, boom) {
		t.Error(err)
	}
	sound(t, j, 10)
	if err := j.commit(jobs[:1]); err != nil {
		t.Error("the twin without the fault:", err)
	}
	sound(t, j, 11)
	gone, cancel := context.WithCancel(ctx)
	cancel()
	left := []*job{{ctx: gone, do: bad}, {ctx: ctx, do: good}}
	if err := j.commit(left); err != nil || apierr.CodeOf(left[0].err) != apierr.AuditUnavailable || left[1].err != nil {
		t.Error(err, left[0].err, left[1].err)
	}
}

func sound(t *testing.T, j *Journal, n uint64) {
	t.Helper()
	if h, err := j.Verify(context.Background(), mine); err != nil || h.Position != n {
		t.Errorf("%d entries, want %d: %v", h.Position, n, err)
	}
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	j, ctx := prepared(t), context.Background()
	exec(t, j, "PRAGMA query_only = 1")
	_, appending := j.Append(ctx, named(mine, 11))
	_, building := j.Build(ctx, mine, 0)
	moving := j.Move(ctx, mine, 0, Anchor{State: Built}, Anchor{State: Submitted, Tx: [32]byte{1}})
	_, emitting := j.Emit(ctx, named(mine, 11).Event)
	for what, err := range map[string]error{
		"append": appending, "build": building, "move": moving, "emit": emitting, "ready": j.Ready(ctx),
	} {
		if apierr.CodeOf(err) != apierr.AuditUnavailable {
			t.Errorf("%s: %v", what, err)
		}
	}
	exec(t, j, "PRAGMA query_only = 0")
	sound(t, j, 10)
	if _, err := j.Append(ctx, named(mine, 11)); err != nil {
		t.Error(err)
	}
}

// TestDiskFull gives the database no more pages than it has: appends are refused
// with their code, all that was acknowledged is there, and with space again the
// same journal goes on, with those that were refused.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	j, ctx := prepared(t), context.Background()
	var pages int
	if err := j.write.QueryRow("PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	exec(t, j, fmt.Sprintf("PRAGMA max_page_count = %d", pages))
	var mu sync.Mutex
	kept, refused := map[string]Place{}, []Entry{}
	var wg sync.WaitGroup
	for c := range 8 {
		wg.Go(func() {
			for i := range 25 {
				e := named(mine, 100+25*c+i)
				got, err := j.Append(ctx, e)
				mu.Lock()
				switch {
				case err == nil:
					kept[e.Event.ID] = got[0]
				case apierr.CodeOf(err) == apierr.AuditUnavailable:
					refused = append(refused, e)
				default:
					t.Error(err)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(refused) == 0 {
		t.Fatal("the disk was never full")
	}
	sound(t, j, uint64(10+len(kept)))
	exec(t, j, "PRAGMA max_page_count = 100000")
	for _, e := range refused {
		got, err := j.Append(ctx, e)
		if err != nil {
			t.Fatal(err)
		}
		kept[e.Event.ID] = got[0]
	}
	sound(t, j, 210)
	for id, r := range kept {
		if s, err := j.Event(ctx, id); err != nil || s.Hash != r.Hash || s.Position != r.Position {
			t.Error(s, err, r)
		}
	}
}

// TestClosingWaits: what was submitted before Close is answered.
func TestClosingWaits(t *testing.T) {
	t.Parallel()
	j := prepared(t)
	release := hold(t, j)
	errs := make(chan error, 2)
	go func() { _, err := j.Append(context.Background(), named(mine, 11)); errs <- err }()
	until(func() bool { return j.waiting.Load() == 1 })
	go func() { errs <- j.Close() }()
	release()
	if err := errors.Join(<-errs, <-errs); err != nil {
		t.Error(err)
	}
}

func TestFileIsOurs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "a b?c#d%20.db")
	j := openAt(t, path, atNoon)
	if _, err := j.Append(t.Context(), named(mine, 1)); err != nil {
		t.Fatal(err)
	}
	sound(t, j, 1)
	names, err := os.ReadDir(dir)
	if err != nil || len(names) < 2 {
		t.Fatal(err, names)
	}
	for _, n := range names {
		if i, err := n.Info(); err != nil || i.Mode() != 0o600 || !strings.HasPrefix(n.Name(), filepath.Base(path)) {
			t.Error(n.Name(), i.Mode(), err)
		}
	}
	if err := errors.Join(j.Close(), os.Chmod(path, 0o644)); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSQLite(t.Context(), path, atNoon); !errors.Is(err, files.ErrUnsafe) {
		t.Error(err)
	}
}

// TestOtherSchema: a database of another program, or of a later version.
func TestOtherSchema(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.db")
	s, err := store.OpenSQLite(t.Context(), path, atNoon)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSQLite(t.Context(), path, atNoon); !errors.Is(err, store.ErrSchema) {
		t.Error(err)
	}
}
