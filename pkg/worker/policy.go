package worker

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/authority"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// Route is what a worker says of one of its routes.
type Route[In any] struct {
	Action service.Action
	// Objects reads which objects the call is about: what the proof's obj must name,
	// in that order. nil: none. Its errors are for the caller, and nothing is built
	// from what it refuses.
	Objects func(*httpd.Call) ([]string, error)
	// Read reads what the handler needs, and refuses what the handler would refuse
	// for its shape: nothing that it refuses costs a use.
	Read func(*httpd.Call) (In, error)
	// Object is how storage names what the call is about; the zero Key: nothing by
	// itself, as for a list.
	Object func(g captoken.Grant, objects []string) blob.Key
}

// Granted is a call that passed every check of the worker: the only thing with
// which a handler can reach data keys and storage.
type Granted[In any] struct {
	captoken.Grant
	Decision authority.Decision
	// Session is the storage session that came with the call.
	Session sts.Credentials
	// Evidence is what the signer verifies again.
	Evidence keys.Evidence
	// Object is built from the capability's actor, never from anything else that the
	// caller sent; storage refuses a session of another actor.
	Object blob.Key
	// Event is the decision's, and durable waits for it: see [Granted.Keys] and [Done].
	Event   audit.Event
	durable func() error
	keys    keys.DataKeys
	In      In
}

// Keys are the data keys, which want the call's Evidence. They wait until the
// decision's event is durable.
func (g Granted[In]) Keys() keys.DataKeys { return after{g.keys, g.durable} }

// Subject implements httpd.Subject.
func (g Granted[In]) Subject() (operator, actor string) {
	return g.Operator().String(), g.Actor().String()
}

// Policy is the fixed order of checks (SPEC section 4). The body limit came before;
// data key and storage come after, in the handler. The last step is the decision's
// event: without it the use is spent, nothing changed, and nothing answered.
func Policy[In any](w *Worker, r Route[In]) httpd.Policy[Granted[In]] {
	return httpd.NewPolicy("capability+proof+sts", func(ctx context.Context, c *httpd.Call) (Granted[In], error) {
		g, err := verify(ctx, w, r, c)
		if err != nil {
			return Granted[In]{}, err
		}
		if err := decide(ctx, w, r, c, &g); err != nil {
			w.p.Audit.Denied(ctx, g.Event, err)
			return Granted[In]{}, err
		}
		g.keys = w.p.Keys
		g.durable, err = w.tell(ctx, r.Action, g.Event)
		return g, err
	}).For(r.Action).Refuses(refusals()...)
}

// refusals are the codes of [Policy].
func refusals() []apierr.Code {
	return slices.Concat(captoken.Refusals(), dpop.Refusals(), authority.CapabilityRefusals(),
		[]apierr.Code{apierr.STSHeadersIncomplete, apierr.CapUsed, apierr.StoreUnavailable, apierr.AuditUnavailable})
}

// verify is what comes up to the proof: nothing of it is told to the journal, for
// whoever holds no proof must not write there.
func verify[In any](ctx context.Context, w *Worker, r Route[In], c *httpd.Call) (g Granted[In], err error) {
	if g.Session, err = sts.ParseHeaders(c.Header); err != nil {
		return g, err
	}
	var objects []string
	if g.Grant, objects, g.Evidence, err = w.prove(ctx, c, r.Objects); err != nil {
		return g, err
	}
	g.Object = r.Object(g.Grant, objects)
	g.Event = w.event(g.Grant, g.Object, c.RequestID)
	return g, nil
}

// decide is what comes after the proof, up to the use: from here on every refusal
// stands in the journal of the capability's operator.
func decide[In any](ctx context.Context, w *Worker, r Route[In], c *httpd.Call, g *Granted[In]) (err error) {
	if err = g.Require(r.Action); err != nil {
		return err
	}
	if g.Decision, err = authority.AuthorizeCapability(ctx, w.p.View, g.Grant, r.Action, w.env.Now()); err != nil {
		return err
	}
	if g.In, err = r.Read(c); err != nil {
		return err
	}
	return w.consume(ctx, g.Grant)
}

// prove checks the capability, then the proof by the key of the device that it
// names, over this method, URL, token, body and objects.
func (w *Worker) prove(ctx context.Context, c *httpd.Call, objectsOf func(*httpd.Call) ([]string, error)) (grant captoken.Grant, objects []string, ev keys.Evidence, err error) {
	auth, ok := c.One("Authorization")
	token, scheme := strings.CutPrefix(auth, api.Scheme)
	if !ok || !scheme {
		return grant, nil, ev, apierr.New(apierr.CapInvalid, "send the capability once, as Authorization: DPoP <capability>")
	}
	if grant, err = w.caps.Verify(token); err != nil {
		return grant, nil, ev, err
	}
	proof, ok := c.One("DPoP")
	if !ok {
		return grant, nil, ev, apierr.New(apierr.ProofInvalid, "send one DPoP header with a proof by the device that the capability names")
	}
	if objectsOf != nil {
		if objects, err = objectsOf(c); err != nil {
			return grant, nil, ev, err
		}
	}
	_, err = w.proofs.Verify(ctx, proof, dpop.Expect{
		Method: c.Method, URL: c.URL, Token: token, Body: c.Body, Objects: objects, WantThumbprint: grant.Thumbprint(), WantDevice: grant.Device(),
	})
	ev = keys.Evidence{Capability: token, Proof: proof, Method: c.Method, URL: c.URL}
	if len(c.Body) > 0 {
		sum := sha256.Sum256(c.Body)
		ev.BodyHash = sum[:]
	}
	return grant, objects, ev, err
}
