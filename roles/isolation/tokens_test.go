package isolation_test

import (
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/maintenance"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// what is the kind of a token: who takes it depends on nothing else.
type what string

const (
	nothing     what = "nothing"
	session     what = "session"
	webIdentity what = "web identity"
	capability  what = "capability"
	keeperToken what = "maintenance session"
	workerToken what = "session of a worker"
	receipt     what = "receipt"
	foreign     what = "none that a route takes"
)

// kind is one token in the hands of own, bound to its key where it is bound.
type kind struct {
	what   what
	name   string
	action service.Action // of a capability
	token  func() string  // nil: none is sent
}

// fixed is a token that is made once.
func fixed(s string) func() string { return func() string { return s } }

// kinds are all the tokens that somebody may have, for a matrix of each at each
// place. They are made once.
func (w *world) kinds() []kind {
	return w.tokens.get("", w.makeKinds)
}

func (w *world) makeKinds() []kind {
	t, p := w.t, w.own
	vault := w.storage(storage{p, service.Credentials, "write"})
	mint := must[api.LoginChallenge](t)(api.PostJSON[api.LoginChallenge](t.Context(), p.caller.API, api.Request{URL: w.Profile.Hosts["broker"] + api.PathLoginStart}, api.LoginStart{Address: crypto.PubkeyToAddress(p.key.PublicKey).Hex()}))
	wallet := must[*maintenance.Session](t)(maintenance.Sign(t.Context(), maintenance.KeyWallet(p.key), maintenance.Request{URL: w.Profile.Hosts["signer"], ChainID: w.Profile.Chain.ChainID, Now: time.Now()}))
	out := []kind{
		{what: nothing, name: "nothing"},
		{what: nothing, name: "an empty token", token: fixed("")},
		{what: session, name: "session", token: fixed(p.session)},
		{what: keeperToken, name: "maintenance session of its own", token: fixed(wallet.Token())},
		{what: foreign, name: "session token of storage", token: fixed(string(vault.SessionToken.Reveal()))},
		{what: foreign, name: "nonce of a sign-in", token: fixed(mint.Nonce)},
		{what: receipt, name: "receipt", token: fixed(w.receipt())},
		{what: foreign, name: "proof", token: func() string {
			return must[string](t)(dpop.Sign(p.key, dpop.Request{Method: "POST", URL: w.Profile.Hosts["broker"] + api.PathWebIdentity, Token: p.session, Now: time.Now()}))
		}},
	}
	for _, s := range storageSessions(p) {
		out = append(out, kind{what: webIdentity, name: "web identity for " + s.String(), token: fixed(w.webIdentity(s))})
	}
	for _, c := range classes() {
		if c.worker != "" {
			s := must[*dek.Session](t)(dek.NewSession(w.identity(c.worker), string(c.class), time.Now()))
			out = append(out, kind{what: workerToken, name: "session of the worker for " + string(c.class), token: fixed(s.Token())})
		}
	}
	for _, a := range append(actions(), service.EmailRead) {
		out = append(out, kind{what: capability, name: "capability to " + string(a.Op) + " in " + string(a.Class), action: a, token: func() string { return w.capability(p, a) }})
	}
	return out
}

// capability is one such as the broker mints for a person, by K1, with an edit
// that only who has K1 can make.
func (w *world) capability(p *person, a service.Action, edit ...func(*captoken.Request)) string {
	w.t.Helper()
	r := captoken.Request{
		Operator: p.operator, Actor: p.actor, Action: a, Device: p.device, JKT: dpop.Thumbprint(&p.key.PublicKey), Epoch: 1,
	}
	if r.Service = "email:own@example.com"; a.Class != service.Email {
		r.Service = target(a)
	}
	for _, e := range edit {
		e(&r)
	}
	token, _, err := w.minter.Mint(r)
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}

// receipt is what the broker signed for a decision about own.
func (w *world) receipt() string {
	w.t.Helper()
	a := w.send(w.with(httpd.Route{Role: "broker", Method: "POST", Path: api.PathCapCredFetch}, w.own.session, w.own.key).
		json(w, capRequest(w.own.operator, w.own.actor, classOf(service.Credentials).service)))
	if a.code != "" || a.header.Get(httpd.ReceiptHeader) == "" {
		w.t.Fatalf("minting: %s, receipt %q", a.verdict, a.header.Get(httpd.ReceiptHeader))
	}
	return a.header.Get(httpd.ReceiptHeader)
}

func capRequest(o omni.Operator, a omni.Actor, s string) api.CapRequest {
	return api.CapRequest{Operator: o, Actor: a, Service: s}
}
