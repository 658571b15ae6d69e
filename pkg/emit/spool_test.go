package emit_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// role is an audit role that takes what it is sent, or answers what it is told to.
type role struct {
	mu     sync.Mutex // guards what follows
	answer func(entries []journal.Entry) error
	taken  []journal.Entry
	calls  int
	max    int
}

func (r *role) post(_ context.Context, entries []journal.Entry) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls++
	r.max = max(r.max, len(entries))
	if r.answer != nil {
		if err := r.answer(entries); err != nil {
			return err
		}
	}
	r.taken = append(r.taken, entries...)
	return nil
}

func (r *role) answers(f func([]journal.Entry) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = f
}

func (r *role) entries() []journal.Entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.taken)
}

func (r *role) asked() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.calls
}

func refuse(code apierr.Code) func([]journal.Entry) error {
	return func([]journal.Entry) error { return apierr.New(code, "no") }
}

func silence([]journal.Entry) error { return errors.New("connection refused") }

var identity = sync.OnceValue(func() jose.PrivateKey {
	k, err := jose.GenerateKey()
	if err != nil {
		panic(err)
	}
	return k
})

func event(name string) audit.Event {
	return audit.Event{
		ID: journaltest.ID(name), Time: time.Date(2027, 3, 4, 5, 30, 0, 123456789, time.UTC), Emitter: "signer",
		Operator: journaltest.Operator(1), Actor: omni.ActorOfWallet([20]byte{2}), Device: omni.DeviceKeyOfAddress([20]byte{2}),
		Class: service.Credentials, Op: service.OpFetch, Service: "github", Result: audit.Allowed, RequestID: "REQ1",
	}
}

// config is for a spool in a new directory.
func config(t testing.TB, r *role) emit.Config {
	t.Helper()
	return emit.Config{
		Dir: filepath.Join(t.TempDir(), "spool"), Role: "signer", Identity: identity(), Post: r.post, Now: time.Now, Log: zerolog.Nop(),
	}
}

func open(t testing.TB, c emit.Config) *emit.Spool {
	t.Helper()
	s, err := emit.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closed(t testing.TB, s *emit.Spool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := s.Close(ctx); err != nil {
		t.Error(err)
	}
}

func mustEmit(t testing.TB, s *emit.Spool, name string) string {
	t.Helper()
	receipt, err := s.Emit(context.Background(), event(name))
	if err != nil {
		t.Fatal(err)
	}
	return receipt
}

func refused(t testing.TB, what string, err error, want string) {
	t.Helper()
	if apierr.CodeOf(err) != apierr.AuditUnavailable || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: %v, want audit_unavailable and %q", what, err, want)
	}
}

// sound holds entries against what any journal demands: numbers from 1 without a
// gap, receipts that verify, each event once.
func sound(t testing.TB, entries []journal.Entry, n int) {
	t.Helper()
	set, err := jose.NewKeySet(identity().Public())
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for i, e := range entries {
		s, err := audit.VerifyReceipt(set, e.Signature)
		if err == nil {
			err = s.Covers(e.Event)
		}
		if err != nil || s.Sequence != e.Sequence || s.Source != e.Source || e.Sequence != uint64(i+1) || ids[e.Event.ID] {
			t.Fatalf("entry %d: %+v, %v", i, e, err)
		}
		ids[e.Event.ID] = true
	}
	if len(entries) != n {
		t.Errorf("%d entries, want %d", len(entries), n)
	}
}

// TestEmit: what is acknowledged arrives, numbered, signed and in order, with the
// receipt that the caller was given; over restarts the numbers go on.
func TestEmit(t *testing.T) {
	t.Parallel()
	r := &role{}
	c := config(t, r)
	n := 0
	source := ""
	for range 3 {
		s := open(t, c)
		if source != "" && s.Source() != source {
			t.Errorf("source %s, it was %s", s.Source(), source)
		}
		source = s.Source()
		receipts := map[string]string{}
		for range 5 {
			n++
			receipts[journaltest.ID(fmt.Sprint(n))] = mustEmit(t, s, fmt.Sprint(n))
		}
		closed(t, s)
		for _, e := range r.entries() {
			if want, ok := receipts[e.Event.ID]; ok && want != e.Signature {
				t.Errorf("receipt %s, signature %s", want, e.Signature)
			}
		}
	}
	sound(t, r.entries(), n)
	if name, key, err := audit.ParseSource(source); err != nil || name != "signer" || key != identity().Public().Thumbprint() {
		t.Errorf("%s: %v", source, err)
	}
	want := event("1")
	want.Time = want.Time.Truncate(time.Millisecond)
	if got := r.entries()[0].Event; got != want {
		t.Errorf("%+v", got)
	}
}

