package dpop_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dpop"
)

// fill uses fresh proofs of a key until the guard refuses, and returns how
// many it took.
func fill(t testing.TB, m *dpop.Memory, key string, made time.Time) int {
	t.Helper()
	for n := 0; ; n++ {
		switch err := useBy(m, key, fmt.Sprintf("fill-%d-%d", made.Unix(), n), made); {
		case errors.Is(err, dpop.ErrQuota) || errors.Is(err, dpop.ErrFull):
			return n
		case err != nil || n > dpop.DefaultCapacity:
			t.Fatalf("%d proofs of %s: %v", n, key, err)
		}
	}
}

// With the figures of production: hundreds of keys that take all they can, one
// after the other, leave room for a newcomer; and the guard is bounded.
func TestManyGreedyKeysLeaveRoom(t *testing.T) {
	m := newShared(t, dpop.DefaultCapacity, dpop.DefaultPerKey, &clock{start})
	if n := fill(t, m, "greedy 0", start); n != dpop.DefaultPerKey {
		t.Fatalf("one greedy key may hold %d, want %d", n, dpop.DefaultPerKey)
	}
	for i := 1; i < 64; i++ {
		fill(t, m, fmt.Sprint("greedy ", i), start)
	}
	if n := fill(t, m, "newcomer", start); n != 1495 {
		t.Errorf("beside 64 greedy keys a newcomer may hold %d", n)
	}
	for i := 64; i < 500; i++ {
		fill(t, m, fmt.Sprint("greedy ", i), start)
	}
	if n := fill(t, m, "another newcomer", start); n < 1 {
		t.Errorf("beside 500 greedy keys a newcomer may hold %d", n)
	}
	if n := m.Len(); n > dpop.DefaultCapacity {
		t.Errorf("%d entries", n)
	}
}

// Keys with one proof each fill the guard to the last place and not beyond,
// and leave nothing behind.
func TestManyKeysFillTheGuard(t *testing.T) {
	c := &clock{start}
	m := newShared(t, 64, 8, c)
	for i := range 64 {
		if err := useBy(m, fmt.Sprint("key ", i), "id", start); err != nil {
			t.Fatalf("key %d: %v", i, err)
		}
	}
	for _, key := range []string{"key 0", "newcomer"} {
		if err := useBy(m, key, "another", start); !errors.Is(err, dpop.ErrFull) {
			t.Errorf("%s: %v", key, err)
		}
	}
	if err := useBy(m, "key 0", "id", start); !errors.Is(err, dpop.ErrUsed) {
		t.Errorf("a replay at a full guard: %v", err)
	}
	if n := m.Keys(); n != 64 {
		t.Errorf("%d keys are counted", n)
	}
	c.t = start.Add(dpop.MaxAge + time.Second)
	if n := fill(t, m, "key 0", c.t); n != 8 {
		t.Errorf("after the end one key may hold %d, want 8", n)
	}
	if n := m.Keys(); n != 1 {
		t.Errorf("%d keys are counted", n)
	}
}

// However many proofs end in one second, no call pays for all of them; the next
// calls forget the rest, and none is accepted again meanwhile.
func TestForgettingIsSpread(t *testing.T) {
	c := &clock{start}
	m := newShared(t, 10_000, 3000, c)
	for s := range 3 {
		fill(t, m, "greedy", start.Add(time.Duration(s)*time.Second))
	}
	for i := range 7000 {
		if err := useBy(m, fmt.Sprint("key ", i), "id", start); err != nil {
			t.Fatal(err)
		}
	}
	before := m.Len()
	c.t = start.Add(dpop.MaxAge + 3*time.Second)
	for i := 0; m.Len() > 0 && i < 20; i++ {
		if err := useBy(m, "key 0", "id", start); !errors.Is(err, dpop.ErrUsed) {
			t.Fatal(err)
		}
		if gone := before - m.Len(); gone < 1 || gone > 1024 {
			t.Fatalf("call %d forgot %d proofs", i, gone)
		}
		before = m.Len()
	}
	if m.Len() != 0 || m.Keys() != 0 {
		t.Errorf("%d proofs of %d keys remain", m.Len(), m.Keys())
	}
	if n := fill(t, m, "greedy", c.t); n != 3000 {
		t.Errorf("it may hold %d", n)
	}
}

