package isolation_test

import (
	"testing"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/devcloud"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/service"
)

// where is a place that refuses, by itself.
type where string

// The layers of SPEC section 1. The second one stands at two hosts that do not
// trust each other; the third one has two policies.
const (
	atBroker where = "1 broker"
	atWorker where = "2 worker"
	atSigner where = "2 signer"
	byTrust  where = "3 role trust"
	byRole   where = "3 role policy"
	byBucket where = "4 bucket"
)

// guard is one layer that refuses an attack, with what it must say. The probe
// reaches that layer although the ones before it are out of the way: with
// capabilities and web identities that K1 and K2 forged, with a storage session at
// storage itself, with a worker's identity key at the signer.
type guard struct {
	where where
	want  verdict
	probe func(l *layered) verdict
}

// attack is one row of docs/isolation.md.
type attack struct {
	name   string
	guards []guard
	// given is what the attack takes for granted of how the cloud is configured.
	given cloud
}

// cloud is a configuration under which rows are tried.
type cloud string

// As it is provisioned, without and with the addresses of workers, and with mistakes.
const (
	provisioned cloud = ""
	oneForAll   cloud = "one bucket for both classes"
	fenced      cloud = "storage answers the workers alone"
	mixedUp     cloud = "the memory worker names the bucket of credentials"
)

// layersOf are the worlds of these configurations, each made once.
func layersOf(t testing.TB) func(cloud) *layered {
	var worlds memo[cloud, *layered]
	return func(c cloud) *layered {
		return worlds.get(c, func() *layered {
			switch c {
			case provisioned:
				return newLayered(t)
			case fenced:
				return newLayered(t, workersAlone)
			}
			l := newLayered(t, oneBucket)
			if c == mixedUp { // who provisions has another profile than this host
				l.Profile.Cloud.MemoryBucket += "-memory"
				l.clouds = map[string]*devcloud.Cloud{}
				l.without()
			}
			return l
		})
	}
}

func refuses(w where, c apierr.Code, probe func(l *layered) verdict) guard {
	layer := map[where]apierr.Layer{
		atBroker: apierr.LayerMint, atWorker: apierr.LayerWorker, atSigner: apierr.LayerSigner, byTrust: apierr.LayerStorage, byRole: apierr.LayerStorage, byBucket: apierr.LayerStorage,
	}[w]
	if d, ok := apierr.Lookup(c); ok && d.Layer != apierr.LayerAnswering {
		layer = d.Layer
	}
	return guard{w, by(layer, c), probe}
}

// attacks are all rows.
func attacks() []attack {
	return []attack{
		{"an agent goes for the data of an agent of another operator", others(func(l *layered) *person { return l.stranger }), provisioned},
		{"an agent goes for the data of another agent of its operator", others(func(l *layered) *person { return l.sibling }), provisioned},
		{"a capability or session of one data class is used in the other", otherClass(), provisioned},
		{"credentials and memory were put into one bucket by mistake, and a capability, session or object of one class is used in the other", shares(), oneForAll},
		{"a worker's host names the bucket of the other class", astray(), mixedUp},
		{"an agent that may only read changes or removes", readerWrites(), provisioned},
		{"a master reads what it provisioned", masterReads(), provisioned},
		{"a capability is stolen on its way", []guard{
			refuses(atWorker, apierr.ProofInvalid, func(l *layered) verdict {
				c := l.use(l.own, service.CredFetch, storage{l.own, service.Credentials, "read"})
				c.prover = l.sibling.key
				return l.send(c).verdict
			}),
			refuses(atSigner, apierr.ProofInvalid, func(l *layered) verdict {
				q := l.pass(l.own, classes()[0], service.CredStore, service.CredStore)
				c := l.route(service.CredStore)
				c.token, c.prover = q.Capability, l.sibling.key
				q.Proof = c.prove(l.world)
				return l.released(dek.PathNew, q).verdict
			}),
		}, provisioned},
		{"a storage session is stolen, and used from elsewhere than a worker (where the profile names their addresses)", stolenSession(), fenced},
		{"a whole request is captured and sent again", replays(), provisioned},
		{"a token of another kind is shown", wrongKind(), provisioned},
		{"a service or a prefix is named so that it leaves the actor's folder", climbs(), provisioned},
		{"somebody asks what others have stored", looks(), provisioned},
		{"an object is moved to another actor's place, or forged there", moves(), provisioned},
		{"a worker's host asks for keys and objects of the other class", workerStrays(), provisioned},
		{"an agent that was revoked goes on with what it has in hand", revoked(), provisioned},
		{"K1 mints a capability for the victim under the thief's own device", forged(), provisioned},
	}
}

