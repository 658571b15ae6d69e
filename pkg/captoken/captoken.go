// Package captoken defines the capability token: what an agent shows a worker
// to prove that the broker, minutes ago, saw the operator's approval on chain.
//
// It is a JWS (ES256 by K1, typ cap+jwt) whose claims name the operator, the
// actor, the service, the data class and op that the minting route fixed, the
// device key and the thumbprint of the key that must prove itself at every use
// (RFC 7800 cnf, RFC 9449 jkt), the key epoch, a lifetime and a number of uses.
//
// The laws that hold here:
//
//   - Only [Verifier.Verify] yields a [Grant], and a Grant is what data keys
//     and storage want. Its fields cannot be set from outside.
//   - Every claim must be there, of its type and within its bounds; a claim
//     that this package does not know is refused. iss must be equal byte by
//     byte.
//   - iat and nbf may lie up to [Leeway] in the future, for clocks that
//     differ. exp has no leeway: at that second the token is over.
//   - A token that was minted for one class or op never passes [Grant.Require]
//     for another; one that mutates has exactly one use.
//
// It does not check the proof of possession (dpop), the chain (authority), how
// often the token was used (store), or whether its epoch was reached.
package captoken

import (
	"time"

	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// Type is the typ of a capability token's header.
const Type = "cap+jwt"

// The bounds of a capability token; times in seconds.
const (
	DefaultTTL = 300
	MinTTL     = 60
	MaxTTL     = 1800
	MaxUses    = 100
)

// Leeway is how far in the future a token may have been issued.
const Leeway = 5 * time.Second

// claims is the wire form.
type claims struct {
	Issuer    string         `json:"iss"`
	ID        string         `json:"jti"`
	IssuedAt  int64          `json:"iat"`
	NotBefore int64          `json:"nbf"`
	Expires   int64          `json:"exp"`
	Uses      int            `json:"uses"`
	Operator  omni.Operator  `json:"operator_omni"`
	Actor     omni.Actor     `json:"actor_omni"`
	Service   string         `json:"service"`
	Op        service.Op     `json:"op"`
	Class     service.Class  `json:"data_class"`
	Device    omni.DeviceKey `json:"device_key_hash"`
	Epoch     uint32         `json:"k3_epoch"`
	Confirm   confirmation   `json:"cnf"`
}

// confirmation names the key that must prove itself (RFC 9449 section 6.1).
type confirmation struct {
	JKT string `json:"jkt"`
}

// facts gives Minted and Grant their accessors. It is not exported, so that
// nobody outside can build a Grant out of a Minted.
type facts struct {
	c    claims
	name service.Name // zero for service.Any
}

// ID is the jti: what is consumed, once per use.
func (f facts) ID() string { return f.c.ID }

// Operator is who approved.
func (f facts) Operator() omni.Operator { return f.c.Operator }

// Actor is whose data it is about.
func (f facts) Actor() omni.Actor { return f.c.Actor }

// ServiceName is the service, or zero when the capability lists a whole class.
func (f facts) ServiceName() service.Name { return f.name }

// Class is the data class that the minting route fixed.
func (f facts) Class() service.Class { return f.c.Class }

// Op is the op that the minting route fixed.
func (f facts) Op() service.Op { return f.c.Op }

// Device is the device key that the chain must know as active.
func (f facts) Device() omni.DeviceKey { return f.c.Device }

// Thumbprint is the RFC 7638 thumbprint of the key that must prove itself.
func (f facts) Thumbprint() string { return f.c.Confirm.JKT }

// Epoch is the key epoch that the chain had reached at the mint.
func (f facts) Epoch() uint32 { return f.c.Epoch }

// Uses is how often the capability may be used in all.
func (f facts) Uses() int { return f.c.Uses }

// IssuedAt is the second of the mint.
func (f facts) IssuedAt() time.Time { return time.Unix(f.c.IssuedAt, 0) }

// ExpiresAt is the second from which the capability is over.
func (f facts) ExpiresAt() time.Time { return time.Unix(f.c.Expires, 0) }
