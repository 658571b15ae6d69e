package isolation_test

import (
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/service"
)

// replays are the guards of single use.
func replays() []guard {
	twice := func(l *layered, req *http.Request) verdict {
		body := must[io.ReadCloser](l.t)(req.GetBody())
		if a := l.do(req); a.code != "" {
			return a.verdict
		}
		again := req.Clone(l.t.Context())
		again.Body = body
		return l.do(again).verdict
	}
	return []guard{
		refuses(atWorker, apierr.ProofReplayed, func(l *layered) verdict {
			return twice(l, l.use(l.own, service.CredStore, storage{l.own, service.Credentials, "write"}).signed(l.world))
		}),
		refuses(atWorker, apierr.CapUsed, func(l *layered) verdict { // with a fresh proof
			c := l.use(l.own, service.CredStore, storage{l.own, service.Credentials, "write"})
			if a := l.send(c); a.code != "" {
				return a.verdict
			}
			return l.send(c).verdict
		}),
		refuses(atSigner, apierr.ProofReplayed, func(l *layered) verdict {
			q := l.pass(l.own, classes()[0], service.CredStore, service.CredStore)
			if a := l.released(dek.PathNew, q); a.code != "" {
				return a.verdict
			}
			return l.released(dek.PathNew, q).verdict
		}),
	}
}

// wrongKind are the guards of the kinds of tokens; the matrix has all of them at
// all places.
func wrongKind() []guard {
	return []guard{
		refuses(atBroker, apierr.Unauthorized, func(l *layered) verdict {
			token := l.capability(l.own, service.CredFetch)
			return l.send(l.with(httpd.Route{Role: "broker", Method: "POST", Path: api.PathCapCredFetch}, token, l.own.key).json(l.world, capRequest(l.own.operator, l.own.actor, "github"))).verdict
		}),
		refuses(atWorker, apierr.CapInvalid, func(l *layered) verdict {
			c := l.use(l.own, service.CredFetch, storage{l.own, service.Credentials, "read"})
			c.token = l.own.session
			return l.send(c).verdict
		}),
		refuses(atSigner, apierr.CapInvalid, func(l *layered) verdict {
			q := l.pass(l.own, classes()[0], service.CredStore, service.CredStore)
			q.Capability = l.own.session
			return l.released(dek.PathNew, q).verdict
		}),
		refuses(byTrust, apierr.StorageDenied, func(l *layered) verdict {
			_, err := l.exchange(l.own.session, service.Credentials, "read")
			return of(err)
		}),
	}
}

// climbs are the guards of names. What K1 signs is text: it can claim any service.
func climbs() []guard {
	claims := func(l *layered, a service.Action, to string) string {
		token := l.capability(l.own, a)
		payload := must[[]byte](l.t)(base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1]))
		return must[string](l.t)(jose.Sign(l.k1, captoken.Type, []byte(strings.Replace(string(payload), `"github"`, `"`+to+`"`, 1))))
	}
	return []guard{
		refuses(atBroker, apierr.InvalidInput, func(l *layered) verdict {
			return l.send(l.with(httpd.Route{Role: "broker", Method: "POST", Path: api.PathCapCredFetch}, l.own.session, l.own.key).json(l.world, capRequest(l.own.operator, l.own.actor, "../"+l.sibling.actor.Key()))).verdict
		}),
		refuses(atWorker, apierr.CapInvalid, func(l *layered) verdict {
			c := l.use(l.own, service.CredFetch, storage{l.own, service.Credentials, "read"})
			c.token = claims(l, service.CredFetch, "../../"+l.sibling.actor.Key()+"/credentials/github")
			return l.send(c).verdict
		}),
		refuses(atSigner, apierr.CapInvalid, func(l *layered) verdict {
			q := l.pass(l.own, classes()[0], service.CredStore, service.CredStore)
			c := l.route(service.CredStore)
			c.token, c.prover = claims(l, service.CredStore, "*"), l.own.key
			q.Capability, q.Proof = c.token, c.prove(l.world)
			return l.released(dek.PathNew, q).verdict
		}),
		refuses(byRole, apierr.StorageDenied, func(l *layered) verdict { return l.lists(l.own, "bots/"+l.own.actor.Key()) }), // no slash
	}
}

// lists lists a prefix of the vault with somebody's session.
func (l *layered) lists(p *person, prefix string) verdict {
	return l.listed(l.Profile.Cloud.S3Endpoint, l.storage(storage{p, service.Credentials, "read"}), l.Profile.Cloud.VaultBucket, prefix)
}

// looks are the guards of names and counts.
func looks() []guard {
	return []guard{
		refuses(atBroker, apierr.OperatorMismatch, func(l *layered) verdict {
			return l.send(l.with(httpd.Route{Role: "broker", Method: "POST", Path: api.PathCapCredList}, l.own.session, l.own.key).json(l.world, capRequest(l.own.operator, l.sibling.actor, "*"))).verdict
		}),
		refuses(atWorker, apierr.DeviceBindingMismatch, func(l *layered) verdict {
			c := l.use(l.own, service.CredList, storage{l.sibling, service.Credentials, "read"})
			c.token = l.capability(l.own, service.CredList, func(c *captoken.Request) { c.Actor = l.sibling.actor })
			return l.send(c).verdict
		}),
		refuses(byRole, apierr.StorageDenied, func(l *layered) (v verdict) {
			for _, prefix := range []string{"", "bots/", prefix(l.sibling, service.Credentials), prefix(l.own, service.Memory), "bots/" + l.own.actor.Key() + "/"} {
				if v = l.lists(l.own, prefix); v.code != apierr.StorageDenied {
					return v
				}
			}
			// What is absent and what is forbidden look the same.
			return l.direct(storage{l.own, service.Credentials, "read"}, l.sibling, service.Credentials, service.OpFetch)
		}),
	}
}

