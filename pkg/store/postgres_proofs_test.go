//go:build unix

package store_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/dpop/guardtest"
	"github.com/litentry/agentkeys/pkg/store"
	"github.com/litentry/agentkeys/pkg/store/postgrestest"
)

// TestPostgresProofs runs the suite of guards, and what several processes do, on
// PostgreSQL.
func TestPostgresProofs(t *testing.T) {
	servers(t, func(t *testing.T, s *postgrestest.Server) {
		guardtest.Run(t, func(t *testing.T, capacity, perKey int, now func() time.Time) dpop.Guard {
			return guard(t, s.Fresh(t), store.ProofsConfig{Name: "guard", Deployment: "one", Capacity: capacity, PerKey: perKey, Now: now})
		})
		for name, test := range map[string]func(*testing.T, string){
			"two processes": twoGuards, "names": guardsByName, "restart": guardRestarts, "closed": guardClosed, "forgets in steps": guardForgetsInSteps,
			"of another deployment": guardOfAnother,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, s.Fresh(t))
			})
		}
	})
}

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func config(name string, now func() time.Time) store.ProofsConfig {
	return store.ProofsConfig{Name: name, Deployment: "one", Capacity: 1000, PerKey: 100, Now: now}
}

func atNoon() time.Time { return noon }

