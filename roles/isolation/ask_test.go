package isolation_test

import (
	"crypto/ecdsa"
	"encoding/hex"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/maintenance"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/siwe"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// asker is who may use a route that takes a session.
func asker(w *world, r httpd.Route) *person {
	if strings.HasPrefix(r.Path, api.PathAuditFlush+"/") {
		return w.master
	}
	return w.own
}

// asks is a call of a route that takes a session, about the person itself.
func (w *world) asks(r httpd.Route, p *person) call {
	c := w.with(r, p.session, p.key)
	switch {
	case r.Path == api.PathWebIdentity:
		return c.json(w, api.WebIdentityRequest{Class: service.Credentials, Actor: p.actor})
	case r.Role == "broker":
		return c.json(w, capRequest(p.operator, p.actor, target(actionOf(r))))
	case r.Path == api.PathAuditAppend:
		return c.json(w, api.AuditAppend{Notes: []api.AuditNote{{Key: jose.NewID(), Op: "deploy", Note: "a note"}}})
	case strings.HasPrefix(r.Path, api.PathAuditFlush+"/"):
		c.url = strings.Replace(c.url, ":operator", p.operator.String(), 1)
	case strings.HasPrefix(r.Path, api.PathAuditProof+"/"):
		c.url = strings.Replace(c.url, ":id", w.note(p), 1)
	}
	return c
}

// note is the id of an event about a person that is in a batch, made once.
func (w *world) note(p *person) string {
	w.t.Helper()
	return w.notes.get(p, func() string { return w.newNote(p) })
}

func (w *world) newNote(p *person) string {
	w.t.Helper()
	key := jose.NewID()
	append := httpd.Route{Role: "audit", Method: "POST", Path: api.PathAuditAppend}
	if a := w.send(w.with(append, p.session, p.key).json(w, api.AuditAppend{Notes: []api.AuditNote{{Key: key, Op: "deploy", Note: "noted"}}})); a.code != "" {
		w.t.Fatalf("a note of %s: %s: %s", p.name, a.verdict, a.body)
	}
	m := w.master
	if p.operator != m.operator {
		m = w.rival
	}
	flush := httpd.Route{Role: "audit", Method: "POST", Path: api.PathAuditFlush + "/" + m.operator.String()}
	if a := w.send(w.with(flush, m.session, m.key)); a.code != "" {
		w.t.Fatalf("flushing for %s: %s: %s", m.name, a.verdict, a.body)
	}
	return api.NoteID(p.operator, p.actor, key)
}

// actionOf is what the route fixes.
func actionOf(r httpd.Route) service.Action {
	if r.Op == "" {
		return service.Action{}
	}
	return action(service.Class(r.Class), service.Op(r.Op))
}

// keeping is a maintenance session with its key, signed by a wallet.
type keeping struct {
	token string
	key   *ecdsa.PrivateKey
}

// keeps signs a maintenance session as the wallet of that key.
func (w *world) keeps(wallet *ecdsa.PrivateKey) keeping {
	w.t.Helper()
	return w.keepings.get(wallet, func() keeping { return w.newKeeping(wallet) })
}

func (w *world) newKeeping(wallet *ecdsa.PrivateKey) keeping {
	w.t.Helper()
	key := must[*ecdsa.PrivateKey](w.t)(crypto.GenerateKey())
	now, origin := time.Now().UTC().Truncate(time.Second), w.Profile.Hosts["signer"]
	text := siwe.Message{
		Domain: strings.TrimPrefix(origin, "http://"), Address: crypto.PubkeyToAddress(wallet.PublicKey), URI: origin, ChainID: w.Profile.Chain.ChainID,
		Statement: "Maintain AgentKeys data keys with session key " + dpop.Thumbprint(&key.PublicKey), Nonce: strings.Repeat("n", 16), IssuedAt: now, ExpiresAt: now.Add(maintenance.MaxLife),
	}.String()
	sig := must[[65]byte](w.t)(maintenance.KeyWallet(wallet).SignText(w.t.Context(), []byte(text)))
	return keeping{jose.EncodeSegment([]byte(text)) + "." + hex.EncodeToString(sig[:]), key}
}

// orders is a call of a route that takes a maintenance session, which changes
// nothing that the other rows see.
func (w *world) orders(r httpd.Route, wallet *ecdsa.PrivateKey) call {
	k := w.keeps(wallet)
	c := w.with(r, k.token, k.key)
	switch r.Path {
	case api.PathDEKRewrap:
		return c.json(w, api.RewrapRequest{ToEpoch: 1, Items: []api.RewrapItem{{
			Class: service.Credentials, Operator: w.own.operator, Actor: w.own.actor, Service: svc(w.t, "github"), Epoch: 1, Wrap: jose.EncodeSegment(make([]byte, 60)),
		}}})
	case api.PathEpochPrepare:
		return c.json(w, api.EpochRequest{Epoch: 1})
	case api.PathEpochDestroy:
		return c.json(w, api.EpochRequest{Epoch: 1})
	case api.PathEpochExport:
		return c.json(w, api.EpochExport{Epoch: 1, Offer: "offer"})
	case api.PathEpochImport:
		return c.json(w, api.EpochParcel{Parcel: "parcel"})
	}
	return c
}

// signedBy signs the payload of a JWS with another key, under its own type.
func signedBy(w *world, k jose.PrivateKey, token string) string {
	w.t.Helper()
	part := strings.Split(token, ".")
	var head struct {
		Typ string `json:"typ"`
	}
	if err := strictjson.DecodeAnswer(must[[]byte](w.t)(jose.DecodeSegment(part[0])), &head); err != nil {
		w.t.Fatal(err)
	}
	return must[string](w.t)(jose.Sign(k, head.Typ, must[[]byte](w.t)(jose.DecodeSegment(part[1]))))
}