// A key that is refused before it holds anything is not counted either.
func TestRefusedKeysLeaveNothing(t *testing.T) {
	m := newShared(t, 1, 1, &clock{start})
	fill(t, m, "first", start)
	for i := range 100 {
		if err := useBy(m, fmt.Sprint("key ", i), "id", start); !errors.Is(err, dpop.ErrFull) {
			t.Fatal(err)
		}
	}
	if n := m.Keys(); n != 1 {
		t.Errorf("%d keys are counted", n)
	}
}

// Through the verifier: the code is rate_limited, and a replay is called one.
func TestVerifierTellsQuotaFromReplay(t *testing.T) {
	c := &clock{start}
	v, err := dpop.NewVerifier(newShared(t, 64, 2, c), c.now)
	if err != nil {
		t.Fatal(err)
	}
	greedy, modest := forger{newKey(t)}, forger{newKey(t)}
	for i, want := range []apierr.Code{"", "", apierr.RateLimited, apierr.RateLimited} {
		if got := codeOf(v, greedy.proof(greedy.header(), greedy.claims(fmt.Sprint("jti-of-16-or-more-", i))), greedy.expect()); got != want {
			t.Errorf("proof %d: %q, want %q", i, got, want)
		}
	}
	if got := codeOf(v, greedy.proof(greedy.header(), greedy.claims("jti-of-16-or-more-0")), greedy.expect()); got != apierr.ProofReplayed {
		t.Errorf("a replay at the quota: %q", got)
	}
	if got := codeOf(v, modest.proof(modest.header(), modest.claims("jti-of-16-or-more-0")), modest.expect()); got != "" {
		t.Errorf("another key: %q", got)
	}
}

// The guard is asked last: a proof by a made-up key, or one that is wrong in
// anything else, does not reach it.
func TestOnlyProofsThatFitReachTheGuard(t *testing.T) {
	asked := 0
	c := &clock{start}
	v, err := dpop.NewVerifier(guardFunc(func(string, string, time.Time) error { asked++; return nil }), c.now)
	if err != nil {
		t.Fatal(err)
	}
	f := forger{newKey(t)}
	good := f.proof(f.header(), f.claims("jti-of-16-or-more"))
	refused := func(what, proof string, e dpop.Expect) {
		t.Helper()
		if got := codeOf(v, proof, e); got != apierr.ProofInvalid || asked != 0 {
			t.Errorf("%s: %q, the guard was asked %d times", what, got, asked)
		}
		asked = 0
	}
	for i := range 20 {
		m := forger{newKey(t)}
		jti := fmt.Sprint("jti-of-16-or-more-", i)
		refused("a made-up key", m.proof(m.header(), m.claims(jti)), f.expect())
		refused("another's signature", m.proof(f.header(), f.claims(jti)), f.expect())
	}
	for what, claims := range map[string]string{
		"another method": strings.Replace(f.claims("jti-of-16-or-more"), "POST", "GET", 1),
		"another token":  strings.Replace(f.claims("jti-of-16-or-more"), sum([]byte(token)), sum([]byte("x")), 1),
		"another body":   strings.Replace(f.claims("jti-of-16-or-more"), sum(body), sum([]byte("x")), 1),
	} {
		refused(what, f.proof(f.header(), claims), f.expect())
	}
	c.t = start.Add(dpop.MaxAge + 1)
	refused("too old", good, f.expect())
	c.t = start.Add(-dpop.Leeway - 1)
	refused("too new", good, f.expect())
	c.t = start
	if got := codeOf(v, good, f.expect()); got != "" || asked != 1 {
		t.Errorf("the twin of all these: %q, the guard was asked %d times", got, asked)
	}
}
