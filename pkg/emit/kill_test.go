package emit_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// childArg makes the test binary the process that is killed.
const childArg = "emit-until-killed"

func TestMain(m *testing.M) {
	if len(os.Args) == 6 && os.Args[1] == childArg {
		fmt.Fprintln(os.Stderr, emitUntilKilled(os.Args[2], os.Args[3], os.Args[4], os.Args[5]))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

const callers = 16 // of the child; each has at most one call on its way

// over sends entries to a URL.
func over(url string) emit.Post {
	return func(ctx context.Context, entries []journal.Entry) error {
		b, err := strictjson.Encode(entries)
		if err != nil {
			return err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(b))
		if err != nil {
			return err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			return err
		}
		if resp.StatusCode != http.StatusOK {
			return errors.New(resp.Status)
		}
		return nil
	}
}

// spoolTo is the same for the child and for who goes on after it.
func spoolTo(dir, url string, key jose.PrivateKey) emit.Config {
	return emit.Config{
		Dir: dir, Role: "signer", Identity: key, Post: over(url), Now: time.Now, Log: zerolog.Nop(),
		SegmentBytes: 32 << 10, Grace: time.Hour, Patience: time.Minute, // a machine may be busy
	}
}

// emitUntilKilled emits, and says so on stdout after each acknowledgement, never
// before.
func emitUntilKilled(dir, url, keyFile, round string) error {
	key, err := jose.LoadKey(keyFile)
	if err != nil {
		return err
	}
	s, err := emit.Open(spoolTo(dir, url, key))
	if err != nil {
		return err
	}
	errs := make(chan error)
	for c := range callers {
		go func() {
			for i := 0; ; i++ {
				name := fmt.Sprint(round, " ", c, " ", i)
				receipt, err := s.Emit(context.Background(), event(name))
				if err == nil {
					_, err = fmt.Printf("%s %s\n", name, receipt)
				}
				if err != nil {
					errs <- err
					return
				}
			}
		}()
	}
	return <-errs
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

// TestKilled kills a process with SIGKILL while it emits, at random, again and
// again, with a real journal behind it that fails now and then: everything that was
// acknowledged is in the journal, once, with the receipt that the caller has; the
// numbers have no gap and stand in their order.
func TestKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	key, err := jose.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	keyFile := filepath.Join(dir, "key.pem")
	if err := jose.SaveKey(keyFile, key); err != nil {
		t.Fatal(err)
	}
	j, err := journal.OpenSQLite(t.Context(), filepath.Join(dir, "journal.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	srv := serveJournal(t, j, key.Public())
	defer srv.Close()
	spool := filepath.Join(dir, "spool")
	acknowledged := map[string]string{} // receipts by name
	n := rounds(t)
	for round := range n {
		runChild(t, acknowledged, spool, srv.URL, keyFile, strconv.Itoa(round))
	}
	s, err := emit.Open(spoolTo(spool, srv.URL, key))
	if err != nil {
		t.Fatal(err)
	}
	for s.Stats().Unsent > 0 {
		time.Sleep(time.Millisecond)
	}
	closed(t, s)
	checkJournal(t, j, s.Source(), acknowledged, n)
}

// serveJournal takes entries as the audit role does, and breaks every tenth call
// off: half of those after the entries are durable.
func serveJournal(t *testing.T, j *journal.Journal, key jose.PublicKey) *httptest.Server {
	t.Helper()
	set, err := jose.NewKeySet(key)
	if err != nil {
		t.Fatal(err)
	}
	var calls atomic.Int64
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := calls.Add(1)
		if n%20 == 0 {
			panic(http.ErrAbortHandler)
		}
		b, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler) // the child was killed
		}
		var entries []journal.Entry
		err = strictjson.Decode(b, &entries)
		for _, e := range entries {
			s, bad := audit.VerifyReceipt(set, e.Signature)
			if bad == nil {
				bad = s.Covers(e.Event)
			}
			if bad != nil || s.Sequence != e.Sequence || s.Source != e.Source {
				t.Errorf("%+v: %v", e, bad)
			}
		}
		if err == nil {
			_, err = j.Append(context.Background(), entries...)
		}
		if err != nil {
			t.Error(err)
		}
		if n%20 == 10 {
			panic(http.ErrAbortHandler)
		}
	}))
}

// checkJournal holds what was said against what is there.
func checkJournal(t *testing.T, j *journal.Journal, source string, acknowledged map[string]string, rounds int) {
	t.Helper()
	receipts := map[string]string{}
	last := uint64(0)
	for q := (journal.Query{Operator: journaltest.Operator(1)}); ; {
		list, err := j.Events(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		for _, s := range list {
			if s.Sequence != last+1 || s.Source != source {
				t.Fatalf("entry %d of %s stands behind %d", s.Sequence, s.Source, last)
			}
			receipts[s.Event.ID], last, q.After = s.Signature, s.Sequence, s.Position
		}
	}
	for name, receipt := range acknowledged {
		if receipts[journaltest.ID(name)] != receipt {
			t.Fatalf("%s was acknowledged with %s, the journal has %q", name, receipt, receipts[journaltest.ID(name)])
		}
	}
	t.Logf("%d rounds, %d acknowledged, %d in the journal", rounds, len(acknowledged), last)
	if n := uint64(len(acknowledged)); n == 0 || last < n || last > n+uint64(rounds*callers) || last != uint64(len(receipts)) {
		t.Errorf("%d in the journal, %d were acknowledged", last, n)
	}
}

// runChild starts the child, kills it after some acknowledgements and keeps all
// that it managed to say.
func runChild(t *testing.T, acknowledged map[string]string, args ...string) {
	t.Helper()
	random, err := rand.Int(rand.Reader, big.NewInt(600))
	if err != nil {
		t.Fatal(err)
	}
	n := int(random.Int64()) + 1
	child := exec.Command(os.Args[0], append([]string{childArg}, args...)...)
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
		if i := strings.LastIndexByte(lines.Text(), ' '); i > 0 {
			if _, err := audit.ReadReceipt(lines.Text()[i+1:]); err == nil { // the last line may be cut
				acknowledged[lines.Text()[:i]] = lines.Text()[i+1:]
			}
		}
		if seen++; seen >= n {
			kill.Do(func() { _ = child.Process.Kill() })
		}
	}
	if err := child.Wait(); err == nil || seen < n || stderr.Len() != 0 {
		t.Fatalf("the child ended by itself after %d: %v %s", seen, err, stderr.String())
	}
}
