package signer

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"slices"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/authority"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/service"
)

// served is an action of a worker's route: its method and path, and how the
// object's key stands in it.
type served struct {
	action service.Action
	method string
	path   string
	keyed  bool // the object has a key, which the proof must name
	inPath bool // the key is the last segment of the path
}

// making and opening are the actions that need a fresh data key and one that
// exists. The op decides; what a worker asks for cannot.
func making() []served {
	return []served{
		{action: service.CredStore, method: http.MethodPost, path: api.PathCredStore},
		{action: service.MemoryPut, method: http.MethodPost, path: api.PathMemoryPut, keyed: true, inPath: true},
	}
}

func opening() []served {
	return []served{
		{action: service.CredFetch, method: http.MethodPost, path: api.PathCredFetch},
		{action: service.MemoryGet, method: http.MethodPost, path: api.PathMemoryGet, keyed: true, inPath: true},
		{action: service.EmailRead, method: http.MethodGet, path: api.PathEmailMessage, keyed: true, inPath: true},
	}
}

// released is a request that passed every check: the only thing with which a
// handler can reach the keyring.
type released struct {
	captoken.Grant
	request  dek.Request
	hash     [sha256.Size]byte
	peer     dek.Peer
	decision authority.Decision
	event    audit.Event
}

// Subject implements httpd.Subject.
func (r released) Subject() (operator, actor string) {
	return r.Operator().String(), r.Actor().String()
}

// binding names the object: everything but its key and version comes from the
// capability.
func (r released) binding() keys.Binding {
	return keys.Binding{
		Class: r.Class(), Operator: r.Operator(), Actor: r.Actor(), Service: r.ServiceName(),
		Key: r.request.Object.Key, Version: r.request.Object.Version,
	}
}

// release is the fixed order of checks: worker, capability, class, op, address,
// proof, chain; then the event is durable. Nothing is audited before the proof:
// whoever holds none must not write into an operator's journal.
func (s *Signer) release(actions func() []served) httpd.Policy[released] {
	return httpd.Reads[dek.Request](httpd.NewPolicy("worker+capability+proof", func(ctx context.Context, c *httpd.Call) (released, error) {
		req, err := httpd.JSON[dek.Request](c)
		if err != nil {
			return released{}, err
		}
		r := released{request: req, hash: dek.RequestHash(c.Path, c.Body, "")}
		var w worker
		if r.peer, w, err = s.identify(req.Worker); err != nil {
			return released{}, err
		}
		if r.Grant, err = s.caps.Verify(req.Capability); err != nil {
			return released{}, err
		}
		action, err := match(actions(), r.Grant, w)
		if err != nil {
			return released{}, err
		}
		if err := s.prove(ctx, r, action, w); err != nil {
			return released{}, err
		}
		r.event = s.event(r, c.RequestID)
		if r.decision, err = authority.AuthorizeCapability(ctx, s.p.View, r.Grant, action.action, s.env.Now()); err != nil {
			s.p.Audit.Denied(ctx, r.event, err)
			return released{}, err
		}
		return r, nil
	})).Refuses(slices.Concat(captoken.Refusals(), dpop.Refusals(), authority.CapabilityRefusals(), []apierr.Code{apierr.Unauthorized, apierr.WorkerNotListed})...)
}

// releaseRefusals are the codes of a handler that gives out a data key.
func releaseRefusals(more ...apierr.Code) []apierr.Code {
	return append(more, apierr.SignerUnavailable, apierr.AuditUnavailable)
}

// identify finds the worker that a session belongs to.
func (s *Signer) identify(session string) (dek.Peer, worker, error) {
	p, err := s.workers.Verify(session)
	switch {
	case errors.Is(err, dek.ErrUnlisted):
		return dek.Peer{}, worker{}, apierr.Wrap(apierr.WorkerNotListed, err, "this worker's identity key is not in the signer's list of workers").
			WithFix("agentkeys serve --role signer --signer-workers FILE")
	case err != nil:
		return dek.Peer{}, worker{}, apierr.Wrap(apierr.Unauthorized, err, "the worker's session does not prove who asks: %s", err)
	}
	w := s.p.Workers.by[p.Identity]
	if p.Class != string(w.class) {
		return dek.Peer{}, worker{}, apierr.New(apierr.WorkerNotListed, "worker %s is listed for class %s, not for %q", p.Identity, w.class, p.Class)
	}
	return p, w, nil
}

// match ties the capability to the class of the worker and to what the route
// does.
func match(actions []served, g captoken.Grant, w worker) (served, error) {
	if g.Class() != w.class {
		return served{}, apierr.New(apierr.CapDataClassMismatch, "the capability is for class %s, this worker is listed for %s", g.Class(), w.class)
	}
	for _, a := range actions {
		if a.action.Class == g.Class() && a.action.Op == g.Op() {
			return a, g.Require(a.action)
		}
	}
	return served{}, apierr.New(apierr.CapOpMismatch, "a capability to %s takes no such data key", g.Op())
}

// prove checks the proof over the worker's own request: made to an address of
// this worker, for this op, about this object, by the device that the
// capability names, once.
func (s *Signer) prove(ctx context.Context, r released, a served, w worker) error {
	key := r.request.Object.Key
	p := a.path
	if a.inPath {
		p += "/" + key
	}
	if r.request.Method != a.method || !slices.ContainsFunc(w.urls, func(origin string) bool { return origin+p == r.request.URL }) {
		return apierr.New(apierr.ProofInvalid, "the proof was made for a request that is not this worker's: it must be %s to %s%s", a.method, w.urls[0], a.path)
	}
	e := dpop.Expect{
		Method: r.request.Method, URL: r.request.URL, Token: r.request.Capability,
		WantThumbprint: r.Thumbprint(), WantDevice: r.Device(),
	}
	if a.keyed != (key != "") {
		return apierr.New(apierr.ProofObjectMismatch, "the object's key must be named for class %s, and only there", r.Class())
	}
	if a.keyed {
		// Ids of messages keep to the grammar of memory keys: what stands in the
		// name of an object and in an event.
		if _, err := service.ParseMemoryKey(key); err != nil {
			return apierr.Wrap(apierr.InvalidInput, err, "object.key names no object: %s", err)
		}
		e.Objects = []string{key}
	}
	if h := r.request.BodyHash; h != "" {
		sum, err := jose.DecodeSegment(h)
		if err != nil || len(sum) != sha256.Size {
			return apierr.New(apierr.InvalidInput, "body_sha256 is not the base64url of 32 bytes")
		}
		e.BodyHash = sum
	}
	_, err := s.proofs.Verify(ctx, r.request.Proof, e)
	return err
}
