package emit_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
)

func diskFaults() []error { return []error{syscall.EIO, syscall.ENOSPC, emit.ErrShort} }

// failing makes the calls of a disk fail from the k-th on, n of them.
func failing(d *emit.FaultDisk, k, n int64, err error) (reached func() bool) {
	var calls atomic.Int64
	d.Fail(func(string) error {
		if c := calls.Add(1); c >= k && c < k+n {
			return err
		}
		return nil
	})
	return func() bool { return calls.Load() >= k }
}

const forGood = 1 << 40

// TestEveryFaultOfTheDisk: whichever call fails, once or from then on, what was
// acknowledged arrives once and in order, also for a process that goes on with the
// files as they are; nothing else arrives; and once the disk works, so does the
// spool.
func TestEveryFaultOfTheDisk(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault error
		n     int64
	}{
		"EIO once": {syscall.EIO, 1}, "EIO for good": {syscall.EIO, forGood},
		"a full disk": {syscall.ENOSPC, forGood}, "a short write": {emit.ErrShort, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, taking := range []bool{false, true} {
				k := int64(1)
				for faulty(t, c.fault, k, c.n, taking) {
					k++
				}
				if t.Logf("%d calls", k-1); k < 20 {
					t.Error("too few calls failed")
				}
			}
		})
	}
}

// faulty runs one life of a spool, and reports whether the fault was reached. While
// the audit role takes nothing, the files are as the writer left them.
func faulty(t *testing.T, fault error, k, n int64, taking bool) bool {
	t.Helper()
	r, d := &role{}, &emit.FaultDisk{}
	if !taking {
		r.answers(silence)
	}
	c := config(t, r)
	c.SegmentBytes, c.MaxBytes = 2<<10, 1<<20
	s, err := emit.OpenOn(d, c)
	if err != nil {
		t.Fatal(err)
	}
	acknowledged := map[string]bool{}
	try := func(name string) error {
		_, err := s.Emit(t.Context(), event(name))
		if err == nil {
			acknowledged[journaltest.ID(name)] = true
		} else if apierr.CodeOf(err) != apierr.AuditUnavailable {
			t.Errorf("%v", err)
		}
		return err
	}
	reached := failing(d, k, n, fault)
	for i := range 8 {
		_ = try(fmt.Sprint(i))
	}
	if n > 1 && reached() {
		if err := try("while it is broken"); err == nil {
			t.Errorf("call %d: acknowledged by a broken disk", k)
		}
	}
	if !taking {
		crashed(t, c, acknowledged)
	}
	d.Fail(nil)
	r.answers(nil)
	if err := try("mended"); err != nil {
		t.Errorf("call %d: %v", k, err)
	}
	closed(t, s)
	sound(t, r.entries(), len(acknowledged))
	for _, e := range r.entries() {
		if !acknowledged[e.Event.ID] {
			t.Errorf("call %d: %s arrived and was refused", k, e.Event.ID)
		}
	}
	s = open(t, c)
	if err := try("after a restart"); err != nil {
		t.Error(err)
	}
	closed(t, s)
	sound(t, r.entries(), len(acknowledged))
	return reached()
}

