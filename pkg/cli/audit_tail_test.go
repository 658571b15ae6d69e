package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/cli"
	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/roles"
)

// tailed is a stack whose audit role can be stopped and started, and an operator.
type tailed struct {
	*devstack.Stack
	t         *testing.T
	dir, home string
	door      *door
	stop      func() // the audit role
}

func newTailed(t *testing.T) *tailed {
	t.Helper()
	w := &tailed{t: t, home: filepath.Join(t.TempDir(), "home")}
	// A free port may be taken by others before it is listened at.
	err := error(syscall.EADDRINUSE)
	for range 5 {
		if err = w.begin(); !errors.Is(err, syscall.EADDRINUSE) {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(w.door.l.Close(), w.Close()); err != nil {
			t.Error(err)
		}
	})
	w.serveAudit()
	t.Cleanup(func() { w.stop() })
	w.run(0, "init")
	return w
}

func (w *tailed) begin() (err error) {
	w.dir = filepath.Join(w.t.TempDir(), "dev")
	w.Stack, err = devstack.Start(w.t.Context(), devstack.Config{Dir: w.dir, FreePorts: true, Roles: roles.All(), Apart: []string{"audit"}, Now: time.Now, Log: zerolog.Nop()})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", strings.TrimPrefix(w.Profile.Hosts["audit"], "http://"))
	if err != nil {
		return errors.Join(err, w.Close())
	}
	w.door = &door{l: l}
	go w.door.open()
	return nil
}

// door keeps the address of a role while the role comes and goes: who knocks while it
// is away hears nothing.
type door struct {
	l      net.Listener
	inside atomic.Pointer[inbox]
}

func (d *door) open() {
	for {
		c, err := d.l.Accept()
		if err != nil {
			return
		}
		if in := d.inside.Load(); in == nil || !in.take(c) {
			_ = c.Close()
		}
	}
}

// inbox is the listener of a role behind the door.
type inbox struct {
	addr  net.Addr
	conns chan net.Conn
	away  context.Context
	end   func()
}

func (d *door) enter() *inbox {
	in := &inbox{addr: d.l.Addr(), conns: make(chan net.Conn)}
	in.away, in.end = context.WithCancel(context.Background())
	d.inside.Store(in)
	return in
}

func (in *inbox) take(c net.Conn) bool {
	select {
	case in.conns <- c:
		return true
	case <-in.away.Done():
		return false
	}
}

func (in *inbox) Accept() (net.Conn, error) {
	select {
	case c := <-in.conns:
		return c, nil
	case <-in.away.Done():
		return nil, net.ErrClosed
	}
}

func (in *inbox) Close() error { in.end(); return nil }

func (in *inbox) Addr() net.Addr { return in.addr }

