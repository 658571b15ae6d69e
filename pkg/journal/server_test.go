//go:build unix

package journal_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
	"github.com/litentry/agentkeys/pkg/store"
	"github.com/litentry/agentkeys/pkg/store/postgrestest"
)

// unsafeServer: an operator of the server who turns fsync off while the journal
// is open ends its readiness; nobody can open it then.
func unsafeServer(t *testing.T, s *postgrestest.Server) {
	dsn, ctx := s.Fresh(t), context.Background()
	j := openPostgres(t, dsn, time.Now)
	defer j.Close()
	for _, c := range []struct {
		fsync string
		want  error
	}{{"", nil}, {"off", store.ErrNotDurable}, {"", nil}} {
		s.Set(t, "fsync", c.fsync)
		err := j.Ready(ctx)
		for range 1000 { // a session that is open takes new settings in its own time
			if errors.Is(err, c.want) {
				break
			}
			err = j.Ready(ctx)
		}
		if c.want == nil && err != nil || c.want != nil && (!errors.Is(err, c.want) || apierr.CodeOf(err) != apierr.AuditUnavailable) {
			t.Errorf("fsync %q: %v", c.fsync, err)
		}
		other, err := journal.OpenPostgres(ctx, dsn, time.Now)
		if !errors.Is(err, c.want) {
			t.Errorf("fsync %q: %v", c.fsync, err)
		}
		if err == nil {
			_ = other.Close()
		}
	}
}

// lostCommit: the connection is lost around a COMMIT. The caller hears
// audit_unavailable either way, and finds out by appending again.
func lostCommit(t *testing.T, s *postgrestest.Server) {
	p, ctx := newCutter(t, s.Socket()), context.Background()
	j := openPostgres(t, s.Fresh(t, "host="+p.dir), time.Now)
	defer j.Close()
	o := journaltest.Operator(1)
	for i, c := range []struct {
		cut  int32
		want error // of a look right afterwards
	}{{cutAnswer, nil}, {cutQuestion, journal.ErrUnknown}, {cutAnswer, nil}} {
		e := journaltest.Entry(o, fmt.Sprint(i))
		p.cut.Store(c.cut)
		if _, err := j.Append(ctx, e); apierr.CodeOf(err) != apierr.AuditUnavailable {
			t.Fatal(i, err)
		}
		if p.cut.Load() != 0 {
			t.Fatal("nothing was cut")
		}
		if _, err := j.Event(ctx, e.Event.ID); !errors.Is(err, c.want) {
			t.Error(i, err)
		}
		got, err := j.Append(ctx, e)
		if err != nil || got[0].Position != uint64(i+1) {
			t.Error(i, got, err)
		}
	}
	if h, err := j.Verify(ctx, o); err != nil || h.Position != 3 {
		t.Error(h, err)
	}
}

// What a cutter does with the next COMMIT.
const (
	cutQuestion = 1 + iota // it does not reach the server
	cutAnswer              // its answer does not reach the client
)

// cutter stands between a client and a server.
type cutter struct {
	dir string
	cut atomic.Int32
}

func newCutter(t *testing.T, server string) *cutter {
	t.Helper()
	dir, err := os.MkdirTemp("", "cut")
	if err != nil {
		t.Fatal(err)
	}
	p := &cutter{dir: dir}
	l, err := net.Listen("unix", filepath.Join(dir, filepath.Base(server)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = l.Close(), os.RemoveAll(dir) })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			backend, err := net.Dial("unix", server)
			if err != nil {
				_ = client.Close()
				continue
			}
			go p.relay(client, backend)
		}
	}()
	return p
}

func (p *cutter) relay(client, server net.Conn) {
	defer client.Close()
	defer server.Close()
	var muted atomic.Bool
	answered := make(chan struct{}, 1)
	go func() {
		defer client.Close()
		buf := make([]byte, 1<<16)
		for {
			n, err := server.Read(buf)
			if muted.Load() {
				answered <- struct{}{}
				return
			}
			if err != nil {
				return
			}
			if _, err := client.Write(buf[:n]); err != nil {
				return
			}
		}
	}()
	buf := make([]byte, 1<<16)
	for {
		n, err := client.Read(buf)
		if err != nil {
			return
		}
		if bytes.Contains(buf[:n], []byte("COMMIT\x00")) {
			switch p.cut.Swap(0) {
			case cutQuestion:
				return
			case cutAnswer:
				muted.Store(true)
				_, _ = server.Write(buf[:n])
				<-answered
				return
			}
		}
		if _, err := server.Write(buf[:n]); err != nil {
			return
		}
	}
}

