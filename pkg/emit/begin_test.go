package emit_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/litentry/agentkeys/pkg/emit"
)

// TestBegin: what refuses an event says so before anything is got ready, and a disk
// that does not answer holds up wait alone.
func TestBegin(t *testing.T) {
	t.Parallel()
	r := &role{}
	disk := &emit.FaultDisk{}
	s, err := emit.OpenOn(disk, config(t, r))
	if err != nil {
		t.Fatal(err)
	}
	mustEmit(t, s, "first")
	gate, asked := make(chan struct{}), make(chan struct{}, 16)
	disk.Fail(func(call string) error {
		if call == "sync" {
			asked <- struct{}{}
			<-gate
		}
		return nil
	})
	wait, err := s.Begin(t.Context(), event("second"))
	if err != nil {
		t.Fatal(err)
	}
	<-asked // the event is on its way to the disk, and the disk does not answer
	ctx, leave := context.WithCancel(t.Context())
	left, err := s.Begin(ctx, event("third"))
	if err != nil {
		t.Fatal(err)
	}
	leave()
	_, err = left()
	refused(t, "a caller who left", err, "canceled")
	close(gate)
	if receipt, err := wait(); err != nil || receipt == "" {
		t.Errorf("%q, %v", receipt, err)
	}
	bad := event("bad")
	bad.Emitter = "cred"
	_, err = s.Begin(t.Context(), bad)
	refused(t, "another role's event", err, "not the spool's")
	closed(t, s)
	_, err = s.Begin(t.Context(), event("late"))
	refused(t, "a closed spool", err, "closed")
	got := r.entries()
	if len(got) < 2 || got[1].Event.ID != event("second").ID {
		t.Errorf("%d entries arrived", len(got))
	}
}

// TestBegunLongAgo: what the caller does between the two parts takes none of the disk's
// patience. An event that became durable in time is durable, however late it is asked
// for; one that did not is not.
func TestBegunLongAgo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &role{}
		disk := &emit.FaultDisk{}
		c := config(t, r)
		c.Patience = emit.DefaultPatience
		s, err := emit.OpenOn(disk, c)
		if err != nil {
			t.Fatal(err)
		}
		begin := func(name string) func() (string, error) {
			wait, err := s.Begin(t.Context(), event(name))
			if err != nil {
				t.Fatal(err)
			}
			return wait
		}
		for n := range 32 { // an answer by chance would be the right one once in two
			wait := begin(fmt.Sprint("durable ", n))
			synctest.Wait()
			time.Sleep(2 * c.Patience)
			if receipt, err := wait(); err != nil || receipt == "" {
				t.Fatalf("%d: %q, %v", n, receipt, err)
			}
		}
		gate := make(chan struct{})
		disk.Fail(func(call string) error {
			if call == "sync" {
				<-gate
			}
			return nil
		})
		wait := begin("on its way")
		time.Sleep(2 * c.Patience)
		_, err = wait()
		refused(t, "a disk that does not answer", err, "deadline exceeded")
		disk.Fail(nil)
		close(gate)
		closed(t, s)
	})
}
