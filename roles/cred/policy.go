package cred

import (
	"context"
	"crypto/sha256"
	"strings"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/authority"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// granted is a call that passed every check of the worker: the only thing
// with which a handler can reach data keys and storage.
type granted struct {
	captoken.Grant
	decision authority.Decision
	session  sts.Credentials
	evidence keys.Evidence
	event    audit.Event // the decision, once it is allowed
}

// Subject implements httpd.Subject.
func (g granted) Subject() (operator, actor string) {
	return g.Operator().String(), g.Actor().String()
}

// policy is the worker's fixed order of checks (SPEC section 4). The body
// limit came before; data key and storage come after, in the handler. The last
// step is the decision's event: without it the use is spent, and nothing touched.
func (w *Worker) policy(a service.Action) httpd.Policy[granted] {
	return httpd.NewPolicy("capability+proof+sts", func(ctx context.Context, c *httpd.Call) (granted, error) {
		creds, err := sts.ParseHeaders(c.Header)
		if err != nil {
			return granted{}, err
		}
		grant, ev, err := w.verify(ctx, c)
		if err != nil {
			return granted{}, err
		}
		g := granted{Grant: grant, session: creds, evidence: ev, event: w.event(grant, c.RequestID)}
		if g.decision, err = w.decide(ctx, c, grant, a); err != nil {
			w.audit.Denied(ctx, g.event, err)
			return granted{}, err
		}
		return g, w.audit.Allowed(ctx, g.event)
	}).For(a)
}

// decide is what comes after the proof, up to the use: from here on every refusal
// stands in the journal of the capability's operator.
func (w *Worker) decide(ctx context.Context, c *httpd.Call, g captoken.Grant, a service.Action) (authority.Decision, error) {
	if err := g.Require(a); err != nil {
		return authority.Decision{}, err
	}
	d, err := authority.AuthorizeCapability(ctx, w.view, g, a, w.env.Now())
	if err != nil {
		return d, err
	}
	// What the handler would refuse for its shape must not cost a use.
	if err := shape(a, c); err != nil {
		return d, err
	}
	return d, w.consume(ctx, g)
}

// verify checks the capability, then the proof by the key of the device that
// it names, over this method, URL, token and body.
func (w *Worker) verify(ctx context.Context, c *httpd.Call) (captoken.Grant, keys.Evidence, error) {
	auth, ok := c.One("Authorization")
	token, scheme := strings.CutPrefix(auth, api.Scheme)
	if !ok || !scheme {
		return captoken.Grant{}, keys.Evidence{}, apierr.New(apierr.CapInvalid, "send the capability once, as Authorization: DPoP <capability>")
	}
	grant, err := w.caps.Verify(token)
	if err != nil {
		return captoken.Grant{}, keys.Evidence{}, err
	}
	proof, ok := c.One("DPoP")
	if !ok {
		return captoken.Grant{}, keys.Evidence{}, apierr.New(apierr.ProofInvalid, "send one DPoP header with a proof by the device that the capability names")
	}
	_, err = w.proofs.Verify(ctx, proof, dpop.Expect{
		Method: c.Method, URL: c.URL, Token: token, Body: c.Body, WantThumbprint: grant.Thumbprint(), WantDevice: grant.Device(),
	})
	ev := keys.Evidence{Capability: token, Proof: proof, Method: c.Method, URL: c.URL}
	if len(c.Body) > 0 {
		sum := sha256.Sum256(c.Body)
		ev.BodyHash = sum[:]
	}
	return grant, ev, err
}

// shape refuses a store whose body is no credential, and a body where none
// belongs.
func shape(a service.Action, c *httpd.Call) error {
	media, _ := c.One("Content-Type")
	switch n := len(c.Body); {
	case a.Op != service.OpStore && n > 0:
		return apierr.New(apierr.InvalidInput, "this route takes no body")
	case a.Op != service.OpStore:
		return nil
	case n == 0:
		return apierr.New(apierr.InvalidInput, "an empty credential is not stored; to remove one: agentkeys cred teardown")
	case n > MaxCredential:
		return apierr.New(apierr.BodyTooLarge, "a credential has at most %d bytes, this one has %d", MaxCredential, n)
	case media != "application/octet-stream":
		return apierr.New(apierr.InvalidInput, "the credential must be sent once as Content-Type: application/octet-stream")
	}
	return nil
}
