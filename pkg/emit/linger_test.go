package emit_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/journal"
)

// TestLinger: what follows within the time goes along, and no later.
func TestLinger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &role{}
		c := config(t, r)
		c.Linger = 0
		s := open(t, c)
		synctest.Wait() // what is there at its first look is sent at once
		mustEmit(t, s, "1")
		time.Sleep(emit.DefaultLinger - time.Millisecond)
		mustEmit(t, s, "2")
		synctest.Wait()
		if n := r.asked(); n != 0 {
			t.Errorf("asked %d times before the time", n)
		}
		time.Sleep(time.Millisecond)
		synctest.Wait()
		if n := r.asked(); n != 1 {
			t.Errorf("asked %d times at the time", n)
		}
		closed(t, s)
		sound(t, r.entries(), 2)
	})
}

// TestLingerBetweenCalls: what comes while the role is being asked waits as well, so
// that a call is not made for each of many events, however many there are; behind a full
// batch the next one waits for nothing.
func TestLingerBetweenCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const asking = 5 * time.Millisecond
		r := &role{}
		var asked atomic.Int64
		c := config(t, r)
		c.Linger, c.Post = 0, func(ctx context.Context, entries []journal.Entry) error {
			asked.Add(1)
			time.Sleep(asking)
			return r.post(ctx, entries)
		}
		s := open(t, c)
		synctest.Wait()
		mustEmit(t, s, "1")
		time.Sleep(emit.DefaultLinger + time.Millisecond)
		for n := range emit.MaxBatch + 1 { // while it is being asked
			mustEmit(t, s, fmt.Sprint("more ", n))
		}
		time.Sleep(asking + emit.DefaultLinger - 2*time.Millisecond)
		synctest.Wait()
		if n := asked.Load(); n != 1 {
			t.Errorf("asked %d times before the time", n)
		}
		time.Sleep(time.Millisecond)
		synctest.Wait()
		if n := asked.Load(); n != 2 {
			t.Errorf("asked %d times at the time", n)
		}
		time.Sleep(asking)
		synctest.Wait()
		if n := asked.Load(); n != 3 {
			t.Errorf("asked %d times when a full batch was taken", n)
		}
		closed(t, s)
		sound(t, r.entries(), emit.MaxBatch+2)
	})
}
