package captoken

import (
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// Request is what a capability is to say. The caller has decided already that
// it may be said.
type Request struct {
	Operator omni.Operator
	Actor    omni.Actor
	// Service is a service name of the action's class, or service.Any for a
	// list of credentials.
	Service string
	// Action comes from the route.
	Action service.Action
	Device omni.DeviceKey
	// JKT is the thumbprint of the key that must prove itself at every use.
	JKT   string
	Epoch uint32
	Uses  int           // 0 means 1
	TTL   time.Duration // 0 means DefaultTTL; whole seconds
}

// Minted says what a new capability says. It authorises nothing: only Verify
// yields a Grant.
type Minted struct{ facts }

// Minter makes capabilities. It is safe for concurrent use.
type Minter struct {
	key    jose.PrivateKey
	issuer string
	now    func() time.Time
}

// NewMinter signs with K1 in the name of issuer.
func NewMinter(key jose.PrivateKey, issuer string, now func() time.Time) (*Minter, error) {
	if key.Public().Thumbprint() == "" || issuer == "" || now == nil {
		return nil, fmt.Errorf("capability minter: key, issuer and clock are required")
	}
	return &Minter{key: key, issuer: issuer, now: now}, nil
}

// Mint makes a capability token. Values outside the bounds are invalid_input.
func (m *Minter) Mint(r Request) (string, Minted, error) {
	if r.Uses == 0 {
		r.Uses = 1
	}
	if r.TTL == 0 {
		r.TTL = DefaultTTL * time.Second
	}
	if err := r.check(); err != nil {
		return "", Minted{}, err
	}
	now := m.now().Unix()
	c := claims{
		Issuer: m.issuer, ID: jose.NewID(), IssuedAt: now, NotBefore: now, Expires: now + int64(r.TTL/time.Second),
		Uses: r.Uses, Operator: r.Operator, Actor: r.Actor, Service: r.Service, Op: r.Action.Op, Class: r.Action.Class,
		Device: r.Device, Epoch: r.Epoch, Confirm: confirmation{JKT: r.JKT},
	}
	f, err := c.facts()
	if err != nil {
		return "", Minted{}, apierr.Wrap(apierr.InvalidInput, err, "the capability would be refused by every worker: %s", err)
	}
	payload, err := strictjson.Encode(c)
	if err != nil {
		return "", Minted{}, fmt.Errorf("encoding a capability: %w", err)
	}
	token, err := jose.Sign(m.key, Type, payload)
	if err != nil {
		return "", Minted{}, fmt.Errorf("signing a capability: %w", err)
	}
	return token, Minted{f}, nil
}

// check holds the bounds of what may be asked for. What every token must be,
// asked for or not, is checked by claims.facts.
func (r Request) check() error {
	switch {
	case r.TTL < MinTTL*time.Second || r.TTL > MaxTTL*time.Second || r.TTL%time.Second != 0:
		return apierr.New(apierr.InvalidInput, "a capability lives %d to %d whole seconds", MinTTL, MaxTTL)
	case r.Uses < 1 || r.Uses > MaxUses:
		return apierr.New(apierr.InvalidInput, "a capability has 1 to %d uses", MaxUses)
	case r.Action.Mutates && r.Uses != 1:
		return apierr.New(apierr.InvalidInput, "a capability to %s has exactly one use", r.Action.Op)
	}
	return nil
}
