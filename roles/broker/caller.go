package broker

import (
	"context"
	"strings"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/session"
)

// caller is who presented a valid session and, for this very request, a proof
// by the key to which the session is bound. Only the session policy makes one.
type caller struct {
	session.Session
	requestID string
}

// Subject implements httpd.Subject.
func (c caller) Subject() (operator, actor string) {
	return c.Operator().String(), c.Actor().String()
}

// owns refuses a request that names another operator, or an actor that is
// neither the caller nor the caller's operator's. It reads nothing but the
// session: a stranger costs no chain read.
func (c caller) owns(op omni.Operator, actor omni.Actor) error {
	self := c.Actor() == actor || c.Actor() == omni.Self(op)
	if c.Operator() != op || !self {
		return apierr.New(apierr.OperatorMismatch, "this session is actor %s of operator %s; it asked for actor %s of operator %s",
			c.Actor().Short(), c.Operator().Short(), actor.Short(), op.Short()).WithFix("agentkeys login --as NAME")
	}
	return nil
}

// sessionPolicy verifies the session token, then the proof of its key over
// this method, URL, token and body (RFC 9449).
func (b *Broker) sessionPolicy() httpd.Policy[caller] {
	return httpd.NewPolicy("session+proof", func(ctx context.Context, c *httpd.Call) (caller, error) {
		auth, ok := c.One("Authorization")
		token, scheme := strings.CutPrefix(auth, api.Scheme)
		if !ok || !scheme {
			return caller{}, apierr.New(apierr.Unauthorized, "send the session once, as Authorization: DPoP <session>").WithFix("agentkeys login")
		}
		s, err := b.sessions.Verify(token)
		if err != nil {
			return caller{}, err
		}
		proof, ok := c.One("DPoP")
		if !ok {
			return caller{}, apierr.New(apierr.ProofInvalid, "send one DPoP header with a proof by the session's device key")
		}
		_, err = b.proofs.Verify(ctx, proof, dpop.Expect{
			Method: c.Method, URL: c.URL, Token: token, Body: c.Body, WantThumbprint: s.Thumbprint(),
		})
		return caller{s, c.RequestID}, err
	})
}