// killedServer crashes the server under load and starts it again, again and
// again, below one journal that stays open: everything acknowledged is there, in
// its place; whoever appends again until it is acknowledged has it there once.
func killedServer(t *testing.T, s *postgrestest.Server) {
	j := openPostgres(t, s.Fresh(t), time.Now)
	defer j.Close()
	l := &load{j: j, acknowledged: map[string]string{}, heard: make(chan struct{}, 1)}
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() { l.append(t, c) })
	}
	for n := range operators {
		wg.Go(func() { l.build(t, n) })
	}
	rounds := rounds(t)
	for round := range rounds {
		l.round.Store(int64(round))
		n, err := rand.Int(rand.Reader, big.NewInt(400))
		if err != nil {
			t.Fatal(err)
		}
		for target := l.count() + int(n.Int64()) + 1; l.count() < target; {
			<-l.heard
		}
		l.down.Lock()
		s.Kill(t)
		s.Start(t)
		l.down.Unlock()
	}
	l.done.Store(true)
	wg.Wait()
	appends := checkAcknowledged(t, j, l.acknowledged)
	t.Logf("%d crashes, %d appends acknowledged, %d attempts were not", rounds, appends, l.refused.Load())
	if appends == 0 || l.refused.Load() == 0 {
		t.Error("the crashes met nobody")
	}
	everyEntryInOneBatch(t, j, uint64(appends))
}

// load is what callers do to a journal whose server is killed.
type load struct {
	j       *journal.Journal
	round   atomic.Int64
	refused atomic.Int64
	done    atomic.Bool
	heard   chan struct{} // something was acknowledged
	down    sync.RWMutex  // held while the server is down

	mu           sync.Mutex // guards acknowledged
	acknowledged map[string]string
}

func (l *load) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.acknowledged)
}

func (l *load) said(line string) {
	l.mu.Lock()
	l.acknowledged[line] = ""
	l.mu.Unlock()
	select {
	case l.heard <- struct{}{}:
	default:
	}
}

// again reports whether an answer is to be asked for again, once the server is
// back. Every refusal has its code.
func (l *load) again(t *testing.T, err error) bool {
	if err == nil {
		return false
	}
	if apierr.CodeOf(err) != apierr.AuditUnavailable {
		t.Error(err)
		return false
	}
	l.refused.Add(1)
	l.down.RLock()
	defer l.down.RUnlock()
	return true
}

func (l *load) append(t *testing.T, caller int) {
	ctx := context.Background()
	for i := 0; !l.done.Load() && !t.Failed(); i++ {
		name := fmt.Sprint(l.round.Load(), " ", caller, " ", i)
		got, err := l.j.Append(ctx, killed(name))
		for l.again(t, err) {
			got, err = l.j.Append(ctx, killed(name))
		}
		if err == nil {
			l.said(fmt.Sprintf("append %s %d %s", name, got[0].Position, got[0].Hash))
		}
	}
}

func (l *load) build(t *testing.T, n int) {
	ctx, o := context.Background(), journaltest.Operator(n)
	for !l.done.Load() && !t.Failed() {
		b, err := l.j.Build(ctx, o, 7)
		switch {
		case err == nil:
			l.said(fmt.Sprintf("build %d %d %d %d %x", n, b.Index, b.First, b.Count, b.Root))
		case errors.Is(err, journal.ErrNothing), errors.Is(err, journal.ErrMoved):
			continue
		default: // a read that failed has no code of its own
			l.again(t, audit.Unavailable(err))
			continue
		}
		if err := l.j.Move(ctx, o, b.Index, b.Anchor, journal.Anchor{State: journal.Submitted, Tx: b.Root}); !l.again(t, err) && err == nil {
			l.said(fmt.Sprintf("move %d %d", n, b.Index))
		}
	}
}
