package signer_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/maintenance"
	"github.com/litentry/agentkeys/pkg/siwe"
)

// guard is one of proofs that says the same of each.
type guard struct{ says error }

func (g guard) Use(context.Context, string, string, time.Time) error { return g.says }

// anOrderEach is one to each office's policy.
func (w *world) anOrderEach() map[string]*order {
	return map[string]*order{
		"maintainer": w.order(w.maintainer, api.PathDEKRewrap, api.RewrapRequest{ToEpoch: 1, Items: []api.RewrapItem{w.item(w.people[0], ops()[0], 1)}}),
		"governance": w.order(w.governance, api.PathEpochDestroy, api.EpochRequest{Epoch: 9}),
		"either":     w.order(w.maintainer, api.PathEpochOffer, nil),
	}
}

// TestGuards: a guard of proofs that is full, and one that cannot tell, let nothing
// through; the twin is the guard that lets everything through.
func TestGuards(t *testing.T) {
	for _, c := range []struct {
		says error
		want apierr.Code
	}{{nil, ""}, {dpop.ErrQuota, apierr.RateLimited}, {dpop.ErrFull, apierr.RateLimited}, {errors.New("no answer"), apierr.StoreUnavailable}} {
		w := newWorld(t, 1)
		w.proofs, w.side.orders = guard{c.says}, guard{c.says}
		w.start(jose.KeySet{}, nil)
		for name, o := range w.anOrderEach() {
			if got := apierr.CodeOf(o.send(nil)); got != c.want && (c.want != "" || got == apierr.RateLimited || got == apierr.StoreUnavailable) {
				t.Errorf("%v: %s: %q, want %q", c.says, name, got, c.want)
			}
		}
		for _, o := range ops() {
			if _, err := w.call(w.people[0], o).send(); apierr.CodeOf(err) != c.want {
				t.Errorf("%v: %s: %v, want %q", c.says, o.name, err, c.want)
			}
		}
	}
}

// openSession is a maintenance session whose key is known.
func (w *world) openSession(wallet *ecdsa.PrivateKey) (*ecdsa.PrivateKey, string) {
	t := w.t
	t.Helper()
	k := newKey(t)
	text, sig, err := siwe.Sign(wallet, siwe.Message{
		Domain: strings.TrimPrefix(w.url, "http://"), Address: addressOf(wallet), URI: w.url, ChainID: chainID, Nonce: rand.Text(), IssuedAt: w.now().UTC(),
		Statement: "Maintain AgentKeys data keys with session key " + thumbprint(k), ExpiresAt: w.now().UTC().Add(maintenance.MaxLife),
	})
	if err != nil {
		t.Fatal(err)
	}
	return k, jose.EncodeSegment([]byte(text)) + "." + strings.TrimPrefix(sig, "0x")
}

// TestKeepersProofNamesNothing: what a keeper orders stands in the body.
func TestKeepersProofNamesNothing(t *testing.T) {
	w := newWorld(t, 1)
	for name, o := range w.anOrderEach() {
		k, token := w.openSession(w.holder(o.path))
		objects := []string{"x"}
		o.edit = func(r *http.Request) {
			r.Header.Set("Authorization", api.Scheme+token)
			r.Header.Set("DPoP", must[string](t)(dpop.Sign(k, dpop.Request{Method: http.MethodPost, URL: w.url + o.path, Token: token, Body: o.body, Objects: objects, Now: w.now()})))
		}
		if got := apierr.CodeOf(o.send(nil)); got != apierr.ProofObjectMismatch {
			t.Errorf("%s: %q", name, got)
		}
		if objects = nil; name == "either" { // the others say what the keyring thinks
			if err := o.send(nil); err != nil {
				t.Errorf("%s without: %v", name, err)
			}
		}
	}
}

// TestRetiredWallet: no key for a capability of a wallet that its operator left.
func TestRetiredWallet(t *testing.T) {
	w := newWorld(t, 1)
	p := w.people[0]
	for _, o := range ops() {
		if _, err := w.call(p, o).send(); err != nil {
			t.Fatalf("%s, before: %v", o.name, err)
		}
	}
	w.chain.SetDevice(p.device, chain.Device{Registered: true, Revoked: true, Operator: p.operator, Actor: p.actor, Tier: chain.TierMaster, Roles: chain.RoleCapMint})
	for _, o := range ops() {
		if _, err := w.call(p, o).send(); apierr.CodeOf(err) != apierr.WalletRetired {
			t.Errorf("%s: %v", o.name, err)
		}
	}
}

// TestStaleChainForEverybody: what anybody may ask needs a head that is not old.
func TestStaleChainForEverybody(t *testing.T) {
	w := newWorld(t, 1)
	for _, c := range []struct {
		set  func()
		want apierr.Code
	}{{func() {}, ""}, {w.chain.GoStale, apierr.ChainStale}, {w.chain.GoUnavailable, apierr.ChainUnavailable}} {
		c.set()
		for _, path := range []string{api.PathEpochs, api.PathEpochs + "/" + jose.NewID(), sealPath(w.people[0])} {
			if _, err := w.get(path); apierr.CodeOf(err) != c.want {
				t.Errorf("%s: %v, want %q", path, err, c.want)
			}
		}
	}
}

// TestClosedRing: a keyring that is closed gives out nothing, and says that it may be
// tried again; the twin is the call before.
func TestClosedRing(t *testing.T) {
	w := newPair(t)
	offer := w.second.offer(t)
	export := func() error {
		return w.order(w.maintainer, api.PathEpochExport, api.EpochExport{Epoch: 2, Offer: offer}).send(nil)
	}
	calls := []*call{}
	for range 2 {
		for _, o := range ops() {
			calls = append(calls, w.call(w.people[0], o))
		}
	}
	for i, c := range calls {
		if i == len(ops()) {
			if err := export(); err != nil {
				t.Error(err)
			}
			_ = w.ring.Close()
		}
		want := apierr.SignerUnavailable
		if i < len(ops()) {
			want = ""
		}
		if _, err := c.send(); apierr.CodeOf(err) != want {
			t.Errorf("%d, %s: %v, want %q", i, c.op.name, err, want)
		}
	}
	if err := export(); apierr.CodeOf(err) != apierr.SignerUnavailable {
		t.Errorf("export: %v", err)
	}
}
