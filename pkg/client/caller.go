// Package client is what an agent's or an operator's program does to use a
// secret: sign in, mint a capability, exchange a web identity for a storage
// session, call the worker. The command line and the demo are built on it.
//
// Sessions are renewed silently: a cached one that the broker calls expired is
// replaced once, and so is a web identity that storage's session service may have
// refused because the issuer's key changed meanwhile. Nothing else is retried: a
// refusal is an answer.
package client

import (
	"context"
	"crypto/ecdsa"
	"fmt"
	"net/url"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/siwe"
	"github.com/litentry/agentkeys/pkg/sts"
)

// renewBefore is how long before its end a cached session counts as over.
const renewBefore = 30 * time.Second

// Cache keeps sessions between processes. A cache that fails behaves as
// empty: it may cost a sign-in, never a refusal.
type Cache interface {
	Session() (api.Session, bool)
	SaveSession(api.Session)
	DropSession()
	Storage(StorageKey) (sts.Credentials, bool)
	SaveStorage(StorageKey, sts.Credentials)
	DropStorage(StorageKey)
}

// StorageKey names one storage session.
type StorageKey struct {
	Class  service.Class
	Actor  omni.Actor
	Access string // read | write | provision
}

// Hosts are the addresses that a caller uses.
type Hosts struct {
	Broker, Cred string
	// Memory and Audit are empty where the profile names none.
	Memory, Audit string
	// Role is the ARN of the storage role for a class and access, empty where the
	// profile names none.
	Role func(class service.Class, access string) string
}

// Caller is one identity that calls. It is safe for concurrent use if its
// Cache is.
type Caller struct {
	API   *api.Client
	STS   *sts.Client
	Hosts Hosts
	Key   *ecdsa.PrivateKey
	Cache Cache
	// Versions remembers memories; nil: nothing is remembered.
	Versions Versions
	Now      func() time.Time
}

// Login signs in with the device key and caches the session.
func (c *Caller) Login(ctx context.Context) (api.Session, error) {
	addr := crypto.PubkeyToAddress(c.Key.PublicKey)
	ch, err := api.PostJSON[api.LoginChallenge](ctx, c.API, api.Request{URL: c.Hosts.Broker + api.PathLoginStart}, api.LoginStart{Address: addr.Hex()})
	if err != nil {
		return api.Session{}, err
	}
	// The challenge comes from a server: what it asks to sign must be a
	// sign-in to the host that was dialled, not to another one.
	if u, err := url.Parse(c.Hosts.Broker); err != nil || ch.Domain != u.Host || ch.URI != c.Hosts.Broker {
		return api.Session{}, fmt.Errorf("the broker at %s asks for a sign-in to %q: refused to sign", c.Hosts.Broker, ch.Domain)
	}
	m := siwe.Message{
		Domain: ch.Domain, Address: addr, Statement: ch.Statement, URI: ch.URI, ChainID: ch.ChainID,
		Nonce: ch.Nonce, IssuedAt: ch.IssuedAt, ExpiresAt: ch.ExpiresAt,
	}
	text, sig, err := siwe.Sign(c.Key, m)
	if err != nil {
		return api.Session{}, fmt.Errorf("signing in: %w", err)
	}
	s, err := api.PostJSON[api.Session](ctx, c.API, api.Request{URL: c.Hosts.Broker + api.PathLoginVerify}, api.LoginVerify{Message: text, Signature: sig})
	if err != nil {
		return api.Session{}, err
	}
	c.Cache.SaveSession(s)
	return s, nil
}

// Session returns the cached session, or signs in.
func (c *Caller) Session(ctx context.Context) (api.Session, error) {
	if s, ok := c.Cache.Session(); ok && c.Now().Before(s.ExpiresAt.Add(-renewBefore)) {
		return s, nil
	}
	return c.Login(ctx)
}

// withSession runs f with a session, and once more with a fresh one if the
// broker no longer accepts the cached one.
func withSession[T any](ctx context.Context, c *Caller, f func(api.Session) (T, error)) (T, error) {
	var none T
	s, err := c.Session(ctx)
	if err != nil {
		return none, err
	}
	out, err := f(s)
	switch apierr.CodeOf(err) {
	case apierr.SessionExpired, apierr.Unauthorized:
		c.Cache.DropSession()
		if s, err = c.Login(ctx); err != nil {
			return none, err
		}
		return f(s)
	}
	return out, err
}

// Mint asks the broker for a capability at one of the mint paths.
func (c *Caller) Mint(ctx context.Context, path string, r api.CapRequest) (api.Capability, error) {
	return withSession(ctx, c, func(s api.Session) (api.Capability, error) {
		if r.Operator.IsZero() {
			r.Operator = s.Operator
		}
		if r.Actor.IsZero() {
			r.Actor = s.Actor
		}
		return api.PostJSON[api.Capability](ctx, c.API, api.Request{URL: c.Hosts.Broker + path, Token: s.Token, Key: c.Key}, r)
	})
}

// WebIdentity asks the broker for a token that STS exchanges.
func (c *Caller) WebIdentity(ctx context.Context, r api.WebIdentityRequest) (api.WebIdentity, error) {
	return withSession(ctx, c, func(s api.Session) (api.WebIdentity, error) {
		return api.PostJSON[api.WebIdentity](ctx, c.API, api.Request{URL: c.Hosts.Broker + api.PathWebIdentity, Token: s.Token, Key: c.Key}, r)
	})
}

// Storage returns a storage session for an actor, cached until shortly before
// its end.
func (c *Caller) Storage(ctx context.Context, r api.WebIdentityRequest) (sts.Credentials, error) {
	k := StorageKey{Class: r.Class, Actor: r.Actor, Access: r.Access}
	if creds, ok := c.Cache.Storage(k); ok && c.Now().Before(creds.Expires.Add(-renewBefore)) {
		return creds, nil
	}
	creds, err := c.exchange(ctx, r)
	if outrun(err) {
		creds, err = c.exchange(ctx, r)
	}
	if err != nil {
		return sts.Credentials{}, err
	}
	c.Cache.SaveStorage(k, creds)
	return creds, nil
}

// exchange has a token minted and exchanges it.
func (c *Caller) exchange(ctx context.Context, r api.WebIdentityRequest) (sts.Credentials, error) {
	w, err := c.WebIdentity(ctx, r)
	if err != nil {
		return sts.Credentials{}, err
	}
	arn := c.Hosts.Role(r.Class, w.Access)
	if arn == "" {
		return sts.Credentials{}, fmt.Errorf("the profile names no storage role for class %s and access %q", r.Class, w.Access)
	}
	return c.STS.Exchange(ctx, sts.ExchangeRequest{RoleARN: arn, WebIdentityToken: w.Token, SessionName: "agentkeys"})
}

// outrun reports whether a token may have been refused because the issuer changed
// its key between mint and exchange, so that another one is worth the try: a session
// service that knows one key of an issuer at a time (Ceph RGW) believes the last
// key's no more from that moment on. Its refusals have no code that could be read,
// whatever they are about; whoever gives one and another reason is not asked again.
func outrun(err error) bool {
	if apierr.CodeOf(err) != apierr.StorageDenied {
		return false
	}
	status, code := sts.Refusal(err)
	if status == 0 { // not the session service's
		return false
	}
	switch code {
	case "", "UnknownError", "InvalidIdentityToken":
		return true
	}
	return false
}