// crashed is a process that goes on with a copy of the files: it has what was
// acknowledged and is not sent, in its place.
func crashed(t *testing.T, c emit.Config, acknowledged map[string]bool) {
	t.Helper()
	r := &role{}
	copied := config(t, r)
	copied.SegmentBytes, copied.MaxBytes = c.SegmentBytes, c.MaxBytes
	if err := os.CopyFS(copied.Dir, os.DirFS(c.Dir)); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(copied.Dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(files, copied.Dir) { // CopyFS has modes of its own
		mode := os.FileMode(0o600)
		if f == copied.Dir {
			mode = 0o700
		}
		if err := os.Chmod(f, mode); err != nil {
			t.Fatal(err)
		}
	}
	first, last, _, err := emit.ReadDir(copied.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if n := uint64(len(acknowledged)); last < n {
		t.Fatalf("%d were acknowledged, %d are there", n, last)
	}
	s := open(t, copied)
	mustEmit(t, s, "after the crash")
	closed(t, s)
	entries := r.entries()
	if n := len(entries); n == 0 || entries[n-1].Sequence != last+1 || entries[0].Sequence < first {
		t.Fatalf("%d entries of %d to %d", n, first, last)
	}
}

// TestEveryFaultOfOpen: whichever call fails, the spool does not open, and nothing
// is lost: or it opens.
func TestEveryFaultOfOpen(t *testing.T) {
	t.Parallel()
	for _, fault := range diskFaults() {
		t.Run(fmt.Sprint(fault), func(t *testing.T) {
			t.Parallel()
			refusals := 0
			for k := int64(1); ; k++ {
				c, r := filled(t, 20)
				r.answers(silence)
				d := &emit.FaultDisk{}
				reached := failing(d, k, 1, fault)
				s, err := emit.OpenOn(d, c)
				d.Fail(nil)
				opened := !reached()
				if err == nil {
					closed(t, s)
				} else {
					refusals++
					if !errors.Is(err, fault) {
						t.Errorf("call %d: %v", k, err)
					}
				}
				r.answers(nil)
				closed(t, open(t, c))
				sound(t, r.entries(), 20)
				if opened {
					break
				}
			}
			if refusals < 8 {
				t.Errorf("%d refusals", refusals)
			}
		})
	}
}

// TestTheOrderOfCalls is what a loss of power depends on, which no test can cause: a
// file is whole before it has its name, its name is durable before anything is added,
// and what was added is synced before Emit returns.
func TestTheOrderOfCalls(t *testing.T) {
	t.Parallel()
	d := &emit.FaultDisk{}
	var mu sync.Mutex // guards calls
	var calls []string
	d.Fail(func(call string) error {
		mu.Lock()
		defer mu.Unlock()
		calls = append(calls, call)
		return nil
	})
	taken := func() string {
		mu.Lock()
		defer mu.Unlock()
		defer func() { calls = nil }()
		return strings.Join(calls, " ")
	}
	r := &role{answer: silence}
	c := config(t, r)
	s, err := emit.OpenOn(d, c)
	if err != nil {
		t.Fatal(err)
	}
	if got := taken(); got != "syncDir list open ReadAt create Write sync rename syncDir" {
		t.Error(got)
	}
	gate := make(chan struct{})
	r.answers(func([]journal.Entry) error { <-gate; return silence(nil) })
	mustEmit(t, s, "1")
	if got := taken(); !strings.HasPrefix(got, "Write sync") {
		t.Error(got)
	}
	close(gate)
	closed(t, s)
	taken()
	if s, err = emit.OpenOn(d, c); err != nil {
		t.Fatal(err)
	}
	if got := taken(); !strings.HasPrefix(got, "syncDir list read open ReadAt create Write sync rename syncDir") {
		t.Error(got)
	}
	closed(t, s)
	// What was sent is remembered for certain before a file of it is removed.
	c, r = filled(t, 30)
	taken()
	if s, err = emit.OpenOn(d, c); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	if got := taken(); !strings.Contains(got, "WriteAt sync remove") || strings.Count(got, "remove") < 3 || len(r.entries()) != 30 {
		t.Error(got)
	}
}

// TestASetAsideThatFails blocks what is behind it: nothing is passed over that is
// kept nowhere.
func TestASetAsideThatFails(t *testing.T) {
	t.Parallel()
	r, d := &role{}, &emit.FaultDisk{}
	c := config(t, r)
	r.answers(func(entries []journal.Entry) error {
		if entries[0].Sequence == 1 {
			return apierr.New(apierr.InvalidInput, "no")
		}
		return nil
	})
	s, err := emit.OpenOn(d, c)
	if err != nil {
		t.Fatal(err)
	}
	d.Fail(func(call string) error {
		if call == "size" { // of the file that it would go to
			return syscall.EIO
		}
		return nil
	})
	mustEmit(t, s, "1")
	for err = nil; err == nil; _, err = s.Emit(t.Context(), event("2")) {
	}
	refused(t, "cannot be set aside", err, "cannot be set aside")
	if len(r.entries()) != 0 || s.Stats().Refused != 0 {
		t.Error("something was passed over")
	}
	d.Fail(nil)
	for s.Stats().Refused == 0 {
		time.Sleep(time.Millisecond)
	}
	closed(t, s)
	if s.Stats().Refused != 1 {
		t.Errorf("%+v", s.Stats())
	}
}

// TestWhatIsSetAsideIsBounded: beyond it nothing is passed over either.
func TestWhatIsSetAsideIsBounded(t *testing.T) {
	t.Parallel()
	for over, want := range map[int64]uint64{0: 1, 1: 0} {
		r := &role{answer: refuse(apierr.InvalidInput)}
		c := config(t, r)
		s := open(t, c)
		path := filepath.Join(c.Dir, "refused")
		if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Truncate(path, 16<<20+over)); err != nil {
			t.Fatal(err)
		}
		mustEmit(t, s, "1")
		closed(t, s)
		if st := s.Stats(); st.Refused != want || st.Unsent != 1-want {
			t.Errorf("%d bytes too many: %+v", over, st)
		}
	}
}

// TestWhatCannotBeRead cannot arrive either: after the grace Emit says no, until it
// can.
func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	r, d := &role{}, &emit.FaultDisk{}
	c := config(t, r)
	c.Grace = 20 * time.Millisecond
	s, err := emit.OpenOn(d, c)
	if err != nil {
		t.Fatal(err)
	}
	d.Fail(func(call string) error {
		if call == "ReadAt" {
			return syscall.EIO
		}
		return nil
	})
	acknowledged := 0
	for i := 0; err == nil; i++ {
		if _, err = s.Emit(t.Context(), event(fmt.Sprint(i))); err == nil {
			acknowledged++
		}
	}
	refused(t, "nothing can be sent", err, "longer than 20ms")
	if len(r.entries()) != 0 {
		t.Error("something was sent")
	}
	d.Fail(nil)
	for len(r.entries()) != acknowledged || s.Stats().Unsent != 0 {
		time.Sleep(time.Millisecond)
	}
	mustEmit(t, s, "once it can be read again")
	closed(t, s)
	sound(t, r.entries(), acknowledged+1)
}
