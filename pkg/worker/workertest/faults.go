package workertest

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/omni"
)

// Fault breaks one thing of a call that would succeed.
type Fault struct {
	Name string
	Want apierr.Code
	Set  func(*Call)
}

// Header puts values in the place of a header's.
func Header(name string, values ...string) func(*Call) {
	return func(c *Call) {
		c.Edit = func(r *http.Request) {
			r.Header.Del(name)
			for _, v := range values {
				r.Header.Add(name, v)
			}
		}
	}
}

// reclaim re-signs the payload of a good token after a textual change: what
// only the holder of K1 could do.
func reclaim(from, to string) func(*Call) {
	return func(c *Call) {
		c.Forge = func(good string) string {
			text := payload(good)
			if !strings.Contains(text, from) {
				c.W.T.Fatalf("payload %s lacks %s", text, from)
			}
			return c.W.Forger.Token(c.W.Forger.Header(captoken.Type), strings.Replace(text, from, to, 1))
		}
	}
}

func payload(token string) string {
	b, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		panic(err)
	}
	return string(b)
}

// stranger is anybody but the caller.
func (c *Call) stranger() *Person {
	for _, p := range c.W.People {
		if p != c.Who {
			return p
		}
	}
	return nil
}

// faults are those of every worker's calls, and the suite's own.
func (s Suite) faults() []Fault {
	all := []Fault{
		{"nothing", "", func(*Call) {}},

		{"expired", apierr.CapExpired, func(c *Call) { c.At = c.At.Add(-captoken.DefaultTTL * time.Second) }},
		{"not yet valid", apierr.CapExpired, func(c *Call) { c.At = c.At.Add(time.Minute) }},
		{"other issuer", apierr.CapInvalid, reclaim(Issuer, "http://127.0.0.1:8092")},
		{"lifetime of a day", apierr.CapInvalid, func(c *Call) {
			reclaim(fmt.Sprintf(`"exp":%d`, c.At.Add(captoken.DefaultTTL*time.Second).Unix()), fmt.Sprintf(`"exp":%d`, c.At.Add(24*time.Hour).Unix()))(c)
		}},
		{"cnf of another key", apierr.ProofInvalid, func(c *Call) { c.Cap.JKT = dpop.Thumbprint(&c.stranger().Key.PublicKey) }},
		{"device of another key", apierr.ProofInvalid, func(c *Call) {
			c.Cap.Device = omni.DeviceKeyOfAddress(crypto.PubkeyToAddress(c.stranger().Key.PublicKey))
		}},
		{"no capability", apierr.CapInvalid, Header("Authorization")},
		{"two capabilities", apierr.CapInvalid, func(c *Call) {
			c.Edit = func(r *http.Request) { r.Header.Add("Authorization", r.Header.Get("Authorization")) }
		}},
		{"bearer", apierr.CapInvalid, func(c *Call) {
			c.Edit = func(r *http.Request) {
				r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "DPoP", "Bearer", 1))
			}
		}},

		{"no proof", apierr.ProofInvalid, Header("DPoP")},
		{"two proofs", apierr.ProofInvalid, func(c *Call) { c.Edit = func(r *http.Request) { r.Header.Add("DPoP", r.Header.Get("DPoP")) } }},
		{"wrong htm", apierr.ProofInvalid, func(c *Call) { c.Proof.Method = http.MethodPut }},
		{"wrong htu", apierr.ProofInvalid, func(c *Call) { c.Proof.URL = s.URL + "/v1/" + s.Role + "/other" }},
		{"htu of the Host header", apierr.ProofInvalid, func(c *Call) { c.Proof.URL = "http://example.com" + c.Op.URL() }},
		{"wrong ath", apierr.ProofInvalid, func(c *Call) { c.Proof.Token = "another.token.here" }},
		{"wrong bh", apierr.ProofInvalid, func(c *Call) { c.Proof.Body = []byte("another body") }},
		{"old proof", apierr.ProofInvalid, func(c *Call) { c.Proof.Now = c.Proof.Now.Add(-dpop.MaxAge - time.Second) }},
		{"future proof", apierr.ProofInvalid, func(c *Call) { c.Proof.Now = c.Proof.Now.Add(dpop.Leeway + 2*time.Second) }},

		{"wrong class", apierr.CapDataClassMismatch, func(c *Call) { c.Cap.Action, c.Cap.Service = s.Other, s.OtherService }},
		{"wrong op", apierr.CapOpMismatch, func(c *Call) {
			for _, o := range s.Ops {
				if o.Action.Op != c.Op.Action.Op {
					c.Cap.Action, c.Cap.Service = o.Action, o.Service
					return
				}
			}
		}},
		{"future epoch", apierr.CapEpochAhead, func(c *Call) { c.Cap.Epoch = 2 }},
		{"actor of a sibling", apierr.DeviceBindingMismatch, func(c *Call) { c.Cap.Actor = omni.ActorOfWallet([20]byte{9}) }},
		{"operator of another", apierr.DeviceBindingMismatch, func(c *Call) { c.Cap.Operator = omni.OperatorOfWallet([20]byte{9}) }},

		{"no access key id", apierr.STSHeadersIncomplete, Header("X-Aws-Access-Key-Id")},
		{"no secret access key", apierr.STSHeadersIncomplete, Header("X-Aws-Secret-Access-Key")},
		{"no session token", apierr.STSHeadersIncomplete, Header("X-Aws-Session-Token")},
		{"empty session token", apierr.STSHeadersIncomplete, Header("X-Aws-Session-Token", "")},
		{"session token twice", apierr.STSHeadersIncomplete, Header("X-Aws-Session-Token", "a", "a")},
		{"secret of another session", apierr.StorageDenied, func(c *Call) { c.Creds.SecretAccessKey = c.stranger().Session.SecretAccessKey }},
		{"session of another actor", apierr.StorageDenied, func(c *Call) { c.Creds = c.stranger().Session }},
	}
	return append(all, s.Faults...)
}

