package crashtest_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/journal"
)

// room is what is left to the role of a disk that the test fills, in bytes.
const room = 1 << 20

// disk is somewhere that gets full.
type disk struct {
	dir  string // where the store lies; empty: where it lies anyway
	gate *gate
	// full takes all but the room away, free gives it back.
	full, free func(*world) error
}

// disks are those that there are: one whose calls fail at the gate, and
// AGENTKEYS_TEST_SMALL_DISK, a directory on a file system of its own.
func disks(t *testing.T) map[string]func(*testing.T) disk {
	t.Helper()
	out := map[string]func(*testing.T) disk{"gate": gatedDisk}
	if dir := os.Getenv("AGENTKEYS_TEST_SMALL_DISK"); dir != "" {
		out["small disk"] = func(t *testing.T) disk { return smallDisk(t, dir) }
	}
	return out
}

// gatedDisk has no room behind the end of the write-ahead log and a little.
func gatedDisk(*testing.T) disk {
	g := newGate("")
	return disk{
		gate: g,
		full: func(w *world) error {
			info, err := os.Stat(w.store + "-wal")
			if err != nil {
				return err
			}
			g.watch(func(c call) verdict {
				if c.name == "pwrite64" && c.end > info.Size()+room {
					return verdict(unix.ENOSPC)
				}
				return 0
			})
			return nil
		},
		free: func(*world) error { g.watch(nil); return nil },
	}
}

// smallDisk is filled with a file.
func smallDisk(t *testing.T, dir string) disk {
	t.Helper()
	store := must[string](t)(os.MkdirTemp(dir, "store"))
	t.Cleanup(func() { _ = os.RemoveAll(store) })
	ballast := filepath.Join(store, "ballast")
	return disk{
		dir: store,
		full: func(*world) error {
			var st unix.Statfs_t
			if err := unix.Statfs(dir, &st); err != nil {
				return err
			}
			left := int64(st.Bavail)*st.Bsize - room
			if total := int64(st.Blocks) * st.Bsize; left <= 0 || total > 64<<20 {
				return errors.New("AGENTKEYS_TEST_SMALL_DISK is no small disk, or full already")
			}
			return os.WriteFile(ballast, make([]byte, left), 0o600)
		},
		free: func(*world) error { return os.Remove(ballast) },
	}
}

// TestDiskFull fills the disk under load. What comes then is refused with
// audit_unavailable, reading goes on, and once there is room again the same
// process takes what it refused.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	for name, open := range disks(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := open(t)
			w := newWorld(t, 2, func(w *world) {
				if d.dir != "" {
					w.store = filepath.Join(d.dir, "audit.db")
				}
				if d.gate != nil {
					d.gate.dir = filepath.Dir(w.store)
					w.arrange.gate = d.gate
				}
			})
			w.running = w.serve()
			clients, refused := w.fillUp(d)
			for _, m := range w.masters {
				page := get[api.AuditEvents](w, m, api.PathAuditEvents)
				st := get[api.AuditStatus](w, m, api.PathAuditStatus)
				if len(page.Events) == 0 || st.Position == 0 {
					t.Errorf("with a full disk there are %d events to read, status %+v", len(page.Events), st)
				}
			}
			if err := d.free(w); err != nil {
				t.Fatal(err)
			}
			for i, c := range clients {
				places, err := w.post(t.Context(), refused[i])
				if err != nil {
					t.Fatalf("with room again: %v: %s", err, w.running.log)
				}
				for k, p := range places {
					c.acked = append(c.acked, acknowledged{refused[i][k].Sequence, p})
				}
				if err := c.emit(t.Context(), 4); err != nil {
					t.Fatal(err)
				}
			}
			if ended(w.running) {
				t.Error("the role did not go on, it was started again")
			}
			events, batches := w.wound(clients, nil)
			t.Logf("%s: %d events in %d batches; every one of %d emitters was refused", name, events, batches, len(clients))
		})
	}
}

// fillUp lets emitters go on until each was refused, with the disk full from some
// point on. It answers them, and what they were refused.
func (w *world) fillUp(d disk) ([]*client, [][]journal.Entry) {
	w.t.Helper()
	dice := newDice(w.t)
	clients, refused := make([]*client, 16), make([][]journal.Entry, 16)
	for i := range clients {
		clients[i] = w.client(i, dice.fork(string(rune('a'+i))))
		if err := clients[i].emit(w.t.Context(), 4); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := d.full(w); err != nil {
		w.t.Fatal(err)
	}
	errs := make(chan error)
	for i, c := range clients {
		go func() {
			var err error
			refused[i], err = c.untilRefused()
			errs <- err
		}()
	}
	for range clients {
		if err := <-errs; err != nil {
			w.t.Fatal(err)
		}
	}
	return clients, refused
}

// untilRefused emits until it is told audit_unavailable, and answers what was
// not taken.
func (c *client) untilRefused() ([]journal.Entry, error) {
	for {
		entries, err := c.next(32)
		if err != nil {
			return nil, err
		}
		places, err := c.w.post(c.w.t.Context(), entries)
		if apierr.CodeOf(err) == apierr.AuditUnavailable {
			return entries, nil
		}
		if err != nil {
			return nil, err
		}
		for i, p := range places {
			c.acked = append(c.acked, acknowledged{entries[i].Sequence, p})
		}
	}
}
