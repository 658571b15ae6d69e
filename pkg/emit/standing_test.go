package emit_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
)

// TestSilenceIsBridged for Grace, and not for longer; a hanging role, and one that is
// behind, is as silent as one that is not there. The twin is TestARefusalRefuses.
func TestSilenceIsBridged(t *testing.T) {
	t.Parallel()
	for name, post := range map[string]emit.Post{
		"refused connection": func(context.Context, []journal.Entry) error { return errors.New("connection refused") },
		"no answer":          func(ctx context.Context, _ []journal.Entry) error { <-ctx.Done(); return ctx.Err() },
		"behind":             func(_ context.Context, e []journal.Entry) error { return refuse(apierr.RateLimited)(e) },
	} {
		synctest.Test(t, func(t *testing.T) {
			r := &role{}
			c := config(t, r)
			var dead atomic.Bool
			dead.Store(true)
			c.Post = func(ctx context.Context, e []journal.Entry) error {
				if dead.Load() {
					return post(ctx, e)
				}
				return r.post(ctx, e)
			}
			s := open(t, c)
			time.Sleep(time.Hour) // nothing waits: nothing is too old
			from := time.Now()
			for i := range 31 {
				mustEmit(t, s, fmt.Sprint(i))
				time.Sleep(time.Second)
			}
			_, err := s.Emit(t.Context(), event("late"))
			refused(t, name, err, "longer than 30s")
			if age, err := s.Ready(t.Context()); err == nil || age != time.Since(from) {
				t.Errorf("%s: ready: %s, %v", name, age, err)
			}
			if _, err := s.Keep(t.Context(), event("kept")); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			dead.Store(false)
			time.Sleep(15 * time.Second)
			mustEmit(t, s, "again")
			closed(t, s)
			sound(t, r.entries(), 33)
		})
	}
}

// TestAShortGrace: a call that hangs is not waited for beyond it.
func TestAShortGrace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := config(t, nil)
		c.Grace = time.Second
		c.Post = func(ctx context.Context, _ []journal.Entry) error { <-ctx.Done(); return ctx.Err() }
		s := open(t, c)
		mustEmit(t, s, "1")
		time.Sleep(time.Second)
		mustEmit(t, s, "2")
		time.Sleep(time.Millisecond)
		_, err := s.Emit(t.Context(), event("3"))
		refused(t, "a role that hangs", err, "longer than 1s")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		from := time.Now()
		if err := s.Close(ctx); err != nil || time.Since(from) != time.Second/2 {
			t.Errorf("%v after %s", err, time.Since(from))
		}
	})
}

// TestAnOldBacklogIsNoSilence: while the role takes what is old, new events go on.
func TestAnOldBacklogIsNoSilence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &role{answer: silence}
		c := config(t, r)
		s := open(t, c)
		for i := range 3 * emit.MaxBatch {
			e := event(fmt.Sprint(i))
			e.Time = time.Now()
			if _, err := s.Emit(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
		closed(t, s)
		time.Sleep(time.Hour)
		silent := true
		r.answers(func([]journal.Entry) error {
			if silent {
				silent = false
				return errors.New("connection refused")
			}
			time.Sleep(9 * time.Second)
			return nil
		})
		s = open(t, c)
		synctest.Wait()
		_, err := s.Emit(t.Context(), event("before there was an answer"))
		refused(t, "silence", err, "longer than 30s")
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if age := s.Stats().Age; age != time.Hour+10*time.Second {
			t.Errorf("age %s", age)
		}
		mustEmit(t, s, "while it is sent")
		time.Sleep(20 * time.Second)
		mustEmit(t, s, "still")
		time.Sleep(time.Minute)
		closed(t, s)
		sound(t, r.entries(), 3*emit.MaxBatch+2)
	})
}

// TestTheBacklogIsBounded in events and in bytes, of which a part is Emit's alone.
func TestTheBacklogIsBounded(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*emit.Config){
		"events": func(c *emit.Config) { c.MaxEvents = 40 },
		"bytes":  func(c *emit.Config) { c.SegmentBytes, c.MaxBytes = 4<<10, 48<<10 },
	} {
		synctest.Test(t, func(t *testing.T) {
			r := &role{answer: silence}
			c := config(t, r)
			edit(&c)
			s := open(t, c)
			kept, emitted := 0, 0
			var err error
			for ; err == nil; kept++ {
				_, err = s.Keep(t.Context(), event(fmt.Sprint("kept ", kept)))
			}
			refused(t, name, err, name+" wait for the audit role")
			for err = nil; err == nil; emitted++ {
				_, err = s.Emit(t.Context(), event(fmt.Sprint("emitted ", emitted)))
			}
			refused(t, name, err, name+" wait for the audit role")
			if kept < 25 || emitted < 8 || kept+emitted > 60 {
				t.Errorf("%s: %d kept, then %d emitted", name, kept-1, emitted-1)
			}
			r.answers(nil)
			time.Sleep(3 * time.Second)
			mustEmit(t, s, "again")
			closed(t, s)
			sound(t, r.entries(), kept+emitted-1)
			files, err := filepath.Glob(filepath.Join(c.Dir, "*.spool"))
			if err != nil || len(files) != 1 {
				t.Errorf("%s: %v lie there, %v", name, files, err)
			}
		})
	}
}