// TestEmitTogether: many callers, each of them in order, fewer syncs than events,
// and batches of what a call may hold.
func TestEmitTogether(t *testing.T) {
	t.Parallel()
	const callers, each = 64, 20
	r, d := &role{}, &emit.FaultDisk{}
	var syncs atomic.Int64
	d.Fail(func(call string) error {
		if call == "sync" {
			syncs.Add(1)
		}
		return nil
	})
	c := config(t, r)
	c.SegmentBytes, c.MaxBytes = 64<<10, 1<<30
	gate := make(chan struct{})
	r.answers(func([]journal.Entry) error { <-gate; return nil })
	s, err := emit.OpenOn(d, c)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			for n := range each {
				mustEmit(t, s, fmt.Sprint(i, " ", n))
			}
		})
	}
	wg.Wait()
	if st := s.Stats(); st.Unsent != callers*each {
		t.Errorf("%+v", st)
	}
	close(gate)
	closed(t, s)
	entries := r.entries()
	sound(t, entries, callers*each)
	at := map[string]int{}
	for i, e := range entries {
		at[e.Event.ID] = i
	}
	for i := range callers {
		for n := range each - 1 {
			if at[journaltest.ID(fmt.Sprint(i, " ", n))] > at[journaltest.ID(fmt.Sprint(i, " ", n+1))] {
				t.Fatal("a caller's events changed places")
			}
		}
	}
	if n := syncs.Load(); n >= callers*each || n < callers*each/emit.MaxGroup {
		t.Errorf("%d syncs for %d events", n, callers*each)
	}
	if r.max > emit.MaxBatch || r.max < 2 {
		t.Errorf("a call had %d entries", r.max)
	}
	if first, last, _, err := emit.ReadDir(c.Dir); err != nil || last != callers*each || first == 1 {
		t.Errorf("%d to %d lie there, %v", first, last, err)
	}
}

// Each event differs from a good one in one thing, gets no number, and says why.
func TestInvalidEvents(t *testing.T) {
	t.Parallel()
	r := &role{}
	s := open(t, config(t, r))
	for name, c := range map[string]struct {
		edit func(*audit.Event)
		want string
	}{
		"not valid":      {func(e *audit.Event) { e.Op = "" }, "op is not"},
		"another role's": {func(e *audit.Event) { e.Emitter = "broker" }, `of "broker" is not the spool's`},
		"of the past":    {func(e *audit.Event) { e.Time = time.Date(1969, 1, 1, 0, 0, 0, 0, time.UTC) }, "before 1970"},
	} {
		e := event("x")
		c.edit(&e)
		_, err := s.Emit(t.Context(), e)
		refused(t, name, err, c.want)
		_, err = s.Keep(t.Context(), e)
		refused(t, name, err, c.want)
	}
	left, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Emit(left, event("x"))
	refused(t, "a caller who left", err, "canceled")
	mustEmit(t, s, "x")
	closed(t, s)
	_, err = s.Emit(t.Context(), event("y"))
	refused(t, "closed", err, "closed")
	closed(t, s) // twice is no fault
	sound(t, r.entries(), 1)
}

func TestConfig(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*emit.Config){
		"no directory": func(c *emit.Config) { c.Dir = "" }, "no role": func(c *emit.Config) { c.Role = "" },
		"a role that no source can name": func(c *emit.Config) { c.Role = "a-role-of-a-long-name" },
		"no key":                         func(c *emit.Config) { c.Identity = jose.PrivateKey{} }, "no transport": func(c *emit.Config) { c.Post = nil },
		"no clock": func(c *emit.Config) { c.Now = nil }, "no room": func(c *emit.Config) { c.SegmentBytes, c.MaxBytes = 1<<20, 4<<20-1 },
		"no grace": func(c *emit.Config) { c.Grace = -1 },
	} {
		c := config(t, &role{})
		edit(&c)
		if _, err := emit.Open(c); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
	c := config(t, &role{})
	c.SegmentBytes, c.MaxBytes = 1<<20, 4<<20
	s := open(t, c)
	if _, err := emit.Open(c); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("opened twice: %v", err)
	}
	closed(t, s)
	closed(t, open(t, c))
}
