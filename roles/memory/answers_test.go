package memory_test

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

// TestSignersReason: what the signer refuses is the worker's answer; the twin is the call
// before.
func TestSignersReason(t *testing.T) {
	w := newWorld(t)
	p := w.people[0]
	for _, o := range ops[:2] { // what seals, then what opens
		if err := w.call(p, o).send(); err != nil {
			t.Fatal(err)
		}
	}
	for _, code := range []apierr.Code{apierr.Unauthorized, apierr.WorkerNotListed, apierr.SignerUnavailable} {
		w.keys = refusing{apierr.New(code, "no")}
		w.startWorker()
		for _, o := range ops[:2] {
			if err := w.call(p, o).send(); apierr.CodeOf(err) != code {
				t.Errorf("%s: %v, want %s", o.path, err, code)
			}
		}
	}
}

// TestFaultsOfTheHost: each has its code, on every route; the twin of each is the
// call before.
func TestFaultsOfTheHost(t *testing.T) {
	for name, c := range map[string]struct {
		set  func(*world)
		want apierr.Code
	}{
		"no storage":         {func(w *world) { _ = w.cloud.Close(); w.endpoint = "http://127.0.0.1:1"; w.startWorker() }, apierr.StorageUnavailable},
		"no guard of proofs": {func(w *world) { p := w.parts(); p.Proofs = noGuard{}; w.serve(p) }, apierr.StoreUnavailable},
		"a wallet that was retired": {func(w *world) {
			p := w.people[0]
			w.chain.SetDevice(p.device, chain.Device{Registered: true, Revoked: true, Operator: p.operator, Actor: p.actor, Tier: chain.TierMaster, Roles: chain.RoleCapMint})
		}, apierr.WalletRetired},
	} {
		w := newWorld(t)
		for _, o := range ops {
			if err := w.call(w.people[0], o).send(); err != nil {
				t.Fatalf("%s: before, %s: %v", name, o.path, err)
			}
		}
		c.set(w)
		for _, o := range ops {
			if err := w.call(w.people[0], o).send(); apierr.CodeOf(err) != c.want {
				t.Errorf("%s, %s: %v, want %s", name, o.path, err, c.want)
			}
		}
	}
}
