// Package session is the broker's memory of a sign-in, carried by the client:
// a JWS (ES256 by K1, typ session+jwt) that names who signed in and with which
// device key.
//
// The laws that hold here:
//
//   - The broker issues, with an [Authority]; it and the audit role verify, with a
//     [Verifier] that knows K1's public half. Only Verify yields a [Session],
//     whose fields cannot be set from outside.
//   - A session is bound to the key that signed in (cnf.jkt). It is worth
//     nothing without a DPoP proof by that key, which package dpop checks.
//   - typ and aud are its own: a capability, which the same key signs, is
//     never a session, nor the reverse.
//   - It lives one hour. exp has no leeway; iat may lie up to [Leeway] in the
//     future.
//
// A session cannot be revoked by itself: every use asks the chain whether the
// device is active, and that is where a device is revoked.
package session

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

const (
	// Type is the typ of a session's header.
	Type = "session+jwt"
	// Audience is the aud of every session.
	Audience = "agentkeys-session"
	// Life is how long a session lasts.
	Life = time.Hour
	// Leeway is how far in the future a session may have been issued.
	Leeway = 5 * time.Second
)

// The kinds of identity that sign in, as the registry names them.
const (
	KindMaster = "master"
	KindAgent  = "agent"
)

// Subject is who signed in.
type Subject struct {
	Kind     string
	Operator omni.Operator
	Actor    omni.Actor
	// Device is the key hash of Address.
	Device     omni.DeviceKey
	Address    common.Address
	Thumbprint string // of the key that signed in
}

type claims struct {
	Issuer   string         `json:"iss"`
	Audience string         `json:"aud"`
	ID       string         `json:"jti"`
	Actor    omni.Actor     `json:"sub"`
	Operator omni.Operator  `json:"operator_omni"`
	Device   omni.DeviceKey `json:"device_key_hash"`
	Address  string         `json:"address"` // 0x and 40 lower-case hex characters
	Kind     string         `json:"kind"`
	Confirm  confirmation   `json:"cnf"`
	IssuedAt int64          `json:"iat"`
	Expires  int64          `json:"exp"`
}

type confirmation struct {
	JKT string `json:"jkt"`
}

// Session is a sign-in that Verify found genuine and alive.
type Session struct {
	c       claims
	address common.Address
}

// ID is the session's own identifier.
func (s Session) ID() string { return s.c.ID }

// Kind is KindMaster or KindAgent.
func (s Session) Kind() string { return s.c.Kind }

// Operator is the operator to which the device belonged at sign-in.
func (s Session) Operator() omni.Operator { return s.c.Operator }

// Actor is who signed in.
func (s Session) Actor() omni.Actor { return s.c.Actor }

// Device is the device key that signed in.
func (s Session) Device() omni.DeviceKey { return s.c.Device }

// Address is the EVM address of the device key.
func (s Session) Address() common.Address { return s.address }

// Thumbprint names the key that must prove itself at every use.
func (s Session) Thumbprint() string { return s.c.Confirm.JKT }

// ExpiresAt is the second from which the session is over.
func (s Session) ExpiresAt() time.Time { return time.Unix(s.c.Expires, 0) }

// Verifier verifies the sessions of one broker. It is safe for concurrent use.
type Verifier struct {
	keys   jose.KeySet
	issuer string
	now    func() time.Time
}

// NewVerifier believes sessions that a key of the set signed in the name of
// issuer.
func NewVerifier(keys jose.KeySet, issuer string, now func() time.Time) (*Verifier, error) {
	if len(keys.Keys()) == 0 || issuer == "" || now == nil {
		return nil, errors.New("session verifier: keys, issuer and clock are required")
	}
	return &Verifier{keys: keys, issuer: issuer, now: now}, nil
}

// Authority issues and verifies the sessions of one broker. It is safe for
// concurrent use.
type Authority struct {
	*Verifier
	key jose.PrivateKey
}