// chainFault changes what the chain says, and puts it back.
type chainFault struct {
	name      string
	want      apierr.Code
	set, back func(*World, *Person)
}

// chainFaults are those of a call to an op.
func (s Suite) chainFaults(o Op) []chainFault {
	device := func(edit func(*chain.Device)) func(*World, *Person) {
		return func(w *World, p *Person) {
			d := chain.Device{Registered: true, Operator: p.Operator, Actor: p.Actor, Tier: 2, Roles: chain.RoleCapMint}
			edit(&d)
			w.Chain.SetDevice(p.Device, d)
		}
	}
	active := device(func(*chain.Device) {})
	regrant := func(all ...chain.Grant) func(*World, *Person) {
		return func(w *World, p *Person) { w.Chain.SetGrants(p.Operator, p.Actor, all...) }
	}
	each := func(edit func(*chain.Grant)) (out []chain.Grant) {
		for _, g := range s.Grants {
			edit(&g)
			out = append(out, g)
		}
		return out
	}
	grantAll := func(w *World, p *Person) { w.GrantAll(p) }
	recovers := func(w *World, _ *Person) { w.Chain.Recover() }
	return []chainFault{
		{"revoked", apierr.DeviceRevoked, device(func(d *chain.Device) { d.Revoked = true }), active},
		{
			"frozen", apierr.OperatorFrozen, func(w *World, p *Person) { w.Chain.SetFrozen(p.Operator, true) },
			func(w *World, p *Person) { w.Chain.SetFrozen(p.Operator, false) },
		},
		{"not registered", apierr.DeviceNotActive, device(func(d *chain.Device) { *d = chain.Device{} }), active},
		{"role lost", apierr.DeviceRoleMissing, device(func(d *chain.Device) { d.Roles = 0 }), active},
		{"bound to another operator", apierr.DeviceBindingMismatch, device(func(d *chain.Device) { d.Operator = omni.OperatorOfWallet([20]byte{7}) }), active},
		{"bound to another actor", apierr.DeviceBindingMismatch, device(func(d *chain.Device) { d.Actor = omni.ActorOfWallet([20]byte{7}) }), active},
		{"no grant", apierr.ServiceNotInScope, regrant(), grantAll},
		{"grant of another service", apierr.ServiceNotInScope, regrant(s.OtherGrants...), grantAll},
		{"grant without the op", apierr.ServiceNotInScope, regrant(each(func(g *chain.Grant) { g.Ops &^= o.Action.Needs })...), grantAll},
		{"grant that has expired", apierr.ServiceNotInScope, regrant(each(func(g *chain.Grant) { g.ExpiresAt = 1 })...), grantAll},
		{"stale chain", apierr.ChainStale, func(w *World, _ *Person) { w.Chain.GoStale() }, recovers},
		{"dead chain", apierr.ChainUnavailable, func(w *World, _ *Person) { w.Chain.GoUnavailable() }, recovers},
	}
}
