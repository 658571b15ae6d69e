package crashtest_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/journal"
)

// A scene is something that the role does to its files, and that can be tried
// again.
type scene struct {
	name string
	// before is done without a fault, act with one, again after it: that must
	// succeed, in the same process unless that one was killed.
	before, act, again func(*stage) error
	// about leaves kinds of calls to other scenes; nil: to none.
	about func(kind string) bool
	// once says that a fault which lasts is no cell: act would wait for its end.
	once bool
	// few says that less is tried unless all is: what is rare or takes long.
	few bool
	// most bounds how many occurrences of a kind are tried, evenly spread; 0: all.
	most int
}

// stage is a role behind a gate, with one emitter.
type stage struct {
	*world
	gate    *gate
	client  *client
	entries []journal.Entry
	places  []journal.Place // of entries, if they were acknowledged
	cells   int
}

func newStage(t testing.TB, edit ...func(*world)) *stage {
	t.Helper()
	s := &stage{world: newWorld(t, 1, edit...)}
	s.gate = newGate(filepath.Dir(s.store))
	s.arrange.gate = s.gate
	s.client = s.world.client(0, newDice(t))
	s.running = s.serve()
	return s
}

// offer hands the entries in once.
func (s *stage) offer(ctx context.Context) error {
	places, err := s.post(ctx, s.entries)
	if err == nil && s.places != nil && !slices.Equal(s.places, places) {
		return fmt.Errorf("what was acknowledged at %v is at %v", s.places, places)
	}
	if err == nil {
		s.places = places
	}
	return err
}

// keep puts what was acknowledged into the emitter's memory.
func (s *stage) keep() {
	for i, p := range s.places {
		s.client.acked = append(s.client.acked, acknowledged{s.entries[i].Sequence, p})
	}
	s.entries, s.places = nil, nil
}

// sign makes the entries of the next append.
func (s *stage) sign() (err error) {
	s.entries, err = s.client.next(3)
	return err
}

// outcome is what became of an act.
type outcome string

const (
	done    outcome = "done"
	refused outcome = "refused"
	gone    outcome = "killed"
	missed  outcome = "not reached"
)

// cell runs a scene once: the n-th call of a kind gets the verdict, and with
// until those after it as well.
func (s *stage) cell(sc scene, kind string, n int, v verdict, until bool) outcome {
	s.t.Helper()
	s.cells++
	what := fmt.Sprintf("%s: %s, occurrence %d, verdict %d", sc.name, kind, n, v)
	if err := sc.before(s); err != nil {
		s.t.Fatalf("%s: before it: %v", what, err)
	}
	seen, struck := 0, false
	s.gate.watch(func(c call) verdict {
		if c.kind() != kind {
			return 0
		}
		if seen++; seen == n || until && seen > n {
			struck = true
			return v
		}
		return 0
	})
	err := sc.act(s)
	s.gate.watch(nil)
	out := s.judge(what, err, v)
	if !struck {
		out = missed
	} else if v == die {
		out = gone
		<-s.running.done
	}
	if ended(s.running) {
		s.running = s.serve()
	}
	if err := sc.again(s); err != nil {
		s.t.Fatalf("%s: %s, and after it: %v: %s", what, out, err, s.running.log)
	}
	return out
}

// judge holds an answer against what a fault may become.
func (s *stage) judge(what string, err error, v verdict) outcome {
	s.t.Helper()
	var start *notStarted
	switch {
	case err == nil:
		return done
	case (notAcknowledged(err) || errors.As(err, &start)) && v != die:
		return refused
	case (tolerable(err) || errors.As(err, &start)) && v == die:
		return gone
	}
	s.t.Errorf("%s: %v", what, err)
	return outcome(apierr.CodeOf(err))
}

