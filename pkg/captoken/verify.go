package captoken

import (
	"errors"
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// Verifier checks capabilities against pinned keys. It fetches nothing: an
// unknown key costs a comparison. It is safe for concurrent use.
type Verifier struct {
	keys   jose.KeySet
	issuer string
	now    func() time.Time
}

// NewVerifier trusts the keys of K1 for tokens in the name of issuer.
func NewVerifier(keys jose.KeySet, issuer string, now func() time.Time) (*Verifier, error) {
	if len(keys.Thumbprints()) == 0 || issuer == "" || now == nil {
		return nil, fmt.Errorf("capability verifier: keys, issuer and clock are required")
	}
	return &Verifier{keys: keys, issuer: issuer, now: now}, nil
}

// Grant is a capability that Verify found genuine and within its lifetime.
// The zero Grant allows nothing.
type Grant struct{ facts }

// Verify checks form, signature, claims and time, in this order. What is not
// genuine is cap_invalid; what is genuine but too old or too new, cap_expired.
func (v *Verifier) Verify(token string) (Grant, error) {
	payload, err := v.keys.Verify(token, Type)
	if err != nil {
		return Grant{}, invalid(err)
	}
	var c claims
	if err := strictjson.Decode(payload, &c); err != nil {
		return Grant{}, invalid(err)
	}
	f, err := c.facts()
	if err != nil {
		return Grant{}, invalid(err)
	}
	if c.Issuer != v.issuer {
		return Grant{}, invalid(errors.New("iss is another issuer"))
	}
	now := v.now()
	switch {
	case time.Unix(c.NotBefore, 0).After(now.Add(Leeway)): // nbf is not before iat
		return Grant{}, apierr.New(apierr.CapExpired, "the capability is not valid yet; compare the clocks of this host and the broker")
	case !now.Before(time.Unix(c.Expires, 0)):
		return Grant{}, apierr.New(apierr.CapExpired, "the capability ended at %s; ask the broker for a new one", time.Unix(c.Expires, 0).UTC().Format(time.RFC3339))
	}
	return Grant{f}, nil
}

// facts checks what must hold of every capability, whenever and wherever.
func (c claims) facts() (facts, error) {
	for _, d := range []int64{c.IssuedAt, c.NotBefore, c.Expires} {
		if _, err := jose.Date(d); err != nil {
			return facts{}, fmt.Errorf("iat, nbf or exp: %w", err)
		}
	}
	life := c.Expires - c.IssuedAt
	switch {
	case life > MaxTTL:
		return facts{}, fmt.Errorf("exp is more than %d seconds after iat", MaxTTL)
	case c.NotBefore < c.IssuedAt || c.NotBefore >= c.Expires:
		return facts{}, errors.New("nbf is not between iat and exp")
	case !jose.IsID(c.ID):
		return facts{}, errors.New("jti is not a token identifier")
	case c.Uses < 1 || c.Uses > MaxUses:
		return facts{}, fmt.Errorf("uses is not 1 to %d", MaxUses)
	case c.Operator.IsZero() || c.Actor.IsZero() || c.Device.IsZero():
		return facts{}, errors.New("operator_omni, actor_omni or device_key_hash is missing")
	case c.Epoch == 0:
		return facts{}, errors.New("k3_epoch is missing")
	case !jose.IsThumbprint(c.Confirm.JKT):
		return facts{}, errors.New("cnf is not the thumbprint of a key")
	case c.Op == "":
		return facts{}, errors.New("op is missing")
	}
	name, err := c.target()
	return facts{c: c, name: name}, err
}

// target reads the service. It must be of the data class, which is how an
// unknown class is refused; only a list of credentials names none.
func (c claims) target() (service.Name, error) {
	if c.Service == service.Any {
		if c.Class != service.Credentials || c.Op != service.OpList {
			return service.Name{}, errors.New(`service "*" stands only in a list of credentials`)
		}
		return service.Name{}, nil
	}
	n, err := service.Parse(c.Service)
	if err != nil {
		return n, err
	}
	if n.Class() != c.Class {
		return n, fmt.Errorf("service %q is of class %s, data_class is %s", n, n.Class(), c.Class)
	}
	if c.Class == service.Credentials && c.Op == service.OpList {
		return n, errors.New(`a list of credentials names the service "*"`)
	}
	return n, nil
}

// Require refuses a grant that was minted for anything but this action: first
// the class, then the op, so that a capability of another worker is always
// told so.
func (g Grant) Require(a service.Action) error {
	switch {
	case g.c.ID == "":
		return apierr.New(apierr.CapInvalid, "no capability was verified")
	case g.c.Class != a.Class:
		return apierr.New(apierr.CapDataClassMismatch, "the capability is for class %s, this route serves %s", g.c.Class, a.Class)
	case g.c.Op != a.Op:
		return apierr.New(apierr.CapOpMismatch, "the capability allows %s, this route does %s", g.c.Op, a.Op)
	case a.Mutates && g.c.Uses != 1:
		return apierr.New(apierr.CapInvalid, "a capability to %s has exactly one use, this one has %d", a.Op, g.c.Uses)
	}
	return nil
}

func invalid(cause error) error {
	return apierr.Wrap(apierr.CapInvalid, cause, "the capability token is not genuine; ask the broker for a new one")
}

// Refusals are the codes of [Verifier.Verify] and [Grant.Require].
func Refusals() []apierr.Code {
	return []apierr.Code{apierr.CapInvalid, apierr.CapExpired, apierr.CapDataClassMismatch, apierr.CapOpMismatch}
}
