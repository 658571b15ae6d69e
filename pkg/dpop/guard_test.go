package dpop_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/dpop/guardtest"
)

// newMemory is a guard of which one key may hold all.
func newMemory(t testing.TB, capacity int, c *clock) *dpop.Memory {
	t.Helper()
	return newShared(t, capacity, capacity, c)
}

func newShared(t testing.TB, capacity, perKey int, c *clock) *dpop.Memory {
	t.Helper()
	m, err := dpop.NewMemory(capacity, perKey, c.now)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func use(m *dpop.Memory, id string, made time.Time) error {
	return useBy(m, "thumbprint", id, made)
}

func useBy(m *dpop.Memory, key, id string, made time.Time) error {
	return m.Use(context.Background(), key, id, made.Add(dpop.MaxAge))
}

func TestOneOfManyUsesWins(t *testing.T) {
	f := forger{newKey(t)}
	v := newVerifier(t, &clock{start})
	proof := f.proof(f.header(), f.claims("jti-of-16-or-more"))
	var won atomic.Int32
	var wg sync.WaitGroup
	for range 1000 {
		wg.Go(func() {
			switch c := codeOf(v, proof, f.expect()); c {
			case "":
				won.Add(1)
			case apierr.ProofReplayed:
			default:
				t.Errorf("%q", c)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d successes, want exactly one", won.Load())
	}
}

// One identifier under two keys is two proofs: nobody can use up another's.
func TestIdentifiersBelongToKeys(t *testing.T) {
	a, b := forger{newKey(t)}, forger{newKey(t)}
	v := newVerifier(t, &clock{start})
	for _, f := range []forger{a, b} {
		if c := codeOf(v, f.proof(f.header(), f.claims("jti-of-16-or-more")), f.expect()); c != "" {
			t.Errorf("%q", c)
		}
	}
}

func TestMemoryStaysBounded(t *testing.T) {
	c := &clock{start}
	m := newMemory(t, 1000, c)
	for i := range 20_000 { // 100 per second: 61 seconds' worth are remembered
		c.t = start.Add(time.Duration(i) * 10 * time.Millisecond)
		if err := use(m, fmt.Sprint(i), c.t.Truncate(time.Second)); err != nil && !errors.Is(err, dpop.ErrFull) {
			t.Fatal(err)
		}
		if m.Len() > 1000 {
			t.Fatal("over capacity")
		}
	}
	if m.Len() == 0 {
		t.Error("nothing is remembered")
	}
}

func TestNewMemoryWantsCapacityAndClock(t *testing.T) {
	now := (&clock{start}).now
	if _, err := dpop.NewMemory(1, 1, now); err != nil {
		t.Fatal(err)
	}
	if _, err := dpop.NewMemory(1, 0, now); err == nil {
		t.Error("no share")
	}
	if _, err := dpop.NewMemory(1, 2, now); err == nil {
		t.Error("a share that is more than all")
	}
	if _, err := dpop.NewMemory(1, 1, nil); err == nil {
		t.Error("no clock")
	}
}

func TestMemory(t *testing.T) {
	guardtest.Run(t, func(t *testing.T, capacity, perKey int, now func() time.Time) dpop.Guard {
		m, err := dpop.NewMemory(capacity, perKey, now)
		if err != nil {
			t.Fatal(err)
		}
		return m
	})
}
