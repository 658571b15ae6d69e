package workertest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/keys"
)

// refusing is a signer that gives no key.
type refusing struct{ with error }

func (r refusing) New(context.Context, keys.Request) (keys.DEK, keys.Wrapped, error) {
	return keys.DEK{}, keys.Wrapped{}, r.with
}

func (r refusing) Unwrap(context.Context, keys.Request, keys.Wrapped) (keys.DEK, error) {
	return keys.DEK{}, r.with
}

// noGuard cannot tell whether a proof was used.
type noGuard struct{}

func (noGuard) Use(context.Context, string, string, time.Time) error { return errors.New("no answer") }

// signersReason: what the signer refuses is the worker's answer; the twin is the call
// before.
func (s Suite) signersReason(t *testing.T) {
	w := s.World(t)
	p := w.People[0]
	for _, o := range s.Ops[:2] { // what seals, then what opens
		if err := w.Call(p, o).Send(); err != nil {
			t.Fatal(err)
		}
	}
	for _, code := range []apierr.Code{apierr.Unauthorized, apierr.WorkerNotListed, apierr.SignerUnavailable} {
		w.Keys = refusing{apierr.New(code, "no")}
		w.Start()
		for _, o := range s.Ops[:2] {
			if err := w.Call(p, o).Send(); apierr.CodeOf(err) != code {
				t.Errorf("%s: %v, want %s", o.Path, err, code)
			}
		}
	}
}

// faultsOfTheHost: each has its code, on every route; the twin of each is the call
// before.
func (s Suite) faultsOfTheHost(t *testing.T) {
	for name, c := range map[string]struct {
		set  func(*World)
		want apierr.Code
	}{
		"no storage":         {func(w *World) { w.Storage.Endpoint = "http://127.0.0.1:1"; w.Start() }, apierr.StorageUnavailable},
		"no guard of proofs": {func(w *World) { p := w.Parts(); p.Proofs = noGuard{}; w.Serve(p) }, apierr.StoreUnavailable},
		"a wallet that was retired": {func(w *World) {
			p := w.People[0]
			w.Chain.SetDevice(p.Device, chain.Device{Registered: true, Revoked: true, Operator: p.Operator, Actor: p.Actor, Tier: chain.TierMaster, Roles: chain.RoleCapMint})
		}, apierr.WalletRetired},
	} {
		w := s.World(t)
		for _, o := range s.Ops {
			if err := w.Call(w.People[0], o).Send(); err != nil {
				t.Fatalf("%s: before, %s: %v", name, o.Path, err)
			}
		}
		c.set(w)
		for _, o := range s.Ops {
			if err := w.Call(w.People[0], o).Send(); apierr.CodeOf(err) != c.want {
				t.Errorf("%s, %s: %v, want %s", name, o.Path, err, c.want)
			}
		}
	}
}