// serveAudit serves the role as the stack says, where it was served before.
func (w *tailed) serveAudit() {
	t := w.t
	t.Helper()
	all, args := roles.All(), w.Apart["audit"]
	r := all[slices.IndexFunc(all, func(r role.Role) bool { return r.Name == "audit" })]
	cfg := r.New()
	if err := role.Parse(cfg, args[slices.Index(args, "--replicated=false")+1:]...); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan struct{}), make(chan error, 1)
	admin, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := role.Options{
		Roles: []role.Role{r}, Configs: []role.Config{cfg}, Registry: prometheus.NewRegistry(), Ready: func(string) { close(ready) },
		Listener: w.door.enter(), AdminListener: admin,
	}
	o.Env = role.Env{Now: time.Now, Log: zerolog.Nop(), Metrics: o.Registry, Profile: w.Profile, Home: w.dir, CreateKeys: true}
	go func() { ended <- role.Serve(ctx, o) }()
	select {
	case <-ready:
	case err := <-ended:
		t.Fatalf("serving the audit role: %v", err)
	}
	w.stop = sync.OnceFunc(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func (w *tailed) process(args ...string) cli.Process {
	return cli.Process{
		Args:  append([]string{"agentkeys", "--home", w.home, "--profile", w.ProfilePath}, args...),
		Stdin: strings.NewReader(""), Now: time.Now, Roles: roles.All(),
	}
}

// run runs a command to its end, which must be that code, and returns what it said.
func (w *tailed) run(want int, args ...string) (stderr string) {
	w.t.Helper()
	var errs bytes.Buffer
	p := w.process(args...)
	p.Stdout, p.Stderr = io.Discard, &errs
	if got := cli.Run(w.t.Context(), p); got != want {
		w.t.Fatalf("%v: exit code %d, not %d: %s", args, got, want, &errs)
	}
	return errs.String()
}

// follower is an `audit tail -f` that asks when it is told to.
type follower struct {
	t         *testing.T
	wake      chan time.Time
	out, errs chan string // lines
	ended     chan int
	cancel    func() // as a signal does
}

func (w *tailed) follow(args ...string) *follower {
	w.t.Helper()
	f := &follower{t: w.t, wake: make(chan time.Time), out: make(chan string, 1000), errs: make(chan string, 1000), ended: make(chan int, 1)}
	var ctx context.Context
	ctx, f.cancel = context.WithCancel(w.t.Context())
	p := w.process(append([]string{"audit", "tail", "-f"}, args...)...)
	p.Wake = f.wake
	pipe := func(to chan string) *io.PipeWriter {
		r, w := io.Pipe()
		go func() {
			for s := bufio.NewScanner(r); s.Scan(); {
				to <- s.Text()
			}
		}()
		return w
	}
	p.Stdout, p.Stderr = pipe(f.out), pipe(f.errs)
	go func() { f.ended <- cli.Run(ctx, p) }()
	w.t.Cleanup(f.cancel)
	return f
}

// asks returns once it waits to be woken, and wakes it.
func (f *follower) asks() {
	f.t.Helper()
	select {
	case f.wake <- time.Time{}:
	case code := <-f.ended:
		f.t.Fatalf("it ended with %d", code)
	case <-time.After(patience):
		f.t.Fatal("it does not ask")
	}
}

// next wakes it until it says something.
func (f *follower) next(from chan string) string {
	f.t.Helper()
	for give := time.After(patience); ; {
		select {
		case line := <-from:
			return line
		case f.wake <- time.Time{}:
		case code := <-f.ended:
			f.t.Fatalf("it ended with %d", code)
		case <-give:
			f.t.Fatal("it says nothing")
		}
	}
}

// end is the exit code.
func (f *follower) end() int {
	f.t.Helper()
	select {
	case code := <-f.ended:
		return code
	case <-time.After(patience):
		f.t.Fatal("it does not end")
		return 0
	}
}

// notes are the next events, which must be these notes, in their order.
func (f *follower) notes(after uint64, want ...string) (last uint64) {
	f.t.Helper()
	for _, w := range want {
		var e struct {
			Position uint64 `json:"position"`
			Event    struct {
				Note string `json:"note"`
			} `json:"event"`
		}
		line := f.next(f.out)
		if err := strictjson.DecodeAnswer([]byte(line), &e); err != nil {
			f.t.Fatalf("%s: %v", line, err)
		}
		if e.Event.Note != w || e.Position <= after {
			f.t.Fatalf("%s, not %q behind %d", line, w, after)
		}
		after = e.Position
	}
	return after
}

// TestTail is about `audit tail -f`, on a stack of its own.
func TestTail(t *testing.T) {
	t.Parallel()
	w := newTailed(t)
	for _, c := range []struct {
		name string
		test func(*testing.T, *tailed)
	}{{"follows", testTailFollows}, {"ends on a signal", testTailEndsOnSignal}, {"ends with a refusal", testTailEndsWithARefusal}} {
		t.Run(c.name, func(t *testing.T) {
			of := *w
			of.t = t
			c.test(t, &of)
			w.stop = of.stop
		})
	}
}

// testTailFollows: it shows each event once and in order, also over a restart of the audit
// role, says once that it does not answer, and once that it does again.
func testTailFollows(t *testing.T, w *tailed) {
	say := func(note string) { t.Helper(); w.run(0, "audit", "append", note, "--op", "deploy") }
	say("before")
	f := w.follow("-n", "1", "--op", "deploy", "-o", "json")
	at := f.notes(0, "before")
	f.asks() // nothing is new
	say("one")
	say("two")
	at = f.notes(at, "one", "two")

	w.stop()
	told := f.next(f.errs)
	if !strings.HasPrefix(told, "no answer from "+w.Profile.Hosts["audit"]) {
		t.Errorf("it says %q", told)
	}
	for !strings.HasSuffix(told, "; asking on") { // it may take lines
		told += " " + f.next(f.errs)
	}
	f.asks()
	f.asks()
	w.serveAudit()
	if line := f.next(f.errs); line != "the audit role answers again" {
		t.Errorf("it says %q", line)
	}
	say("three")
	f.notes(at, "three")

	w.stop()
	w.run(2, "audit", "tail", "-f") // who begins without an answer is not kept waiting
	f.next(f.errs)
	f.cancel()
	if got := f.end(); got != 0 || len(f.out) > 0 {
		t.Errorf("it ended with %d, %d lines unread", got, len(f.out))
	}
	w.serveAudit()
}

// testTailEndsWithARefusal: an answer that is no is not waited out.
func testTailEndsWithARefusal(t *testing.T, w *tailed) {
	request := filepath.Join(t.TempDir(), "request.json")
	w.run(0, "agent", "request", "--operator", "acme", "--as", "build-bot", "--out", request)
	w.run(0, "agent", "create", "--request", request)
	f := w.follow("-n", "0", "--as", "build-bot", "--op", "deploy", "-o", "json")
	f.asks()
	w.run(0, "audit", "append", "by the agent", "--op", "deploy", "--as", "build-bot")
	f.notes(0, "by the agent")
	w.run(0, "agent", "revoke", "build-bot")
	for give := time.After(patience); ; {
		select {
		case f.wake <- time.Time{}:
			continue
		case code := <-f.ended:
			if code != 3 {
				t.Errorf("it ended with %d", code)
			}
			for line := ""; !strings.Contains(line, `"code": "device_revoked"`); {
				select {
				case line = <-f.errs:
				case <-give:
					t.Fatal("it does not say why")
				}
			}
		case <-give:
			t.Error("it goes on")
		}
		break
	}
}

// testTailEndsOnSignal: as whoever watches it means.
func testTailEndsOnSignal(t *testing.T, w *tailed) {
	w.run(0, "audit", "append", "seen", "--op", "deploy")
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		p := start(t, w.home, "--profile", w.ProfilePath, "audit", "tail", "-f", "--op", "deploy", "-o", "json")
		p.await(`"seen"`)
		p.signal(s)
		if got := p.end(); got != 0 || p.stderr.Len() > 0 {
			t.Errorf("%s: it ended with %d: %s", s, got, p.stderr)
		}
	}
}