// others are the guards of an actor's data against another actor.
func others(of func(l *layered) *person) []guard {
	victim := func(l *layered) func(*captoken.Request) {
		v := of(l)
		return func(c *captoken.Request) { c.Operator, c.Actor = v.operator, v.actor }
	}
	return []guard{
		refuses(atBroker, apierr.OperatorMismatch, func(l *layered) verdict {
			v := of(l)
			return l.send(l.with(httpd.Route{Role: "broker", Method: "POST", Path: api.PathCapCredFetch}, l.own.session, l.own.key).json(l.world, capRequest(v.operator, v.actor, "github"))).verdict
		}),
		refuses(atBroker, apierr.OperatorMismatch, func(l *layered) verdict { return l.asksIdentity(l.own, of(l), service.Credentials, "read") }),
		refuses(atWorker, apierr.DeviceBindingMismatch, func(l *layered) verdict {
			c := l.use(l.own, service.CredFetch, storage{of(l), service.Credentials, "read"}) // with K2, also the session
			edit := victim(l)
			c.token = l.capability(l.own, service.CredFetch, func(r *captoken.Request) {
				if edit(r); of(l).operator == l.own.operator {
					r.Operator = l.own.operator
				}
			})
			return l.send(c).verdict
		}),
		refuses(atSigner, apierr.DeviceBindingMismatch, func(l *layered) verdict {
			return l.released(dek.PathNew, l.pass(l.own, classes()[0], service.CredStore, service.CredStore, victim(l))).verdict
		}),
		storageGuard(byRole, func(l *layered, op service.Op) verdict {
			return l.direct(storage{l.own, service.Credentials, "write"}, of(l), service.Credentials, op)
		}),
	}
}

// asksIdentity asks the broker for a web identity.
func (w *world) asksIdentity(caller, of *person, c service.Class, access string) verdict {
	return w.send(w.with(httpd.Route{Role: "broker", Method: "POST", Path: api.PathWebIdentity}, caller.session, caller.key).
		json(w, api.WebIdentityRequest{Class: c, Actor: of.actor, Access: access})).verdict
}

// direct goes to storage itself with a session.
func (l *layered) direct(s storage, owner *person, bucket service.Class, op service.Op) verdict {
	return l.touch(l.Profile.Cloud.S3Endpoint, l.storage(s), owner, bucket, op)
}

// storageGuard refuses every op at storage.
func storageGuard(w where, probe func(l *layered, op service.Op) verdict) guard {
	return refuses(w, apierr.StorageDenied, func(l *layered) verdict {
		var last verdict
		for _, op := range []service.Op{service.OpStore, service.OpFetch, service.OpList, service.OpTeardown} {
			if last = probe(l, op); last != by(apierr.LayerStorage, apierr.StorageDenied) {
				return last
			}
		}
		return last
	})
}

// otherClass are the guards between the classes, in both directions.
func otherClass() []guard {
	crossed := func(l *layered, op service.Op) verdict {
		if v := l.direct(storage{l.own, service.Credentials, "write"}, l.own, service.Memory, op); v.code == "" {
			return v
		}
		return l.direct(storage{l.own, service.Memory, "write"}, l.own, service.Credentials, op)
	}
	return []guard{
		refuses(atBroker, apierr.InvalidInput, func(l *layered) verdict {
			route := httpd.Route{Role: "broker", Method: "POST", Path: api.PathCapMemoryGet}
			return l.send(l.with(route, l.own.session, l.own.key).json(l.world, capRequest(l.own.operator, l.own.actor, "github"))).verdict
		}),
		refuses(atBroker, apierr.InvalidInput, func(l *layered) verdict {
			route := httpd.Route{Role: "broker", Method: "POST", Path: api.PathCapCredFetch}
			return l.send(l.with(route, l.own.session, l.own.key).json(l.world, capRequest(l.own.operator, l.own.actor, "memory:notes"))).verdict
		}),
		refuses(atWorker, apierr.CapDataClassMismatch, func(l *layered) (v verdict) {
			for _, at := range classes() {
				for _, a := range actions() {
					if at.worker == "" || a.Class == at.class {
						continue
					}
					c := l.use(l.own, action(at.class, a.Op), storage{l.own, at.class, "write"})
					c.token = l.capability(l.own, a)
					if v = l.send(c).verdict; v.code != apierr.CapDataClassMismatch {
						return v
					}
				}
			}
			return v
		}),
		refuses(atSigner, apierr.CapDataClassMismatch, func(l *layered) (v verdict) {
			for _, at := range classes() {
				for _, a := range actions() {
					if at.worker == "" || a.Class == at.class {
						continue
					}
					if v = l.released(dek.PathNew, l.pass(l.own, at, a, action(at.class, service.OpStore))).verdict; v.code != apierr.CapDataClassMismatch {
						return v
					}
				}
			}
			return v
		}),
		refuses(byTrust, apierr.StorageDenied, func(l *layered) verdict {
			_, err := l.exchange(l.webIdentity(storage{l.own, service.Credentials, "write"}), service.Memory, "write")
			if err == nil {
				return verdict{}
			}
			_, err = l.exchange(l.webIdentity(storage{l.own, service.Memory, "write"}), service.Credentials, "write")
			return of(err)
		}),
		storageGuard(byRole, crossed),
		storageGuard(byBucket, crossed),
	}
}

