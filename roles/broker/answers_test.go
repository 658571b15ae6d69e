package broker_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/siwe"
	"github.com/litentry/agentkeys/roles/broker"
)

// noGuard cannot tell whether a proof was used.
type noGuard struct{}

func (noGuard) Use(context.Context, string, string, time.Time) error { return errors.New("no answer") }

func TestNoStore(t *testing.T) {
	w := newWorld(t)
	w.mustLogin(w.agent)
	_, err := w.login(w.agent, func(*siwe.Message) { _ = w.parts.Store.Close() })
	wantCode(t, "the store goes while the wallet signs", err, apierr.StoreUnavailable)
	_, err = w.login(w.agent)
	wantCode(t, "there is no store", err, apierr.StoreUnavailable)

	w = newWorld(t, func(p *broker.Parts) { p.Proofs = noGuard{} })
	_, err = w.identity(w.mustLogin(w.agent), w.agent, api.WebIdentityRequest{Class: service.Credentials})
	wantCode(t, "there is no guard of proofs", err, apierr.StoreUnavailable)
}

// TestProofOfObjects: no route of the broker is about a named object.
func TestProofOfObjects(t *testing.T) {
	w := newWorld(t)
	s := w.mustLogin(w.agent)
	r := api.CapRequest{Operator: w.operator, Actor: w.actor, Service: "github"}
	naming := func(objects ...string) func(*http.Request) {
		return func(req *http.Request) {
			body, err := io.ReadAll(req.Body)
			if err != nil {
				t.Fatal(err)
			}
			req.Body = io.NopCloser(bytes.NewReader(body))
			proof, err := dpop.Sign(w.agent, dpop.Request{Method: req.Method, URL: brokerURL + req.URL.Path, Token: s.Token, Body: body, Objects: objects, Now: w.clock.now()})
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("DPoP", proof)
		}
	}
	_, err := w.mint(t.Context(), api.PathCapCredFetch, s, w.agent, r, naming("github"))
	wantCode(t, "a proof that names an object", err, apierr.ProofObjectMismatch)
	_, err = w.mint(t.Context(), api.PathCapCredFetch, s, w.agent, r, naming())
	wantCode(t, "one that names none", err, "")
}

// TestWebIdentityOnTheChain: what the chain says, and that it says nothing.
func TestWebIdentityOnTheChain(t *testing.T) {
	w := newWorld(t)
	s := w.mustLogin(w.agent)
	ask := func(what string, want apierr.Code) {
		t.Helper()
		_, err := w.identity(s, w.agent, api.WebIdentityRequest{Class: service.Credentials})
		wantCode(t, what, err, want)
	}
	device := chain.Device{Registered: true, Operator: w.operator, Actor: w.actor, Tier: chain.TierAgent, Roles: chain.RoleCapMint}
	for what, c := range map[string]struct {
		edit func(*chain.Device)
		want apierr.Code
	}{
		"not registered": {func(d *chain.Device) { *d = chain.Device{} }, apierr.DeviceNotActive},
		"role lost":      {func(d *chain.Device) { d.Roles = 0 }, apierr.DeviceRoleMissing},
		"retired":        {func(d *chain.Device) { d.Tier, d.Revoked = chain.TierMaster, true }, apierr.WalletRetired},
		"as it was":      {func(*chain.Device) {}, ""},
	} {
		d := device
		c.edit(&d)
		w.chain.SetDevice(w.agentDev, d)
		ask(what, c.want)
	}
	w.chain.SetDevice(w.agentDev, device)
	w.chain.GoStale()
	ask("stale", apierr.ChainStale)
	w.chain.GoUnavailable()
	ask("silent", apierr.ChainUnavailable)
	w.chain.Recover()
	ask("again", "")
	w.chain.Revoke(crypto.PubkeyToAddress(w.agent.PublicKey))
	ask("revoked", apierr.DeviceRevoked)
}
