package journal_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
	"github.com/litentry/agentkeys/pkg/merkle"
)

// childArg makes the test binary the process that is killed.
const childArg = "append-until-killed"

func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == childArg {
		fmt.Fprintln(os.Stderr, appendUntilKilled(os.Args[2], os.Args[3]))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

const (
	callers   = 16 // of the child; each has at most one call on its way
	operators = 3
)

// killed is the entry of a name such as "3 7 12": round, caller, count.
func killed(name string) journal.Entry {
	f := strings.Fields(name)
	n, _ := strconv.Atoi(f[1])
	return journaltest.Entry(journaltest.Operator(n%operators), name)
}

// appendUntilKilled appends, builds batches and moves them, and says so on stdout
// after each acknowledgement, never before.
func appendUntilKilled(where, round string) error {
	ctx := context.Background()
	j, err := openWhere(ctx, where)
	if err != nil {
		return err
	}
	errs := make(chan error)
	for c := range callers {
		go func() {
			for i := 0; ; i++ {
				name := fmt.Sprint(round, " ", c, " ", i)
				got, err := j.Append(ctx, killed(name))
				if err == nil {
					_, err = fmt.Printf("append %s %d %s\n", name, got[0].Position, got[0].Hash)
				}
				if err != nil {
					errs <- err
					return
				}
			}
		}()
	}
	for o := range operators {
		go func() { errs <- buildUntilKilled(ctx, j, o) }()
	}
	return <-errs
}

func buildUntilKilled(ctx context.Context, j *journal.Journal, n int) error {
	o := journaltest.Operator(n)
	for {
		b, err := j.Build(ctx, o, 7)
		if errors.Is(err, journal.ErrNothing) {
			continue
		}
		if err != nil {
			return err
		}
		if _, err := fmt.Printf("build %d %d %d %d %x\n", n, b.Index, b.First, b.Count, b.Root); err != nil {
			return err
		}
		sent := journal.Anchor{State: journal.Submitted, Tx: b.Root}
		if err := j.Move(ctx, o, b.Index, b.Anchor, sent); err != nil {
			return err
		}
		if _, err := fmt.Printf("move %d %d\n", n, b.Index); err != nil {
			return err
		}
	}
}

// killRounds is how often the process is killed; AGENTKEYS_TEST_KILLS says
// otherwise.
const killRounds = 10

func rounds(t *testing.T) int {
	t.Helper()
	s := os.Getenv("AGENTKEYS_TEST_KILLS")
	if s == "" {
		return killRounds
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		t.Fatalf("AGENTKEYS_TEST_KILLS is %q", s)
	}
	return n
}

// TestKilled kills a process with SIGKILL while it appends and builds, at
// random, again and again: everything that it acknowledged is there, once, in its
// place; nothing is there that was not on its way; every entry is in one batch.
// (It shows what a crash of the process does. For a loss of power there is the
// sync at each commit, which no test here can prove.)
func TestKilled(t *testing.T) {
	t.Parallel()
	killedProcess(t, filepath.Join(t.TempDir(), "journal.db"))
}

// postgresPrefix tells a connection string from the path of a file.
const postgresPrefix = "postgres:"

func openWhere(ctx context.Context, where string) (*journal.Journal, error) {
	if dsn, ok := strings.CutPrefix(where, postgresPrefix); ok {
		return journal.OpenPostgres(ctx, dsn, time.Now)
	}
	return journal.OpenSQLite(ctx, where, time.Now)
}

func killedProcess(t *testing.T, where string) {
	t.Helper()
	acknowledged := map[string]string{} // what was said: the rest of its line
	rounds := rounds(t)
	for round := range rounds {
		n, err := rand.Int(rand.Reader, big.NewInt(400))
		if err != nil {
			t.Fatal(err)
		}
		runChild(t, where, round, int(n.Int64())+1, acknowledged)
		if round > 20 && round%50 != 0 {
			continue // many rounds make a long journal
		}
		j := reopen(t, where)
		for o := range operators {
			if _, err := j.Verify(t.Context(), journaltest.Operator(o)); err != nil {
				t.Fatal(err)
			}
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
	j := reopen(t, where)
	defer j.Close()
	appends := checkAcknowledged(t, j, acknowledged)
	total := uint64(0)
	for o := range operators {
		h, err := j.Head(t.Context(), journaltest.Operator(o))
		if err != nil {
			t.Fatal(err)
		}
		total += h.Position
	}
	t.Logf("%d rounds, %d appends acknowledged, %d entries", rounds, appends, total)
	if appends == 0 || total < uint64(appends) || total > uint64(appends+rounds*callers) {
		t.Errorf("%d entries, %d were acknowledged", total, appends)
	}
	everyEntryInOneBatch(t, j, total)
}

func reopen(t *testing.T, where string) *journal.Journal {
	t.Helper()
	j, err := openWhere(t.Context(), where)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// checkAcknowledged holds what was said against what is there. Whoever did not
// hear an acknowledgement appends again: the places are those of the first time.
func checkAcknowledged(t *testing.T, j *journal.Journal, acknowledged map[string]string) (appends int) {
	t.Helper()
	ctx := context.Background()
	for line := range acknowledged {
		f := strings.Fields(line)
		switch f[0] {
		case "append":
			appends++
			got, err := j.Append(ctx, killed(strings.Join(f[1:4], " ")))
			if err != nil || fmt.Sprint(got[0].Position) != f[4] || got[0].Hash.String() != f[5] {
				t.Fatalf("%s: %+v, %v", line, got, err)
			}
		default:
			n, err1 := strconv.Atoi(f[1])
			index, err2 := strconv.ParseUint(f[2], 10, 64)
			b, err3 := j.Batch(ctx, journaltest.Operator(n), index)
			if err := errors.Join(err1, err2, err3); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			if f[0] == "build" && fmt.Sprintf("%d %d %x", b.First, b.Count, b.Root) != strings.Join(f[3:], " ") ||
				f[0] == "move" && b.Anchor.State != journal.Submitted {
				t.Fatalf("%s: %+v", line, b)
			}
		}
	}
	return appends
}

// everyEntryInOneBatch builds what is left, then counts.
func everyEntryInOneBatch(t *testing.T, j *journal.Journal, total uint64) {
	t.Helper()
	ctx := context.Background()
	var entries, covered uint64
	ids := map[string]bool{}
	for n := range operators {
		o := journaltest.Operator(n)
		if _, err := j.Build(ctx, o, 0); err != nil && !errors.Is(err, journal.ErrNothing) {
			t.Fatal(err)
		}
		h, err := j.Verify(ctx, o)
		if err != nil || h.Covered != h.Position {
			t.Fatal(h, err)
		}
		for index := range h.Batches {
			b, err := j.Batch(ctx, o, index)
			if err != nil {
				t.Fatal(err)
			}
			covered += b.Count
		}
		for q := (journal.Query{Operator: o}); ; {
			list, err := j.Events(ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) == 0 {
				break
			}
			for _, s := range list {
				ids[s.Event.ID], q.After = true, s.Position
				entries++
			}
			p, err := j.Proof(ctx, list[0].Event.ID)
			if err != nil || !merkle.Verify(p.Batch.Root, p.Batch.Count, list[0].Leaf, p.Siblings) {
				t.Fatal(err)
			}
		}
	}
	if entries != total || covered != total || uint64(len(ids)) != total {
		t.Errorf("%d entries, %d in batches, %d identifiers of %d", entries, covered, len(ids), total)
	}
}

// runChild starts the child, kills it after n acknowledgements and keeps all that
// it managed to write, which is at least n.
func runChild(t *testing.T, where string, round, n int, acknowledged map[string]string) {
	t.Helper()
	child := exec.Command(os.Args[0], childArg, where, strconv.Itoa(round))
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	child.Stderr = &stderr
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var kill sync.Once
	seen := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		acknowledged[lines.Text()] = ""
		if seen++; seen >= n {
			kill.Do(func() { _ = child.Process.Kill() })
		}
	}
	if err := child.Wait(); err == nil || seen < n || stderr.Len() != 0 {
		t.Fatalf("the child ended by itself after %d: %v %s", seen, err, stderr.String())
	}
}