// TestPoisonIsSetAside: one event that the role will never take blocks nobody, is
// kept, and is missing in the numbers.
func TestPoisonIsSetAside(t *testing.T) {
	t.Parallel()
	for _, code := range []apierr.Code{apierr.InvalidInput, apierr.BodyTooLarge, apierr.EpochConflict, apierr.ReceiptInvalid} {
		r := &role{}
		c := config(t, r)
		gate := make(chan struct{})
		bad := map[string]bool{}
		for i := range emit.MaxAside + 4 {
			bad[journaltest.ID(fmt.Sprint(10*i+9))] = true
		}
		r.answers(func(entries []journal.Entry) error {
			<-gate
			if slices.ContainsFunc(entries, func(e journal.Entry) bool { return bad[e.Event.ID] }) {
				return apierr.New(code, "no")
			}
			return nil
		})
		s := open(t, c)
		for i := range 200 {
			mustEmit(t, s, fmt.Sprint(i))
		}
		close(gate)
		closed(t, s)
		entries := r.entries()
		if len(entries) != 200-len(bad) || !slices.IsSortedFunc(entries, func(a, b journal.Entry) int { return int(a.Sequence) - int(b.Sequence) }) {
			t.Errorf("%s: %d entries", code, len(entries))
		}
		if st := s.Stats(); st.Refused != uint64(len(bad)) || st.Unsent != 0 {
			t.Errorf("%s: %+v", code, st)
		}
		b, err := os.ReadFile(filepath.Join(c.Dir, "refused"))
		if err != nil || strings.Count(string(b), "\n") != len(bad) {
			t.Errorf("%s: %s, %v", code, b, err)
		}
		for id := range bad {
			if !strings.Contains(string(b), id) {
				t.Errorf("%s: %s was not kept", code, id)
			}
		}
	}
}

// TestARoleThatRefusesEverything for what it is has a trouble of its own: after some
// entries it is a refusal, and the rest waits.
func TestARoleThatRefusesEverything(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &role{answer: silence}
		s := open(t, config(t, r))
		for i := range 3 * emit.MaxAside {
			mustEmit(t, s, fmt.Sprint(i))
		}
		r.answers(refuse(apierr.InvalidInput))
		time.Sleep(time.Minute)
		_, err := s.Emit(t.Context(), event("x"))
		refused(t, "everything refused", err, "the audit role refuses: invalid_input")
		if st := s.Stats(); st.Refused != emit.MaxAside || st.Unsent != 2*emit.MaxAside {
			t.Errorf("%+v", st)
		}
		r.answers(nil)
		time.Sleep(time.Minute)
		mustEmit(t, s, "y")
		closed(t, s)
		if n := len(r.entries()); n != 2*emit.MaxAside+1 {
			t.Errorf("%d entries", n)
		}
	})
}

// TestAHangingDisk is not waited for longer than Patience, and not at all once it is
// known to hang.
func TestAHangingDisk(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, d := &role{}, &emit.FaultDisk{}
		c := config(t, r)
		c.Patience = 0 // the default
		s, err := emit.OpenOn(d, c)
		if err != nil {
			t.Fatal(err)
		}
		gate := make(chan struct{})
		d.Fail(func(call string) error {
			if call == "sync" {
				<-gate
			}
			return nil
		})
		from := time.Now()
		left, leave := context.WithCancel(t.Context())
		var wait sync.WaitGroup
		wait.Go(func() {
			time.Sleep(time.Second)
			_, err := s.Emit(left, event("of a caller who leaves while it waits"))
			refused(t, "left", err, "canceled")
		})
		wait.Go(func() { time.Sleep(time.Second + 1); leave() })
		_, err = s.Emit(t.Context(), event("1"))
		refused(t, "hangs", err, "deadline")
		wait.Wait()
		if d := time.Since(from); d != emit.DefaultPatience {
			t.Errorf("it took %s", d)
		}
		time.Sleep(time.Millisecond)
		from = time.Now()
		_, err = s.Emit(t.Context(), event("2"))
		refused(t, "still hangs", err, "does not answer")
		if d := time.Since(from); d != 0 {
			t.Errorf("it took %s", d)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		close(gate)
		synctest.Wait()
		mustEmit(t, s, "3")
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
		sound(t, r.entries(), 2) // the first one was written after all
	})
}

// TestCloseOnAHangingDisk: whichever of its two sides hangs, Close comes back.
func TestCloseOnAHangingDisk(t *testing.T) {
	t.Parallel()
	for _, hanging := range []string{"sync", "WriteAt", "ReadAt"} { // of what is written, of what was sent, of what is to be
		synctest.Test(t, func(t *testing.T) {
			d := &emit.FaultDisk{}
			s, err := emit.OpenOn(d, config(t, &role{}))
			if err != nil {
				t.Fatal(err)
			}
			gate := make(chan struct{})
			d.Fail(func(call string) error {
				if call == hanging {
					<-gate
				}
				return nil
			})
			_, err = s.Emit(t.Context(), event("1"))
			if (err != nil) != (hanging == "sync") {
				t.Errorf("%s: %v", hanging, err)
			}
			synctest.Wait()
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			from := time.Now()
			done := make(chan error)
			go func() { done <- s.Close(ctx) }()
			select {
			case err := <-done:
				if err == nil || !strings.Contains(err.Error(), "does not answer") {
					t.Errorf("%s: %v", hanging, err)
				}
				if took := time.Since(from); took > 3*time.Second {
					t.Errorf("%s: Close took %s", hanging, took)
				}
				close(gate)
			case <-time.After(time.Minute):
				t.Errorf("%s: Close hangs", hanging)
				close(gate)
				<-done
			}
			synctest.Wait()
		})
	}
}
