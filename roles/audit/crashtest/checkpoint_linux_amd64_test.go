package crashtest_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/journal"
)

// nearlyFull is how large the write-ahead log is when a cell begins: a few
// appends later SQLite copies it into the database (8,192 frames of a page and 24
// bytes, pkg/journal).
const nearlyFull = (8192 - 500) * (4096 + 24)

// TestCheckpointFaults does to the append that copies the write-ahead log into
// the database what TestFaults does to others. Each cell begins with the same
// files.
func TestCheckpointFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.running = w.serve()
	base := w.client(0, newDice(t))
	for {
		if info, err := os.Stat(w.store + "-wal"); err == nil && info.Size() > nearlyFull {
			break
		}
		if err := base.emit(t.Context(), api.MaxEmitted); err != nil {
			t.Fatal(err)
		}
	}
	w.running.kill()
	files := map[string][]byte{}
	for _, f := range []string{w.store, w.store + "-wal"} {
		files[f] = must[[]byte](t)(os.ReadFile(f))
	}
	s := &stage{world: w, gate: newGate(filepath.Dir(w.store))}
	w.arrange.gate = s.gate
	begun := uint64(len(base.acked))
	sc := checkpointing(files)
	again := sc.again
	sc.again = func(s *stage) error {
		if err := again(s); err != nil {
			return err
		}
		return s.sound(begun)
	}
	s.faults(sc)
	t.Logf("checkpoint: %d cells, each with %d events before it", s.cells, begun)
}

// sound holds what was appended behind the first events against its receipts, and
// the database against itself; the role is gone after it.
func (s *stage) sound(begun uint64) error {
	var want []journal.Place
	for _, a := range s.client.acked {
		want = append(want, a.place)
	}
	s.running.kill()
	j, err := journal.OpenSQLite(s.t.Context(), s.store, time.Now)
	if err != nil {
		return err
	}
	defer func() { _ = j.Close() }()
	m := s.masters[0].operator
	h, err := j.Verify(s.t.Context(), m)
	if err != nil {
		return err
	}
	var got []journal.Place
	for after := begun; after < h.Position; {
		page, err := j.Events(s.t.Context(), journal.Query{Operator: m, After: after})
		if err != nil {
			return err
		}
		for _, e := range page {
			got, after = append(got, journal.Place{ID: e.Event.ID, Operator: m, Position: e.Position, Hash: e.Hash, Received: e.Received}), e.Position
		}
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("%d events were acknowledged, %d are there", len(want), len(got))
	}
	return nil
}

// checkpointing appends until the database is synced, which only a checkpoint
// does.
func checkpointing(files map[string][]byte) scene {
	return scene{
		name: "checkpoint", few: true, most: 16, // of thousands of pages
		// While it lasts, a fault of the database's own file stops checkpoints, not
		// appends.
		once: true,
		about: func(kind string) bool {
			return all() || strings.HasSuffix(kind, " audit.db") && kind != "fstat audit.db" || kind == "pread64 audit.db-wal"
		},
		before: func(s *stage) error {
			if s.running != nil {
				s.running.kill()
			}
			_ = os.Remove(s.store + "-shm")
			for name, content := range files {
				if err := os.WriteFile(name, content, 0o600); err != nil {
					return err
				}
			}
			s.gate.watch(nil)
			s.running = s.serve()
			s.client = s.world.client(s.cells+1, newDice(s.t).fork("checkpoint"))
			s.entries, s.places = nil, nil
			return nil
		},
		act:   fill,
		again: fill,
	}
}

// fill appends until a checkpoint was seen. A refused append is what is handed in
// next time.
func fill(s *stage) (err error) {
	for range 40 {
		if s.entries == nil {
			if s.entries, err = s.client.next(api.MaxEmitted); err != nil {
				return err
			}
		}
		if err := s.offer(s.t.Context()); err != nil {
			return err
		}
		s.keep()
		if slices.ContainsFunc(s.gate.calls(), func(c call) bool { return c.kind() == "fsync audit.db" }) {
			return nil
		}
	}
	return errors.New("no checkpoint in 40 appends")
}
