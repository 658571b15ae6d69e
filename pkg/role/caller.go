package role

import (
	"context"
	"strings"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/session"
)

// Caller is who presented a valid session and, for this very request, a proof by
// the key to which the session is bound. Only [SessionPolicy] makes one.
type Caller struct {
	session.Session
	// RequestID is that of the request's log line.
	RequestID string
}

// Subject implements httpd.Subject.
func (c Caller) Subject() (operator, actor string) {
	return c.Operator().String(), c.Actor().String()
}

// SessionPolicy verifies the session token, then the proof of its key over this
// method, URL, token and body (RFC 9449). The key must be that of the session's
// device as well: K1 could sign for any other one, and then speak for anybody at
// roles that are not the broker.
func SessionPolicy(sessions *session.Verifier, proofs *dpop.Verifier) httpd.Policy[Caller] {
	return httpd.NewPolicy("session+proof", func(ctx context.Context, c *httpd.Call) (Caller, error) {
		auth, ok := c.One("Authorization")
		token, scheme := strings.CutPrefix(auth, api.Scheme)
		if !ok || !scheme {
			return Caller{}, apierr.New(apierr.Unauthorized, "send the session once, as Authorization: DPoP <session>").WithFix("agentkeys login")
		}
		s, err := sessions.Verify(token)
		if err != nil {
			return Caller{}, err
		}
		proof, ok := c.One("DPoP")
		if !ok {
			return Caller{}, apierr.New(apierr.ProofInvalid, "send one DPoP header with a proof by the session's device key")
		}
		_, err = proofs.Verify(ctx, proof, dpop.Expect{
			Method: c.Method, URL: c.URL, Token: token, Body: c.Body, WantThumbprint: s.Thumbprint(), WantDevice: s.Device(),
		})
		return Caller{s, c.RequestID}, err
	}).Refuses(session.Refusals()...).Refuses(dpop.Refusals()...)
}
