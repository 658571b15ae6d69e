package archive_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/litentry/agentkeys/pkg/archive"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
	"github.com/litentry/agentkeys/pkg/omni"
)

// mortal is a process that dies at one of its steps: what it does to journal and
// storage. From then on it does nothing.
type mortal struct {
	*journal.Journal
	at    int64 // the step at which it dies, from 1
	after bool  // it dies when the step is done, not before
	steps atomic.Int64
}

var errDead = errors.New("the process is dead")

// step runs one step, unless the process dies before it or is dead.
func step[T any](m *mortal, do func() (T, error)) (T, error) {
	var none T
	n := m.steps.Add(1)
	if n > m.at || n == m.at && !m.after {
		return none, errDead
	}
	out, err := do()
	if n == m.at {
		return none, errDead
	}
	return out, err
}

func (m *mortal) Events(ctx context.Context, q journal.Query) ([]journal.Stored, error) {
	return step(m, func() ([]journal.Stored, error) { return m.Journal.Events(ctx, q) })
}

func (m *mortal) Unarchived(ctx context.Context, after omni.Operator, limit int) ([]journal.Batch, error) {
	return step(m, func() ([]journal.Batch, error) { return m.Journal.Unarchived(ctx, after, limit) })
}

func (m *mortal) Archive(ctx context.Context, o omni.Operator, index uint64) (journal.Archive, error) {
	return step(m, func() (journal.Archive, error) { return m.Journal.Archive(ctx, o, index) })
}

func (m *mortal) MoveArchive(ctx context.Context, o omni.Operator, index uint64, from, to journal.Archive) error {
	_, err := step(m, func() (struct{}, error) { return struct{}{}, m.Journal.MoveArchive(ctx, o, index, from, to) })
	return err
}

func (m *mortal) wire(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	return step(m, func() (*http.Response, error) { return next.RoundTrip(r) })
}

// TestResume: a process dies at each of its steps, before or after it; the next
// one goes on. A batch is found, not stored, only where an answer was lost.
func TestResume(t *testing.T) {
	t.Parallel()
	finished := false
	for at := int64(1); !finished; at++ {
		for _, after := range []bool{false, true} {
			w := newWorld(t)
			all := []journal.Batch{w.batch(t, alice, 3), w.batch(t, bob, 1), w.batch(t, alice, 2)}
			m := &mortal{Journal: w.Journal, at: at, after: after}
			w.wire.set(m.wire)
			err := w.archiver(t, m).Pass(t.Context())
			finished = err == nil
			if at > 40 {
				t.Fatal("it takes no end")
			}
			w.wire.set(nil)
			next := w.archiver(t, w)
			pass(t, next)
			found := uint64(0)
			for _, b := range all {
				got, err := w.Archive(t.Context(), b.Operator, b.Index)
				if err != nil || !got.Final() {
					t.Fatalf("step %d, %v: %+v %v", at, after, got, err)
				}
				if got.State == journal.ArchiveFound {
					found++
				}
				w.there(t, b, got.State)
			}
			if s := next.Status(); found > 1 || s.Found != found || s.Holding != 0 {
				t.Errorf("step %d, %v: %+v, %d found", at, after, s, found)
			}
			order := slices.DeleteFunc(w.wire.sent(), func(name string) bool { return !strings.HasPrefix(name, alice.Key()) })
			if !slices.IsSorted(order) {
				t.Errorf("step %d, %v: out of order: %v", at, after, order)
			}
			if left, err := os.ReadDir(w.dir); err != nil || len(left) != 0 {
				t.Errorf("step %d, %v: left behind: %v %v", at, after, left, err)
			}
		}
	}
}

// forger answers other entries than the journal has.
type forger struct {
	*journal.Journal
	of   omni.Operator
	from int // the call from which on it forges
	edit func([]journal.Stored) []journal.Stored
	call int
}

func (f *forger) Events(ctx context.Context, q journal.Query) ([]journal.Stored, error) {
	list, err := f.Journal.Events(ctx, q)
	if q.Operator != f.of {
		return list, err
	}
	if f.call++; f.call >= f.from {
		list = f.edit(list)
	}
	return list, err
}

