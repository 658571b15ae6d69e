// Package api holds what crosses the wire: paths, request and response types,
// and the typed client that speaks them. Servers and the client share these
// definitions; there is no second one.
package api

import (
	"errors"
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// Paths of the broker.
const (
	PathLoginStart  = "/v1/auth/wallet/start"
	PathLoginVerify = "/v1/auth/wallet/verify"
	PathWebIdentity = "/v1/mint-oidc-jwt"
	PathCapJWKS     = "/v1/cap/jwks.json"
	PathDiscovery   = "/.well-known/openid-configuration"
	PathJWKS        = "/.well-known/jwks.json"

	PathCapCredStore    = "/v1/cap/cred-store"
	PathCapCredFetch    = "/v1/cap/cred-fetch"
	PathCapCredList     = "/v1/cap/cred-list"
	PathCapCredTeardown = "/v1/cap/cred-teardown"

	PathCapMemoryPut      = "/v1/cap/memory-put"
	PathCapMemoryGet      = "/v1/cap/memory-get"
	PathCapMemoryList     = "/v1/cap/memory-list"
	PathCapMemoryTeardown = "/v1/cap/memory-teardown"
)

// Paths of the cred worker.
const (
	PathCredStore    = "/v1/cred/store"
	PathCredFetch    = "/v1/cred/fetch"
	PathCredList     = "/v1/cred/list"
	PathCredTeardown = "/v1/cred/teardown"
)

// Scheme of the Authorization header, for sessions and capabilities alike
// (RFC 9449 section 7.1).
const Scheme = "DPoP "

// LoginStart asks for a sign-in challenge for one address.
type LoginStart struct {
	Address string `json:"address" oas:"form=address"`
}

// Validate implements httpd's check of the input.
func (l LoginStart) Validate() error {
	if len(l.Address) != 42 {
		return errors.New("address must be 0x and 40 hex characters")
	}
	return nil
}

// LoginChallenge holds the fields of the ERC-4361 message to sign.
type LoginChallenge struct {
	Domain    string    `json:"domain"`
	URI       string    `json:"uri"`
	ChainID   uint64    `json:"chain_id"`
	Nonce     string    `json:"nonce"`
	Statement string    `json:"statement"`
	IssuedAt  time.Time `json:"issued_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

// LoginVerify presents the signed message.
type LoginVerify struct {
	Message   string `json:"message"`
	Signature string `json:"signature"` // 0x and 130 hex characters: r || s || v
}

// Session is the answer to a login.
type Session struct {
	Token     string         `json:"session"`
	ExpiresAt time.Time      `json:"expires_at"`
	Kind      string         `json:"kind"` // master | agent
	Operator  omni.Operator  `json:"operator_omni"`
	Actor     omni.Actor     `json:"actor_omni"`
	Device    omni.DeviceKey `json:"device_key_hash"`
}

// CapRequest asks for a capability. Class and op come from the route.
type CapRequest struct {
	Operator omni.Operator `json:"operator_omni"`
	Actor    omni.Actor    `json:"actor_omni"`
	Service  string        `json:"service" oas:"form=service"` // "*" for a list of credentials
	Uses     int           `json:"uses,omitzero" oas:"min=0,max=100"`
	TTL      int           `json:"ttl_seconds,omitzero" oas:"min=60,max=1800"`
}

// Validate refuses absent identifiers and values outside the token's bounds.
func (r CapRequest) Validate() error {
	switch {
	case r.Operator.IsZero():
		return errors.New("operator_omni is missing")
	case r.Actor.IsZero():
		return errors.New("actor_omni is missing")
	case r.Uses < 0 || r.Uses > captoken.MaxUses:
		return fmt.Errorf("uses must be 1 to %d", captoken.MaxUses)
	case r.TTL != 0 && (r.TTL < captoken.MinTTL || r.TTL > captoken.MaxTTL):
		return fmt.Errorf("ttl_seconds must be %d to %d", captoken.MinTTL, captoken.MaxTTL)
	}
	return nil
}

// Capability is a minted capability token.
type Capability struct {
	Token     string    `json:"capability"`
	ExpiresAt time.Time `json:"expires_at"`
	Uses      int       `json:"uses"`
}

// WebIdentityRequest asks for a token that STS exchanges for a session.
type WebIdentityRequest struct {
	Class service.Class `json:"class"`
	// Actor is the caller's own unless a master provisions for an agent.
	Actor  omni.Actor `json:"actor_omni,omitzero"`
	Access string     `json:"access,omitzero" oas:"enum=read|write|provision"` // read | write | provision; default: all that the grants allow
}

// Validate implements httpd's check of the input.
func (r WebIdentityRequest) Validate() error {
	if _, err := service.ParseClass(string(r.Class)); err != nil {
		return err
	}
	switch r.Access {
	case "", "read", "write", "provision":
		return nil
	}
	return errors.New("access must be read, write or provision")
}

// WebIdentity is the token and what it allows.
type WebIdentity struct {
	Token     string    `json:"web_identity_token"`
	ExpiresAt time.Time `json:"expires_at"`
	Access    string    `json:"access"`
}

// CredStored answers a store.
type CredStored struct {
	Service service.Name `json:"service"`
	Bytes   int          `json:"bytes"`
	Epoch   uint32       `json:"k3_epoch"`
}

// CredList answers a list.
type CredList struct {
	Credentials []CredEntry `json:"credentials"`
}

// CredEntry is one stored credential; its content is never part of a list.
type CredEntry struct {
	Service  service.Name `json:"service"`
	Size     int64        `json:"object_bytes"`
	Modified time.Time    `json:"modified"`
}

// CredTornDown answers a teardown.
type CredTornDown struct {
	Service service.Name `json:"service"`
}