// New signs with K1 in the name of issuer. Sessions that others signed are believed,
// too: those of the last K1 after a rotation, until they are over.
func New(key jose.PrivateKey, issuer string, now func() time.Time, others ...jose.PublicKey) (*Authority, error) {
	keys, err := jose.NewKeySet(slices.Concat([]jose.PublicKey{key.Public()}, others)...)
	if err != nil {
		return nil, fmt.Errorf("session authority: %w", err)
	}
	v, err := NewVerifier(keys, issuer, now)
	if err != nil {
		return nil, fmt.Errorf("session authority: %w", err)
	}
	return &Authority{Verifier: v, key: key}, nil
}

// Issue makes the session of a subject whose signature was verified.
func (a *Authority) Issue(s Subject) (token string, expires time.Time, err error) {
	now := a.now().Unix()
	c := claims{
		Issuer: a.issuer, Audience: Audience, ID: jose.NewID(), Actor: s.Actor, Operator: s.Operator, Device: s.Device,
		Address: strings.ToLower(s.Address.Hex()), Kind: s.Kind, Confirm: confirmation{JKT: s.Thumbprint},
		IssuedAt: now, Expires: now + int64(Life/time.Second),
	}
	if _, err := c.check(); err != nil {
		return "", time.Time{}, fmt.Errorf("issuing a session: %w", err)
	}
	payload, err := strictjson.Encode(c)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("encoding a session: %w", err)
	}
	token, err = jose.Sign(a.key, Type, payload)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("signing a session: %w", err)
	}
	return token, time.Unix(c.Expires, 0), nil
}

// Verify checks form, signature, claims and time, in this order. What is not
// genuine is unauthorized; what is genuine but over, or not valid yet,
// session_expired.
func (v *Verifier) Verify(token string) (Session, error) {
	payload, err := v.keys.Verify(token, Type)
	if err != nil {
		return Session{}, unauthorized(err)
	}
	var c claims
	if err := strictjson.Decode(payload, &c); err != nil {
		return Session{}, unauthorized(err)
	}
	address, err := c.check()
	if err != nil {
		return Session{}, unauthorized(err)
	}
	if c.Issuer != v.issuer || c.Audience != Audience {
		return Session{}, unauthorized(errors.New("iss or aud is another's"))
	}
	now := v.now()
	switch {
	case time.Unix(c.IssuedAt, 0).After(now.Add(Leeway)):
		return Session{}, expired("the session is not valid yet; the clock of the broker was set back")
	case !now.Before(time.Unix(c.Expires, 0)):
		return Session{}, expired("the session ended at " + time.Unix(c.Expires, 0).UTC().Format(time.RFC3339))
	}
	return Session{c: c, address: address}, nil
}

// check holds of every session, whenever it is looked at.
func (c claims) check() (common.Address, error) {
	_, errIssued := jose.Date(c.IssuedAt)
	_, errExpires := jose.Date(c.Expires)
	life := c.Expires - c.IssuedAt
	address := common.HexToAddress(c.Address)
	switch {
	case errIssued != nil || errExpires != nil || life < 1 || life > int64(Life/time.Second):
		return address, errors.New("iat and exp do not make the lifetime of a session")
	case !jose.IsID(c.ID):
		return address, errors.New("jti is not a token identifier")
	case c.Operator.IsZero() || c.Actor.IsZero():
		return address, errors.New("sub or operator_omni is missing")
	case c.Kind != KindMaster && c.Kind != KindAgent:
		return address, errors.New("kind is neither master nor agent")
	case c.Address != strings.ToLower(address.Hex()):
		return address, errors.New("address is not 0x and 40 lower-case hex characters")
	case c.Device != omni.DeviceKeyOfAddress(address):
		return address, errors.New("device_key_hash is not that of address")
	case !jose.IsThumbprint(c.Confirm.JKT):
		return address, errors.New("cnf is not the thumbprint of a key")
	}
	return address, nil
}

func unauthorized(cause error) error {
	return apierr.Wrap(apierr.Unauthorized, cause, "the session token is not genuine").WithFix("agentkeys login")
}

func expired(detail string) error {
	return apierr.New(apierr.SessionExpired, "%s", detail).WithFix("agentkeys login")
}

// Refusals are the codes of [Verifier.Verify].
func Refusals() []apierr.Code { return []apierr.Code{apierr.Unauthorized, apierr.SessionExpired} }