// TestDamage: entries that are not those of the batch are not archived, and
// nobody else is held up.
func TestDamage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		from int
		edit func([]journal.Stored) []journal.Stored
		want archive.Reason
	}{
		{"honest", 1, func(l []journal.Stored) []journal.Stored { return l }, ""},
		{"edited", 1, func(l []journal.Stored) []journal.Stored { l[1].Leaf = []byte(`{}`); return l }, archive.Damaged},
		{"removed", 1, func(l []journal.Stored) []journal.Stored { return slices.Delete(l, 1, 2) }, archive.Damaged},
		{"cut off", 1, func(l []journal.Stored) []journal.Stored { return l[:max(len(l)-1, 0)] }, archive.Damaged},
		{"reordered", 1, func(l []journal.Stored) []journal.Stored { l[0], l[1] = l[1], l[0]; return l }, archive.Damaged},
		{"edited between the looks", 2, func(l []journal.Stored) []journal.Stored { l[1].Leaf = []byte(`{}`); return l }, archive.Damaged},
		{"gone between the looks", 2, func([]journal.Stored) []journal.Stored { return nil }, archive.Damaged},
	} {
		w := newWorld(t)
		b, other := w.batch(t, alice, 3), w.batch(t, bob, 3)
		a := w.archiver(t, &forger{Journal: w.Journal, of: alice, from: c.from, edit: c.edit})
		pass(t, a)
		w.there(t, other, journal.ArchiveStored)
		s := a.Status()
		if c.want == "" {
			w.there(t, b, journal.ArchiveStored)
			continue
		}
		if s.Holding != 1 || s.Held[0].Reason != c.want {
			t.Errorf("%s: %+v", c.name, s)
		}
		w.stands(t, b, "")
		if w.object(t, alice, 0) != nil {
			t.Errorf("%s: was archived", c.name)
		}
	}
}

// TestLocal: a machine that cannot write the file says so, and goes on when it
// can.
func TestLocal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.batch(t, alice, 3)
	a := w.archiver(t, w)
	if err := os.Remove(w.dir); err != nil {
		t.Fatal(err)
	}
	var p *archive.Problem
	if err := a.Pass(t.Context()); !errors.As(err, &p) || p.Reason != archive.Local || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	w.stands(t, b, "")
	if err := os.Mkdir(w.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	pass(t, a)
	w.there(t, b, journal.ArchiveStored)
}

// TestTwoAtOnce: two processes on one journal archive each batch once, and
// neither holds one up.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all []journal.Batch
	for range 5 {
		for n := range 3 {
			all = append(all, w.batch(t, journaltest.Operator(n), 1))
		}
	}
	archivers := []*archive.Archiver{w.archiver(t, w), w.archiver(t, w)}
	done := make(chan error)
	for _, a := range archivers {
		go func() { done <- a.Pass(t.Context()) }()
	}
	for range archivers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	pass(t, archivers[0])
	for _, b := range all {
		got, err := w.Archive(t.Context(), b.Operator, b.Index)
		if err != nil || !got.Final() {
			t.Errorf("%+v %v", got, err)
		}
		w.there(t, b, got.State)
	}
}

// TestRefusedAfterLost: a refusal does not wipe out that an earlier answer is not
// known; nor does the end of the process wipe out one that came.
func TestRefusedAfterLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.batch(t, alice, 3)
	for _, c := range []struct {
		fault  func(http.RoundTripper, *http.Request) (*http.Response, error)
		reason archive.Reason
	}{{lost, archive.Unreachable}, {refused(403, "AccessDenied"), archive.Refused}, {down, archive.Unreachable}} {
		w.wire.set(c.fault)
		var p *archive.Problem
		if err := w.archiver(t, w).Pass(t.Context()); !errors.As(err, &p) || p.Reason != c.reason {
			t.Errorf("%v, want %s", err, c.reason)
		}
		w.stands(t, b, journal.ArchiveSending)
	}
	w.wire.set(nil)
	pass(t, w.archiver(t, w))
	w.there(t, b, journal.ArchiveFound)

	c := w.batch(t, alice, 3)
	ctx, cancel := context.WithCancel(t.Context())
	w.wire.set(func(next http.RoundTripper, r *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(r)
		cancel()
		return resp, err
	})
	_ = w.archiver(t, w).Pass(ctx)
	w.there(t, c, journal.ArchiveStored)
}

// TestSettledByOthers: what waited for a person is not named any more once it was
// settled, even with nothing behind it.
func TestSettledByOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.batch(t, alice, 3)
	w.put(t, alice, 0, "taken")
	a := w.archiver(t, w)
	for range 2 { // tried, then resting: it is named in both
		pass(t, a)
		if s := a.Status(); s.Holding != 1 || len(s.Held) != 1 || s.Held[0].Reason != archive.Occupied {
			t.Errorf("%+v", s)
		}
	}
	sending := recordOf(journal.ArchiveSending, []byte("taken"))
	found := recordOf(journal.ArchiveFound, []byte("taken"))
	if err := errors.Join(w.MoveArchive(t.Context(), alice, 0, journal.Archive{}, sending), w.MoveArchive(t.Context(), alice, 0, sending, found)); err != nil {
		t.Fatal(err)
	}
	pass(t, a)
	if s := a.Status(); s.Holding != 0 || len(s.Held) != 0 {
		t.Errorf("%+v", s)
	}
}
