// Package oidc is the issuer that cloud storage trusts: discovery document,
// key set, and the web-identity tokens that STS exchanges for a storage
// session (AssumeRoleWithWebIdentity).
//
// The laws that hold here:
//
//   - Tokens are signed by K2, a key of its own that signs nothing else; K1 is
//     never in this key set.
//   - A token names its holder in session tags only, as 64 hex characters that
//     passed the grammar of package omni: no wildcard and no separator ever
//     becomes a tag.
//   - What a session may reach is decided by class and access, which the role
//     policies pin, and which the caller has checked on chain.
//   - Keys rotate with overlap: the first key signs, all are published.
//
// It does not verify tokens: STS does.
package oidc

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

const (
	// Type is the typ of a web-identity token's header, as STS expects it.
	Type = "JWT"
	// Audience is the aud of every token.
	Audience = "sts.amazonaws.com"
	// Life is how long a token may be exchanged.
	Life = 300 * time.Second
	// TagsClaim is the claim from which STS takes session tags.
	TagsClaim = "https://aws.amazon.com/tags"
)

// The session tags.
const (
	TagActor    = "agentkeys_actor_omni"
	TagOperator = "agentkeys_operator_omni"
	TagClass    = "agentkeys_class"
	TagAccess   = "agentkeys_access"
	TagMailFrom = "agentkeys_mail_from"
)

// Paths below the issuer's URL.
const (
	PathDiscovery = "/.well-known/openid-configuration"
	PathJWKS      = "/.well-known/jwks.json"
)

// Access is what a storage session may do with the objects of its class.
type Access string

// The kinds of access.
const (
	AccessRead      Access = "read"
	AccessWrite     Access = "write"
	AccessProvision Access = "provision" // put and delete, never get
)

// Request is whose session it is and what it may do.
type Request struct {
	Class    service.Class
	Operator omni.Operator
	Actor    omni.Actor
	Access   Access
	// MailFrom is the email: service whose address may send, or zero.
	MailFrom service.Name
}

type claims struct {
	Issuer   string `json:"iss"`
	Audience string `json:"aud"`
	Subject  string `json:"sub"`
	ID       string `json:"jti"`
	IssuedAt int64  `json:"iat"`
	Expires  int64  `json:"exp"`
	Tags     tags   `json:"https://aws.amazon.com/tags"`
}

type tags struct {
	Principal  map[string][]string `json:"principal_tags"`
	Transitive []string            `json:"transitive_tag_keys"`
}

// Issuer mints web-identity tokens. It is safe for concurrent use.
type Issuer struct {
	url  string
	key  jose.PrivateKey
	keys jose.KeySet
	now  func() time.Time
}

// OpenKey loads a K2 with its certificate; when the file is missing and create
// is set, it makes one.
func OpenKey(path string, create bool, now func() time.Time) (jose.PrivateKey, error) {
	if !create {
		return jose.LoadKey(path)
	}
	return jose.OpenKey(path, func() (jose.PrivateKey, error) {
		k, err := jose.GenerateKey()
		if err != nil {
			return k, err
		}
		return k.WithCertificate("AgentKeys OIDC issuer", now())
	})
}

// New makes the issuer at url. K2 signs; the others are published beside it:
// the next key before it signs, the last one until its tokens are over. Every
// key needs its certificate.
func New(url string, k2 jose.PrivateKey, now func() time.Time, others ...jose.PublicKey) (*Issuer, error) {
	if url == "" || strings.HasSuffix(url, "/") || now == nil {
		return nil, errors.New("OIDC issuer: a URL without slash at its end and a clock are required")
	}
	all := slices.Concat([]jose.PublicKey{k2.Public()}, others)
	keys, err := jose.NewKeySet(all...)
	if err != nil {
		return nil, fmt.Errorf("OIDC issuer: %w", err)
	}
	for _, k := range all {
		if k.Certificate() == nil {
			return nil, fmt.Errorf("OIDC issuer: key %s has no certificate", k.Thumbprint())
		}
	}
	return &Issuer{url: url, key: k2, keys: keys, now: now}, nil
}

// Discovery is the document at PathDiscovery (OpenID Connect Discovery 1.0,
// section 3), with the members that an issuer without a login page has.
type Discovery struct {
	Issuer        string   `json:"issuer"`
	JWKSURI       string   `json:"jwks_uri"`
	ResponseTypes []string `json:"response_types_supported"`
	SubjectTypes  []string `json:"subject_types_supported"`
	Algorithms    []string `json:"id_token_signing_alg_values_supported"`
	Claims        []string `json:"claims_supported"`
}

// Discovery returns the discovery document.
func (i *Issuer) Discovery() Discovery {
	return Discovery{
		Issuer: i.url, JWKSURI: i.url + PathJWKS,
		ResponseTypes: []string{"id_token"}, SubjectTypes: []string{"public"}, Algorithms: []string{"ES256"},
		Claims: []string{"iss", "aud", "sub", "jti", "iat", "exp", TagsClaim},
	}
}

// JWKS returns the key set; the key that signs comes first.
func (i *Issuer) JWKS() jose.JWKS { return i.keys.JWKS() }

// Mint makes a web-identity token.
func (i *Issuer) Mint(r Request) (token string, expires time.Time, err error) {
	if err := r.check(); err != nil {
		return "", time.Time{}, err
	}
	now := i.now().Unix()
	c := claims{
		Issuer: i.url, Audience: Audience, Subject: r.Actor.Key(), ID: jose.NewID(),
		IssuedAt: now, Expires: now + int64(Life/time.Second), Tags: r.tags(),
	}
	payload, err := strictjson.Encode(c)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("encoding a web-identity token: %w", err)
	}
	token, err = jose.Sign(i.key, Type, payload)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("signing a web-identity token: %w", err)
	}
	return token, time.Unix(c.Expires, 0), nil
}

// check refuses what must never become a session tag.
func (r Request) check() error {
	if _, err := service.ParseClass(string(r.Class)); err != nil {
		return apierr.Wrap(apierr.InvalidInput, err, "%s", err)
	}
	switch {
	case r.Operator.IsZero() || r.Actor.IsZero():
		return apierr.New(apierr.InvalidInput, "a web-identity token needs an operator and an actor")
	case r.Access != AccessRead && r.Access != AccessWrite && r.Access != AccessProvision:
		return apierr.New(apierr.InvalidInput, "access is read, write or provision")
	case !r.MailFrom.IsZero() && (r.Class != service.Email || r.MailFrom.Class() != service.Email):
		return apierr.New(apierr.InvalidInput, "mail_from is an email: service and goes with class email")
	}
	return nil
}

// tags are all transitive: a session that assumes a further role keeps them.
func (r Request) tags() tags {
	t := tags{Principal: map[string][]string{
		TagActor: {r.Actor.Key()}, TagOperator: {r.Operator.Key()},
		TagClass: {string(r.Class)}, TagAccess: {string(r.Access)},
	}, Transitive: []string{TagActor, TagOperator, TagClass, TagAccess}}
	if !r.MailFrom.IsZero() {
		_, address, _ := strings.Cut(r.MailFrom.String(), ":")
		t.Principal[TagMailFrom] = []string{address}
		t.Transitive = append(t.Transitive, TagMailFrom)
	}
	return t
}
