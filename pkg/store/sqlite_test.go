package store

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
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/files"
)

// These tests reach below the interface: they break the database under the
// store, and look at rows that no operation shows.

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func openAt(t testing.TB, path string, now func() time.Time) *Store {
	t.Helper()
	s, err := OpenSQLite(context.Background(), path, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func atNoon() time.Time { return noon }

// exec runs SQL on the store's one connection, between batches.
func exec(t *testing.T, s *Store, text string) {
	t.Helper()
	if _, err := s.db.Exec(text); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, s *Store, table string) (n int) {
	t.Helper()
	if err := s.db.QueryRow("SELECT COUNT(*) FROM " + table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// failEverything calls each operation that writes and wants store_unavailable.
func failEverything(t *testing.T, s *Store) {
	t.Helper()
	ctx, exp := context.Background(), noon.Add(time.Hour)
	for what, err := range map[string]error{
		"put":     s.PutNonce(ctx, "new", "bound", exp),
		"take":    s.TakeNonce(ctx, "kept", "bound", noon),
		"consume": s.ConsumeUse(ctx, "cap", 2, exp),
		"charge":  s.Charge(ctx, LimitKey{}, 1, Limits{MaxTotal: 2}, noon),
		"ready":   s.Ready(ctx),
	} {
		if apierr.CodeOf(err) != apierr.StoreUnavailable {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// prepared is a store in which one of two uses, one of two charges and no nonce
// are spent.
func prepared(t *testing.T) *Store {
	t.Helper()
	s := openAt(t, filepath.Join(t.TempDir(), "store.db"), atNoon)
	ctx, exp := context.Background(), noon.Add(time.Hour)
	if err := errors.Join(s.PutNonce(ctx, "kept", "bound", exp), s.ConsumeUse(ctx, "cap", 2, exp),
		s.Charge(ctx, LimitKey{}, 1, Limits{MaxTotal: 2}, noon)); err != nil {
		t.Fatal(err)
	}
	return s
}

// nothingHalfDone: exactly what was left before the fault can be spent after it.
func nothingHalfDone(t *testing.T, s *Store) {
	t.Helper()
	ctx, exp := context.Background(), noon.Add(time.Hour)
	if err := errors.Join(s.Ready(ctx), s.TakeNonce(ctx, "kept", "bound", noon), s.ConsumeUse(ctx, "cap", 2, exp),
		s.Charge(ctx, LimitKey{}, 1, Limits{MaxTotal: 2}, noon)); err != nil {
		t.Error(err)
	}
	if err := s.ConsumeUse(ctx, "cap", 2, exp); !errors.Is(err, ErrUsedUp) {
		t.Error(err)
	}
	var l *LimitReached
	if err := s.Charge(ctx, LimitKey{}, 1, Limits{MaxTotal: 2}, noon); !errors.As(err, &l) {
		t.Error(err)
	}
}

func TestReadOnly(t *testing.T) {
	s := prepared(t)
	exec(t, s, "PRAGMA query_only = 1")
	failEverything(t, s)
	exec(t, s, "PRAGMA query_only = 0")
	nothingHalfDone(t, s)
}

// TestDiskFull gives the database no more pages than it has. Rewriting a row in
// place needs none, so the operations that must fail are those that grow it.
func TestDiskFull(t *testing.T) {
	s := prepared(t)
	var pages int
	if err := s.db.QueryRow("PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	exec(t, s, fmt.Sprintf("PRAGMA max_page_count = %d", pages))
	ctx := context.Background()
	long := strings.Repeat("x", maxText-8)
	acknowledged, refused := 0, 0
	for i := range 100 {
		switch err := s.PutNonce(ctx, fmt.Sprintf("%s%08d", long, i), long, noon.Add(time.Hour)); {
		case err == nil:
			acknowledged++
		case apierr.CodeOf(err) == apierr.StoreUnavailable:
			refused++
		default:
			t.Fatal(err)
		}
	}
	if refused == 0 {
		t.Fatal("the disk was never full")
	}
	if n := count(t, s, "login_nonces"); n != acknowledged+1 {
		t.Errorf("%d rows for %d acknowledged", n, acknowledged+1)
	}
	exec(t, s, "PRAGMA max_page_count = 100000")
	nothingHalfDone(t, s)
}

// TestFaultTakesTheBatchAlong: when one operation of a batch meets a fault, none
// of the batch is acknowledged and none of it is there.
func TestFaultTakesTheBatchAlong(t *testing.T) {
	s := prepared(t)
	ctx := context.Background()
	boom := errors.New("boom")
	good := func(ctx context.Context, x tx) (error, error) {
		_, err := x.stmt(ctx, s.st.putNonce).ExecContext(ctx, "batch", "bound", 1)
		return nil, err
	}
	bad := func(context.Context, tx) (error, error) { return nil, boom }
	batch := []*job{{ctx: ctx, do: good}, {ctx: ctx, do: bad}, {ctx: ctx, do: good}}
	if err := s.commit(batch); !errors.Is(err, boom) {
		t.Error(err)
	}
	if n := count(t, s, "login_nonces"); n != 1 {
		t.Errorf("%d nonces", n)
	}
	if err := s.commit(batch[:1]); err != nil || count(t, s, "login_nonces") != 2 {
		t.Error("the twin without the fault:", err)
	}
}

// TestRefusalDoesNotTakeTheBatchAlong: a refusal is an answer to one caller.
func TestRefusalDoesNotTakeTheBatchAlong(t *testing.T) {
	s := prepared(t)
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	ran := 0
	op := func(refusal error) operation {
		return func(context.Context, tx) (error, error) { ran++; return refusal, nil }
	}
	batch := []*job{
		{ctx: t.Context(), do: op(nil)},
		{ctx: t.Context(), do: op(ErrUsedUp)},
		{ctx: gone, do: op(nil)},
		{ctx: t.Context(), do: op(nil)},
	}
	if err := s.commit(batch); err != nil {
		t.Fatal(err)
	}
	if batch[0].err != nil || !errors.Is(batch[1].err, ErrUsedUp) || batch[3].err != nil || ran != 3 ||
		apierr.CodeOf(batch[2].err) != apierr.StoreUnavailable {
		t.Error(batch[0].err, batch[1].err, batch[2].err, batch[3].err, ran)
	}
}

// TestGroupCommit: what waits while the writer is busy shares one transaction.
func TestGroupCommit(t *testing.T) {
	s := prepared(t)
	busy, release := make(chan struct{}), make(chan struct{})
	go func() {
		_ = s.submit(context.Background(), "", func(context.Context, tx) (error, error) {
			close(busy)
			<-release
			return nil, nil
		})
	}()
	<-busy
	const waiting = 100
	transactions := map[*sql.Tx]int{} // only the writer touches it
	var wg sync.WaitGroup
	for range waiting {
		wg.Go(func() {
			if err := s.submit(context.Background(), "", func(_ context.Context, x tx) (error, error) {
				transactions[x.Tx]++
				return nil, nil
			}); err != nil {
				t.Error(err)
			}
		})
	}
	for len(s.line.jobs) < waiting {
		runtime.Gosched()
	}
	close(release)
	wg.Wait()
	if len(transactions) != 1 {
		t.Errorf("%d transactions for %d operations that waited together", len(transactions), waiting)
	}
}

func TestPruning(t *testing.T) {
	now := noon
	s := openAt(t, filepath.Join(t.TempDir(), "store.db"), atNoon)
	ctx := context.Background()
	for i := range 10 {
		exp := now.Add(time.Duration(i) * time.Minute)
		if err := errors.Join(s.PutNonce(ctx, fmt.Sprint(i), "b", exp), s.ConsumeUse(ctx, fmt.Sprint(i), 1, exp)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		now  time.Time
		left int
	}{
		{noon.Add(keepExpired), 10},
		{noon.Add(keepExpired + time.Microsecond), 9},
		{noon.Add(keepExpired + 4*time.Minute + time.Second), 5},
		{noon, 5},
		{noon.Add(time.Hour), 0},
	} {
		if err := s.prune(c.now); err != nil {
			t.Fatal(err)
		}
		if n, u := count(t, s, "login_nonces"), count(t, s, "capability_uses"); n != c.left || u != c.left {
			t.Errorf("at %s: %d nonces and %d uses left, want %d", c.now, n, u, c.left)
		}
	}
	if err := s.ConsumeUse(ctx, "9", 1, noon.Add(9*time.Minute)); apierr.CodeOf(err) != apierr.StoreUnavailable {
		t.Error("a use that was forgotten is there again:", err)
	}
	if err := s.ConsumeUse(ctx, "10", 1, noon.Add(9*time.Minute+time.Microsecond)); err != nil {
		t.Error(err)
	}
}

// TestForgottenNeverGoesBack: whatever is pruned, the mark only rises.
func TestForgottenNeverGoesBack(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "store.db"), atNoon)
	exec(t, s, "UPDATE forgotten SET uses_until = 1000; INSERT INTO capability_uses VALUES ('old', 10, 1)")
	if err := s.prune(noon); err != nil || count(t, s, "capability_uses") != 0 {
		t.Fatal(err)
	}
	var until int
	if err := s.db.QueryRow("SELECT uses_until FROM forgotten").Scan(&until); err != nil || until != 1000 {
		t.Error(until, err)
	}
}

// TestPruningIsBounded: a long list goes in steps, the oldest first.
func TestPruningIsBounded(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "store.db"), atNoon)
	exec(t, s, fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < %d)
		INSERT INTO capability_uses SELECT 'c' || i, i, 1 FROM n`, pruneRows+10))
	for _, left := range []int{10, 0, 0} {
		if err := s.prune(noon); err != nil {
			t.Fatal(err)
		}
		if n := count(t, s, "capability_uses"); n != left {
			t.Errorf("%d left, want %d", n, left)
		}
	}
}

func TestPragmas(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "a b?c#d%20.db"), atNoon)
	for name, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1",
		"busy_timeout": "5000", "fullfsync": "1", "checkpoint_fullfsync": "1", "trusted_schema": "0",
	} {
		var got string
		if err := s.db.QueryRow("PRAGMA " + name).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
}

// TestWeakDurabilityIsRefused: a database that cannot do what was asked.
func TestWeakDurabilityIsRefused(t *testing.T) {
	db, err := sql.Open("sqlite", "file::memory:?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if err := prepareSQLite(context.Background(), db, migrationFiles, "migrations/sqlite"); err == nil {
		t.Error("a store in memory was taken for durable")
	}
}

func TestFileIsOurs(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "store.db")
	s := openAt(t, path, atNoon)
	if err := s.Ready(context.Background()); err != nil {
		t.Fatal(err)
	}
	names, err := os.ReadDir(dir)
	if err != nil || len(names) < 2 {
		t.Fatal(err, names)
	}
	for _, n := range names {
		if i, err := n.Info(); err != nil || i.Mode() != 0o600 {
			t.Error(n.Name(), i.Mode(), err)
		}
	}
	if err := errors.Join(s.Close(), os.Chmod(path, 0o644)); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSQLite(context.Background(), path, atNoon); !errors.Is(err, files.ErrUnsafe) {
		t.Error(err)
	}
}

func TestNotADatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	if err := files.Create(path, []byte(strings.Repeat("not a database ", 1000))); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSQLite(context.Background(), path, atNoon); err == nil {
		t.Error("opened")
	}
}

// TestReaders: beside the writer, they see what is committed and change nothing.
func TestReaders(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := openAt(t, path, atNoon)
	r, err := OpenSQLiteReaders(path, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := s.PutNonce(t.Context(), "n", "b", noon); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := r.QueryRow("SELECT COUNT(*) FROM login_nonces").Scan(&n); err != nil || n != 1 {
		t.Error(n, err)
	}
	if _, err := r.Exec("DELETE FROM login_nonces"); err == nil || !strings.Contains(err.Error(), "readonly") {
		t.Error(err)
	}
}