// readerWrites are the guards of the ops of a grant.
func readerWrites() []guard {
	return []guard{
		refuses(atBroker, apierr.ServiceNotInScope, func(l *layered) verdict {
			return l.send(l.with(httpd.Route{Role: "broker", Method: "POST", Path: api.PathCapCredStore}, l.reader.session, l.reader.key).
				json(l.world, capRequest(l.reader.operator, l.reader.actor, "github"))).verdict
		}),
		refuses(atBroker, apierr.ServiceNotInScope, func(l *layered) verdict { return l.asksIdentity(l.reader, l.reader, service.Credentials, "write") }),
		refuses(atWorker, apierr.CapOpMismatch, func(l *layered) verdict {
			c := l.use(l.reader, service.CredStore, storage{l.reader, service.Credentials, "write"})
			c.token = l.capability(l.reader, service.CredFetch)
			return l.send(c).verdict
		}),
		refuses(atWorker, apierr.ServiceNotInScope, func(l *layered) verdict { // K1 forged the op
			return l.send(l.use(l.reader, service.CredStore, storage{l.reader, service.Credentials, "write"})).verdict
		}),
		refuses(atSigner, apierr.CapOpMismatch, func(l *layered) verdict {
			return l.released(dek.PathNew, l.pass(l.reader, classes()[0], service.CredFetch, service.CredStore)).verdict
		}),
		refuses(atSigner, apierr.ServiceNotInScope, func(l *layered) verdict {
			return l.released(dek.PathNew, l.pass(l.reader, classes()[0], service.CredStore, service.CredStore)).verdict
		}),
		refuses(byRole, apierr.StorageDenied, func(l *layered) verdict {
			if v := l.direct(storage{l.reader, service.Credentials, "read"}, l.reader, service.Credentials, service.OpStore); v.code == "" {
				return v
			}
			return l.direct(storage{l.reader, service.Credentials, "read"}, l.reader, service.Credentials, service.OpTeardown)
		}),
	}
}

// masterReads are the guards of a credential against who provisioned it.
func masterReads() []guard {
	asMaster := func(l *layered) func(*captoken.Request) { return func(c *captoken.Request) { c.Actor = l.own.actor } }
	get := func(l *layered) verdict {
		return l.direct(storage{l.own, service.Credentials, "provision"}, l.own, service.Credentials, service.OpFetch)
	}
	return []guard{
		refuses(atBroker, apierr.DeviceBindingMismatch, func(l *layered) verdict {
			return l.send(l.with(httpd.Route{Role: "broker", Method: "POST", Path: api.PathCapCredFetch}, l.master.session, l.master.key).
				json(l.world, capRequest(l.own.operator, l.own.actor, "github"))).verdict
		}),
		refuses(atBroker, apierr.DeviceBindingMismatch, func(l *layered) verdict { return l.asksIdentity(l.master, l.own, service.Credentials, "read") }),
		refuses(atWorker, apierr.DeviceBindingMismatch, func(l *layered) verdict {
			c := l.use(l.own, service.CredFetch, storage{l.own, service.Credentials, "read"})
			c.token, c.prover = l.capability(l.master, service.CredFetch, asMaster(l)), l.master.key
			return l.send(c).verdict
		}),
		refuses(atSigner, apierr.DeviceBindingMismatch, func(l *layered) verdict {
			q := l.pass(l.master, classes()[0], service.CredFetch, service.CredFetch, asMaster(l))
			q.Wrap = l.wrapOf(l.own, classes()[0])
			return l.released(dek.PathUnwrap, q).verdict
		}),
		refuses(byTrust, apierr.StorageDenied, func(l *layered) verdict {
			_, err := l.exchange(l.webIdentity(storage{l.own, service.Credentials, "provision"}), service.Credentials, "read")
			return of(err)
		}),
		refuses(byRole, apierr.StorageDenied, get),
		refuses(byBucket, apierr.StorageDenied, get),
	}
}
