package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/store"
)

// childArg makes the test binary the process that is killed.
const childArg = "consume-until-killed"

func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == childArg {
		fmt.Fprintln(os.Stderr, consumeUntilKilled(os.Args[2]))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

const workers = 16 // of the child; each has at most one operation on its way

func chargeKey() store.LimitKey {
	return store.LimitKey{Operator: omni.OperatorOfWallet([20]byte{1}), Actor: omni.ActorOfWallet([20]byte{2})}
}

var unlimited = store.Limits{MaxTotal: math.MaxUint32}

// consumeUntilKilled spends uses and charges, and says so on stdout after each
// acknowledgement, never before.
func consumeUntilKilled(path string) error {
	ctx := context.Background()
	s, err := store.OpenSQLite(ctx, path, time.Now)
	if err != nil {
		return err
	}
	errs := make(chan error)
	for i := range workers {
		go func() {
			for {
				word, err := "use\n", error(nil)
				if i%2 == 0 {
					err = s.ConsumeUse(ctx, "cap", math.MaxInt32, expiry)
				} else {
					word, err = "charge\n", s.Charge(ctx, chargeKey(), 1, unlimited, time.Now())
				}
				if err != nil {
					errs <- err
					return
				}
				if _, err := os.Stdout.WriteString(word); err != nil {
					errs <- err
					return
				}
			}
		}()
	}
	return <-errs
}

var expiry = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)

// TestKilled kills a process with SIGKILL while it consumes, again and again:
// everything that it acknowledged is counted, and nothing but what was on its
// way at that instant is counted besides. (It shows what a crash of the process
// does. For a loss of power there is fsync at each commit, which no test here
// can prove.)
func TestKilled(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	const rounds = 6
	acknowledged := map[string]int{}
	for round := range rounds {
		runChild(t, path, 1+round*150, acknowledged)
	}
	s, err := store.OpenSQLite(t.Context(), path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	uses, charges := acknowledged["use"], acknowledged["charge"]
	if uses == 0 || charges == 0 {
		t.Fatal("the child consumed nothing", acknowledged)
	}
	if err := s.ConsumeUse(t.Context(), "cap", uses, expiry); !errors.Is(err, store.ErrUsedUp) {
		t.Errorf("of %d acknowledged uses some are forgotten: %v", uses, err)
	}
	if err := s.ConsumeUse(t.Context(), "cap", uses+rounds*workers/2+1, expiry); err != nil {
		t.Errorf("more uses are counted than were ever asked for: %v", err)
	}
	var l *store.LimitReached
	if err := s.Charge(t.Context(), chargeKey(), 1, store.Limits{MaxTotal: 1}, time.Now()); !errors.As(err, &l) {
		t.Fatal(err)
	}
	if got := int(l.Used); got < charges || got > charges+rounds*workers/2 {
		t.Errorf("%d charges are counted, %d were acknowledged", got, charges)
	}
}

// runChild starts the child, kills it after n acknowledgements and counts all
// that it managed to write, which is at least n.
func runChild(t *testing.T, path string, n int, acknowledged map[string]int) {
	t.Helper()
	child := exec.Command(os.Args[0], childArg, path)
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
		acknowledged[lines.Text()]++
		if seen++; seen >= n {
			kill.Do(func() { _ = child.Process.Kill() })
		}
	}
	if err := child.Wait(); err == nil || seen < n || stderr.Len() != 0 {
		t.Fatalf("the child ended by itself after %d: %v %s", seen, err, stderr.String())
	}
}
