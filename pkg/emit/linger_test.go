package emit_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/litentry/agentkeys/pkg/emit"
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