// moves are the guards of what lies in storage.
func moves() []guard {
	return []guard{
		refuses(atSigner, apierr.EnvelopeInvalid, func(l *layered) verdict {
			q := l.pass(l.sibling, classes()[0], service.CredFetch, service.CredFetch)
			q.Wrap = l.wrapOf(l.own, classes()[0])
			return l.released(dek.PathUnwrap, q).verdict
		}),
		refuses(atWorker, apierr.EnvelopeInvalid, func(l *layered) verdict { return l.fetchesForged() }),
		storageGuard(byRole, func(l *layered, op service.Op) verdict {
			return l.direct(storage{l.own, service.Credentials, "write"}, l.sibling, service.Credentials, op)
		}),
	}
}

// workerStrays are the guards against the host of one worker: it has its identity
// key, and the sessions that pass through it.
func workerStrays() []guard {
	return []guard{
		refuses(atSigner, apierr.CapDataClassMismatch, func(l *layered) verdict {
			return l.released(dek.PathNew, l.pass(l.own, classes()[0], service.MemoryPut, service.CredStore)).verdict
		}),
		refuses(atSigner, apierr.WorkerNotListed, func(l *layered) verdict {
			q := l.pass(l.own, classes()[0], service.CredStore, service.CredStore)
			q.Worker = l.workerSession("cred", service.Memory).Token()
			return l.released(dek.PathNew, q).verdict
		}),
		storageGuard(byRole, func(l *layered, op service.Op) verdict {
			return l.direct(storage{l.own, service.Credentials, "write"}, l.own, service.Memory, op)
		}),
		storageGuard(byBucket, func(l *layered, op service.Op) verdict {
			return l.direct(storage{l.own, service.Credentials, "write"}, l.own, service.Memory, op)
		}),
	}
}

// revoked are the guards after a revocation. Each host follows the chain by itself: it
// refuses within a poll of the block.
func revoked() []guard {
	until := func(who apierr.Layer, probe func(l *layered) verdict) func(l *layered) verdict {
		return func(l *layered) (v verdict) {
			for give := time.Now().Add(10 * time.Second); v.layer != who && time.Now().Before(give); {
				v = probe(l)
			}
			return v
		}
	}
	return []guard{
		refuses(atBroker, apierr.DeviceRevoked, until(apierr.LayerMint, func(l *layered) verdict {
			p := l.leaver()
			return l.send(l.with(httpd.Route{Role: "broker", Method: "POST", Path: api.PathCapCredFetch}, p.session, p.key).json(l.world, capRequest(p.operator, p.actor, "github"))).verdict
		})),
		refuses(atWorker, apierr.DeviceRevoked, until(apierr.LayerWorker, func(l *layered) verdict {
			return l.send(l.use(l.leaver(), service.CredStore, storage{l.leaver(), service.Credentials, "write"})).verdict
		})),
		refuses(atSigner, apierr.DeviceRevoked, until(apierr.LayerSigner, func(l *layered) verdict {
			return l.released(dek.PathNew, l.pass(l.leaver(), classes()[0], service.CredStore, service.CredStore)).verdict
		})),
	}
}

// leaver is an agent that had everything, and was revoked.
func (w *world) leaver() *person {
	w.t.Helper()
	return w.left.get("", func() *person {
		p := w.newAgent(w.master, "leaver", full)
		if a := w.send(w.use(p, service.CredStore, storage{p, service.Credentials, "write"})); a.code != "" {
			w.t.Fatalf("before it is revoked: %s", a.verdict)
		}
		if _, err := w.master.chain.RevokeAgent(w.t.Context(), p.device); err != nil {
			w.t.Fatal(err)
		}
		return p
	})
}

// forged are the guards against K1 in a thief's hands that is an agent itself, with
// the victim's storage session by K2.
func forged() []guard {
	as := func(l *layered) func(*captoken.Request) {
		return func(c *captoken.Request) { c.Operator, c.Actor = l.own.operator, l.own.actor }
	}
	return []guard{
		refuses(atWorker, apierr.DeviceBindingMismatch, func(l *layered) verdict {
			c := l.use(l.own, service.CredFetch, storage{l.own, service.Credentials, "read"})
			c.token, c.prover = l.capability(l.stranger, service.CredFetch, as(l)), l.stranger.key
			return l.send(c).verdict
		}),
		refuses(atSigner, apierr.DeviceBindingMismatch, func(l *layered) verdict {
			q := l.pass(l.stranger, classes()[0], service.CredFetch, service.CredFetch, as(l))
			q.Wrap = l.wrapOf(l.own, classes()[0])
			return l.released(dek.PathUnwrap, q).verdict
		}),
	}
}