func guard(t *testing.T, dsn string, c store.ProofsConfig) *store.Proofs {
	t.Helper()
	p, err := store.OpenPostgresProofs(t.Context(), dsn, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := p.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p
}

func use(t *testing.T, p *store.Proofs, key, id string, made time.Time) error {
	t.Helper()
	return p.Use(t.Context(), key, id, made.Add(dpop.MaxAge))
}

// twoGuards: of a thousand copies of one proof at two processes one is accepted,
// and both together keep to one quota.
func twoGuards(t *testing.T, dsn string) {
	of := [2]*store.Proofs{guard(t, dsn, config("cred", atNoon)), guard(t, dsn, config("cred", atNoon))}
	race := func(id func(i int) string) (won int64) {
		var wg sync.WaitGroup
		gate := make(chan struct{})
		for i := range 1000 {
			wg.Go(func() {
				<-gate
				switch err := use(t, of[i%2], "key", id(i), noon); {
				case err == nil:
					atomic.AddInt64(&won, 1)
				case !errors.Is(err, dpop.ErrUsed) && !errors.Is(err, dpop.ErrQuota):
					t.Error(err)
				}
			})
		}
		close(gate)
		wg.Wait()
		return won
	}
	for round := range 3 {
		if won := race(func(int) string { return fmt.Sprint("one ", round) }); won != 1 {
			t.Errorf("one proof was accepted %d times", won)
		}
	}
	if won := race(func(i int) string { return fmt.Sprint(i) }); won != 97 {
		t.Errorf("%d proofs beside 3 of a quota of 100", won)
	}
}

// guardsByName: a worker hands the proof that it used on to the signer.
func guardsByName(t *testing.T, dsn string) {
	cred, signer := guard(t, dsn, config("cred", atNoon)), guard(t, dsn, config("signer", atNoon))
	for _, p := range []*store.Proofs{cred, signer} {
		if err := use(t, p, "key", "id", noon); err != nil {
			t.Error(err)
		}
		if err := use(t, p, "key", "id", noon); !errors.Is(err, dpop.ErrUsed) {
			t.Error(err)
		}
	}
	for _, c := range []store.ProofsConfig{
		{Deployment: "one", Capacity: 2, PerKey: 1, Now: atNoon},
		{Name: "a", Capacity: 2, PerKey: 1, Now: atNoon},
		{Name: "a\x00", Deployment: "one", Capacity: 2, PerKey: 1, Now: atNoon},
		{Name: "a", Deployment: "one", Capacity: 1, PerKey: 2, Now: atNoon},
		{Name: "a", Deployment: "one", Capacity: 1, Now: atNoon},
		{Name: "a", Deployment: "one", Capacity: 2, PerKey: 1},
	} {
		if _, err := store.OpenPostgresProofs(t.Context(), dsn, c); err == nil {
			t.Errorf("opened %+v", c)
		}
	}
}

// guardRestarts: what was used stays used, and what was made before a restart is
// accepted after it; the memory of what was forgotten outlives it as well.
func guardRestarts(t *testing.T, dsn string) {
	var clock atomic.Int64
	clock.Store(noon.Unix())
	c := config("cred", func() time.Time { return time.Unix(clock.Load(), 0) })
	p := guard(t, dsn, c)
	reopen := func() {
		t.Helper()
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		p = guard(t, dsn, c)
	}
	want := func(id string, made time.Time, want error) {
		t.Helper()
		if err := use(t, p, "key", id, made); !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	want("a", noon, nil)
	clock.Add(10)
	reopen()
	want("a", noon, dpop.ErrUsed)
	want("b", noon, nil)
	want("older than the guard", noon.Add(-time.Second), dpop.ErrUsed)
	clock.Add(3600)
	want("ahead", noon.Add(time.Hour), nil)
	clock.Add(-3600)
	reopen()
	want("a", noon, dpop.ErrUsed)
	want("never seen", noon, dpop.ErrUsed)
	want("c", noon.Add(time.Second), nil)
}

func guardClosed(t *testing.T, dsn string) {
	p := guard(t, dsn, config("cred", atNoon))
	if err := errors.Join(p.Ready(t.Context()), p.Close(), p.Close()); err != nil {
		t.Error(err)
	}
	for _, err := range []error{p.Ready(t.Context()), use(t, p, "key", "id", noon)} {
		if apierr.CodeOf(err) != apierr.StoreUnavailable {
			t.Error(err)
		}
	}
}

// guardForgetsInSteps: however many proofs end at once, nobody waits for all of
// them to be forgotten, and all are in the end.
func guardForgetsInSteps(t *testing.T, dsn string) {
	const many = 2500
	var clock atomic.Int64
	clock.Store(noon.Unix())
	c := store.ProofsConfig{Name: "cred", Deployment: "one", Capacity: many, PerKey: many, Now: func() time.Time { return time.Unix(clock.Load(), 0) }}
	p := guard(t, dsn, c)
	var wg sync.WaitGroup
	for i := range many {
		wg.Go(func() {
			if err := use(t, p, fmt.Sprint("key ", i%7), fmt.Sprint(i), noon); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	clock.Add(61)
	db := postgrestest.Raw(t, dsn)
	defer db.Close()
	for _, left := range []int{many - 1024, many - 2048, 0, 0} {
		if err := use(t, p, "key 0", "0", noon); !errors.Is(err, dpop.ErrUsed) {
			t.Error(err)
		}
		var live, proofs, held int
		if err := db.QueryRow(`SELECT (SELECT live FROM replay_guards), (SELECT COUNT(*) FROM used_proofs), (SELECT COALESCE(SUM(live), 0) FROM replay_holders)`).Scan(&live, &proofs, &held); err != nil {
			t.Fatal(err)
		}
		if live != left || proofs != left || held != left {
			t.Errorf("%d, %d and %d are left, want %d", live, proofs, held, left)
		}
	}
	var holders int
	if err := db.QueryRow(`SELECT COUNT(*) FROM replay_holders`).Scan(&holders); err != nil || holders != 0 {
		t.Error(holders, err)
	}
}

// guardOfAnother: a guard is not opened in the database of another deployment,
// whatever it is called; its store is in the same place.
func guardOfAnother(t *testing.T, dsn string) {
	c := config("cred", atNoon)
	guard(t, dsn, c)
	for _, name := range []string{"cred", "signer"} {
		other := config(name, atNoon)
		other.Deployment = "two"
		p, err := store.OpenPostgresProofs(t.Context(), dsn, other)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Begin(t.Context()); !errors.Is(err, store.ErrDeployment) {
			t.Errorf("%s: %v", name, err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		other.Deployment = "one"
		guard(t, dsn, other)
	}
	s := open(t, dsn, atNoon)
	defer s.Close()
	if err := s.Claim(t.Context(), "two"); !errors.Is(err, store.ErrDeployment) {
		t.Error(err)
	}
	if err := s.Claim(t.Context(), "one"); err != nil {
		t.Error(err)
	}
}
