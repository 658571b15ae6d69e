package isolation_test

import (
	"net"
	"net/http"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// Where workers call storage from, and another address of this machine.
const (
	ofWorkers = "127.0.0.1/32"
	ofThieves = "127.0.0.2"
)

// workersAlone has storage answer nobody but the workers.
func workersAlone(c *profile.Cloud) {
	c.WorkerSources = profile.WorkerSources{CIDRs: []string{ofWorkers}}
}

// away is a client that calls from elsewhere.
func (w *world) away() *http.Client {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(ofThieves)}}
	web := &http.Client{Transport: &http.Transport{DialContext: d.DialContext}}
	w.t.Cleanup(web.CloseIdleConnections)
	return web
}

// fromElsewhere goes to storage with a session, from an address that is no worker's.
func (l *layered) fromElsewhere(s storage, op service.Op) verdict {
	v := l.touches(l.s3By(l.away(), l.Profile.Cloud.S3Endpoint, l.storage(s)), s.of, s.class, op, "bytes")
	v.gave = ""
	return v
}

// stolenSession are the guards against who has a storage session of an agent, and
// neither its key nor a worker's address.
func stolenSession() []guard {
	return []guard{
		refuses(atWorker, apierr.ProofInvalid, func(l *layered) verdict { // with a capability from the same request
			c := l.use(l.own, service.CredFetch, storage{l.own, service.Credentials, "read"})
			c.prover = l.stranger.key
			return l.send(c).verdict
		}),
		refuses(atSigner, apierr.EnvelopeInvalid, func(l *layered) verdict { // for what it read, as the agent that it is itself
			q := l.pass(l.stranger, classes()[0], service.CredFetch, service.CredFetch)
			q.Wrap = l.wrapOf(l.own, classes()[0])
			return l.released(dek.PathUnwrap, q).verdict
		}),
		refuses(byRole, apierr.StorageDenied, func(l *layered) verdict { // through a worker, for its own capability
			return l.send(l.use(l.stranger, service.CredList, storage{l.own, service.Credentials, "read"})).verdict
		}),
		storageGuard(byBucket, func(l *layered, op service.Op) verdict {
			if v := l.fromElsewhere(storage{l.own, service.Memory, "write"}, op); v.code == "" {
				return v
			}
			return l.fromElsewhere(storage{l.own, service.Credentials, "write"}, op)
		}),
	}
}

// TestStorageAnswersTheWorkersAlone: where the profile names their addresses, every
// session of every kind is refused to who calls from elsewhere, and serves who does
// not. Roles are taken from anywhere.
func TestStorageAnswersTheWorkersAlone(t *testing.T) {
	l := newLayered(t, workersAlone)
	l.seed()
	l.unchanged()
	l.keep()
	for _, s := range storageSessions(l.own, l.reader, l.stranger) {
		for _, op := range []service.Op{service.OpStore, service.OpFetch, service.OpList, service.OpTeardown} {
			want := s.may(s.of, s.class, op)
			if got := l.direct(s, s.of, s.class, op); got != want {
				t.Errorf("%s, %s from a worker's address: %s, want %s", s, op, got, want)
			}
			if got := l.fromElsewhere(s, op); got != by(apierr.LayerStorage, apierr.StorageDenied) {
				t.Errorf("%s, %s from elsewhere: %s", s, op, got)
			}
		}
	}
	for _, s := range storageSessions(l.own) {
		from := must[*sts.Client](t)(sts.New(sts.Config{Endpoint: l.Profile.Cloud.STSEndpoint, Region: l.Profile.Cloud.Region, HTTPClient: l.away()}))
		if _, err := from.Exchange(t.Context(), sts.ExchangeRequest{
			RoleARN: l.Profile.Cloud.SessionRoleARN(s.class, s.access), WebIdentityToken: l.webIdentity(s), SessionName: "isolation",
		}); err != nil {
			t.Errorf("%s, taken from elsewhere: %v", s, err)
		}
	}
	// The policy is what refuses: in the same cloud without it the call arrives.
	l.without(byBucket)
	l.keep()
	for _, op := range []service.Op{service.OpStore, service.OpFetch, service.OpList, service.OpTeardown} {
		if got := l.fromElsewhere(storage{l.own, service.Credentials, "write"}, op); got != (verdict{}) {
			t.Errorf("%s from elsewhere, with no policy of the bucket: %s", op, got)
		}
	}
}
