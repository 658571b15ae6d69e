package maintenance

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/siwe"
)

// Config is what a signer is, and whom it lets maintain it.
type Config struct {
	// URL is its public origin, scheme://host[:port], from its configuration.
	URL     string
	ChainID uint64
	Now     func() time.Time
	// Admit decides whether an address that signed is the maintainer, and says
	// no with the error of its answer. It is asked before the proof is looked
	// at, so that who is nobody fills no replay guard.
	Admit func(ctx context.Context, a common.Address) error
}

// Call is one request as the signer sees it.
type Call struct {
	Token string // what Authorization carries, without the scheme
	Proof string // the value of the DPoP header
	// Method, and URL from the configured origin, without query and fragment.
	Method, URL string
	Body        []byte
}

// Signed is a request under a genuine maintenance session.
type Signed struct {
	address    common.Address
	thumbprint string
	expires    time.Time
}

// Address is the wallet's that signed the session, which Admit let in.
func (s Signed) Address() common.Address { return s.address }

// SessionThumbprint is the RFC 7638 thumbprint of the session key that proved
// itself.
func (s Signed) SessionThumbprint() string { return s.thumbprint }

// ExpiresAt is the second from which the session is over.
func (s Signed) ExpiresAt() time.Time { return s.expires }

// Verifier checks maintenance sessions. It is safe for concurrent use.
type Verifier struct {
	c      Config
	domain string
	proofs *dpop.Verifier
}

// NewVerifier remembers used proofs in guard.
func NewVerifier(guard dpop.Guard, c Config) (*Verifier, error) {
	host, err := domain(c.URL)
	if err != nil {
		return nil, fmt.Errorf("maintenance verifier: %w", err)
	}
	if c.ChainID == 0 || c.Admit == nil {
		return nil, errors.New("maintenance verifier: a chain id, and who is admitted, are required")
	}
	proofs, err := dpop.NewVerifier(guard, c.Now)
	if err != nil {
		return nil, fmt.Errorf("maintenance verifier: %w", err)
	}
	return &Verifier{c: c, domain: host, proofs: proofs}, nil
}

// Verify checks the token, its time, whether its wallet is admitted, and the
// proof, in this order, and uses the proof up. What is not genuine is
// unauthorized; what is over, or not valid yet, session_expired; who is not
// admitted gets Admit's error; the proof's are those of [dpop.Verifier.Verify].
func (v *Verifier) Verify(ctx context.Context, c Call) (Signed, error) {
	s, err := v.open(c.Token)
	if err != nil {
		return Signed{}, err
	}
	if err := v.c.Admit(ctx, s.address); err != nil {
		return Signed{}, err
	}
	if _, err := v.proofs.Verify(ctx, c.Proof, dpop.Expect{
		Method: c.Method, URL: c.URL, Token: c.Token, Body: c.Body, WantThumbprint: s.thumbprint,
	}); err != nil {
		return Signed{}, err
	}
	return s, nil
}

// open checks a token.
func (v *Verifier) open(token string) (Signed, error) {
	text, signature, err := parseToken(token)
	if err != nil {
		return Signed{}, unauthorized(err)
	}
	m, err := siwe.Parse(text)
	if err != nil {
		return Signed{}, unauthorized(err)
	}
	thumbprint, err := sessionKey(m.Statement)
	if err != nil {
		return Signed{}, unauthorized(err)
	}
	if !m.NotBefore.IsZero() {
		return Signed{}, unauthorized(errors.New("a maintenance session has no time before which it is not valid"))
	}
	// At its own time, so that what is not genuine and what is over differ.
	if _, err := siwe.Verify(text, signature, siwe.Expect{
		Domain: v.domain, URI: v.c.URL, ChainID: v.c.ChainID, Statement: statement(thumbprint), Now: m.IssuedAt,
	}); err != nil {
		return Signed{}, unauthorized(err)
	}
	now := v.c.Now()
	switch {
	case m.IssuedAt.After(now.Add(Leeway)):
		return Signed{}, apierr.New(apierr.SessionExpired, "the maintenance session was signed in the future; compare the clocks")
	case !now.Before(m.ExpiresAt):
		return Signed{}, apierr.New(apierr.SessionExpired, "the maintenance session ended at %s; sign again with the maintainer's wallet", m.ExpiresAt.Format(time.RFC3339))
	}
	return Signed{address: m.Address, thumbprint: thumbprint, expires: m.ExpiresAt}, nil
}

func unauthorized(cause error) error {
	return apierr.Wrap(apierr.Unauthorized, cause, "this is no maintenance session for this signer; sign with the maintainer's wallet for its URL and chain")
}

// Refusals are the codes of [Verifier.Verify], without those of who is admitted.
func Refusals() []apierr.Code {
	return append(dpop.Refusals(), apierr.Unauthorized, apierr.SessionExpired)
}