// kinds runs a scene without a fault and counts what it calls.
func (s *stage) kinds(sc scene) map[string]int {
	s.t.Helper()
	var out map[string]int
	// What not every time calls is no part of it: the first one's, and those of a
	// connection to the database that is opened now and then beside another.
	for run := range 4 {
		seen := map[string]int{}
		if err := sc.before(s); err != nil {
			s.t.Fatal(err)
		}
		s.gate.watch(nil)
		if err := sc.act(s); err != nil {
			s.t.Fatal(err)
		}
		for _, c := range s.gate.calls() {
			seen[c.kind()]++
		}
		if run < 2 {
			out = seen
		}
		for kind, n := range out {
			if out[kind] = min(n, seen[kind]); out[kind] == 0 {
				delete(out, kind)
			}
		}
		if err := sc.again(s); err != nil {
			s.t.Fatal(err)
		}
	}
	return out
}

// all tells whether every occurrence is tried.
func all() bool { return os.Getenv("AGENTKEYS_TEST_FAULTS") == "all" }

// occurrences are those of n that are tried.
func (sc scene) occurrences(n int) []int {
	if sc.few && !all() {
		return []int{(n + 1) / 2}
	}
	if !all() {
		return slices.Compact([]int{1, (n + 1) / 2, n})
	}
	tried := n
	if sc.most > 0 {
		tried = min(n, sc.most)
	}
	out := make([]int, tried)
	for i := range out {
		out[i] = 1 + i*(n-1)/max(len(out)-1, 1)
	}
	return out
}

// faults runs every cell of a scene and prints them as a table.
func (s *stage) faults(sc scene) {
	s.t.Helper()
	kinds := s.kinds(sc)
	var missing []string
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		if sc.about != nil && !sc.about(kind) {
			continue
		}
		row := map[string]map[outcome]int{}
		try := func(name string, n int, v verdict, until bool) {
			if row[name] == nil {
				row[name] = map[outcome]int{}
			}
			row[name][s.cell(sc, kind, n, v, until)]++
		}
		few := sc.few && !all()
		for _, n := range sc.occurrences(kinds[kind]) {
			if possible(kind) {
				try("EIO", n, verdict(unix.EIO), false)
			}
			if possible(kind) && !few {
				try("ENOSPC", n, verdict(unix.ENOSPC), false)
			}
			try("SIGKILL", n, die, false)
		}
		// How often it calls may have changed since it was counted, as with a log that
		// was checkpointed meanwhile: the first call is the last to go.
		for again := 0; again < 3 && row["SIGKILL"][gone] == 0; again++ {
			try("SIGKILL", 1, die, false)
		}
		switch {
		case sc.once || few || !possible(kind):
		case writes(kind):
			try("ENOSPC until lifted", 1, verdict(unix.ENOSPC), true)
		default:
			try("EIO until lifted", 1, verdict(unix.EIO), true)
		}
		s.t.Logf("%-10s %-28s %3d calls: %v", sc.name, kind, kinds[kind], row)
		if row["SIGKILL"][gone] == 0 {
			missing = append(missing, kind)
		}
	}
	// On a busy machine another connection may do now and then what was counted;
	// when it is more than a few kinds, the scene is not what it was.
	if len(missing) > 3 || len(missing) == len(kinds) {
		s.t.Errorf("%s: no cell was reached of %q", sc.name, missing)
	}
}

// possible leaves out what no disk fails: giving up a lock, and what fcntl says of
// a descriptor.
func possible(kind string) bool {
	return !strings.HasPrefix(kind, "fcntl-unlock ") && !strings.HasPrefix(kind, "fcntl ")
}

// writes: what takes room, or says that it is there.
func writes(kind string) bool {
	name, _, _ := strings.Cut(kind, " ")
	return slices.Contains([]string{"pwrite64", "ftruncate", "fallocate", "fsync", "fdatasync"}, name)
}

// TestFaults fails each call to the file system of an append, a flush, a list, a
// start and an anchoring, and kills the role before each.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		edit   []func(*world)
		scenes []scene
	}{
		{"append", nil, []scene{appending()}},
		{"flush", nil, []scene{flushing()}},
		{"list", nil, []scene{listing()}},
		{"start", nil, []scene{starting(), startingAnew()}},
		{"anchor", []func(*world){relayed}, []scene{anchoring()}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, c.edit...)
			for _, sc := range c.scenes {
				s.faults(sc)
			}
			events, batches := s.wound([]*client{s.client}, nil)
			t.Logf("%s: %d cells; %d events in %d batches", c.name, s.cells, events, batches)
		})
	}
}
