//go:build unix

package store_test

import (
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/store"
	"github.com/litentry/agentkeys/pkg/store/postgrestest"
)

// told counts what callers heard.
type told struct {
	yes, unknown atomic.Int64
	said         chan struct{} // a yes, if somebody waits for one
}

// hear waits, after an error, until the server is there again.
func (c *told) hear(t *testing.T, down *sync.RWMutex, err error) {
	switch {
	case err == nil:
		c.yes.Add(1)
		select {
		case c.said <- struct{}{}:
		default:
		}
	case apierr.CodeOf(err) == apierr.StoreUnavailable:
		c.unknown.Add(1)
		down.RLock()
		defer down.RUnlock()
	default:
		t.Error(err)
	}
}

// TestPostgresKilled kills the server again and again while two processes spend
// uses, charges and proofs. What was acknowledged is counted; what was not may
// have been counted, and nothing else is.
func TestPostgresKilled(t *testing.T) {
	servers(t, func(t *testing.T, s *postgrestest.Server) {
		if s.Own() {
			t.Run("server", func(t *testing.T) { serverKilled(t, s) })
			t.Run("durability, while it serves", func(t *testing.T) { durabilityLost(t, s) })
		}
	})
}

func serverKilled(t *testing.T, s *postgrestest.Server) {
	dsn := s.Fresh(t)
	uses, charges, proving := told{said: make(chan struct{})}, told{said: make(chan struct{})}, told{said: make(chan struct{})}
	var down sync.RWMutex // held while the server is
	var proofs sync.Map   // accepted, by identifier
	stop := make(chan struct{})
	var wg sync.WaitGroup
	spend := func(do func(n int)) {
		wg.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
					do(n)
				}
			}
		})
	}
	of := [2]*store.Store{open(t, dsn, atNoon), open(t, dsn, atNoon)}
	guards := [2]*store.Proofs{guard(t, dsn, config("cred", atNoon)), guard(t, dsn, config("cred", atNoon))}
	for i := range of {
		for k := range 4 {
			spend(func(int) { uses.hear(t, &down, of[i].ConsumeUse(t.Context(), "cap", math.MaxInt32, expiry)) })
			spend(func(int) { charges.hear(t, &down, of[i].Charge(t.Context(), chargeKey(), 1, unlimited, noon)) })
			spend(func(n int) {
				id := fmt.Sprint(i, " ", k, " ", n)
				err := use(t, guards[i], id, id, noon)
				if errors.Is(err, dpop.ErrFull) {
					err = nil
				} else if err == nil {
					proofs.Store(id, true)
				}
				proving.hear(t, &down, err)
			})
		}
	}
	more := func() { // everything works (again)
		for _, c := range []*told{&uses, &charges, &proving} {
			for range 20 {
				<-c.said
			}
		}
	}
	for range 4 {
		more()
		down.Lock()
		s.Kill(t)
		s.Start(t)
		down.Unlock()
	}
	more()
	close(stop)
	wg.Wait()

	if uses.unknown.Load() == 0 || charges.unknown.Load() == 0 {
		t.Error("nobody noticed that the server was killed")
	}
	yes, all := int(uses.yes.Load()), int(uses.yes.Load()+uses.unknown.Load())
	if err := of[0].ConsumeUse(t.Context(), "cap", yes, expiry); !errors.Is(err, store.ErrUsedUp) {
		t.Errorf("of %d acknowledged uses some are forgotten: %v", yes, err)
	}
	if err := of[1].ConsumeUse(t.Context(), "cap", all+1, expiry); err != nil {
		t.Errorf("more uses are counted than were asked for: %v", err)
	}
	var l *store.LimitReached
	if err := of[0].Charge(t.Context(), chargeKey(), 1, store.Limits{MaxTotal: 1}, noon); !errors.As(err, &l) {
		t.Fatal(err)
	}
	if got, yes := int64(l.Used), charges.yes.Load(); got < yes || got > yes+charges.unknown.Load() {
		t.Errorf("%d charges are counted, %d were acknowledged", got, yes)
	}
	known := 0
	proofs.Range(func(id, _ any) bool {
		known++
		if err := use(t, guards[known%2], id.(string), id.(string), noon); !errors.Is(err, dpop.ErrUsed) {
			t.Errorf("proof %s was accepted, and after a crash: %v", id, err)
		}
		return !t.Failed()
	})
	if known == 0 {
		t.Error("no proof was accepted")
	}
	for i := range of {
		if err := of[i].Close(); err != nil {
			t.Error(err)
		}
	}
}

// durabilityLost: a server that no longer keeps what it acknowledges is asked to
// keep nothing.
func durabilityLost(t *testing.T, s *postgrestest.Server) {
	dsn := s.Fresh(t)
	st, p := open(t, dsn, atNoon), guard(t, dsn, config("cred", atNoon))
	for i, c := range []struct {
		fsync string
		want  error
	}{{"", nil}, {"off", store.ErrNotDurable}, {"", nil}} {
		s.Set(t, "fsync", c.fsync)
		id := fmt.Sprint("id ", i)
		for what, err := range map[string]error{
			"a use": st.ConsumeUse(t.Context(), id, 1, expiry), "a proof": use(t, p, "key", id, noon), "the store": st.Ready(t.Context()), "the guard": p.Ready(t.Context()),
		} {
			if !errors.Is(err, c.want) || c.want == nil && err != nil {
				t.Errorf("%s with fsync %q: %v, want %v", what, c.fsync, err, c.want)
			}
			if err != nil && apierr.CodeOf(err) != apierr.StoreUnavailable {
				t.Errorf("%s: code %s", what, apierr.CodeOf(err))
			}
		}
	}
	if err := st.Close(); err != nil {
		t.Error(err)
	}
}
