package devcloud

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/pkg/sts"
)

const (
	stsAudience  = "sts.amazonaws.com"
	maxDocument  = 64 << 10
	issuerBudget = 10 * time.Second
	// refetchAfter bounds how often an unknown key makes us ask the issuer.
	refetchAfter = 2 * time.Second
	// keepKeys is how long a key counts that the issuer may have withdrawn.
	keepKeys = 5 * time.Minute
)

// issuer verifies web-identity tokens as STS does: by the issuer's own
// discovery document and key set.
type issuer struct {
	url, name, suffix string
	now               func() time.Time
	http              *http.Client

	// mu guards keys and fetched, and is held while the issuer is asked, so
	// that many tokens at once ask it once.
	mu      sync.Mutex
	keys    []crypto.PublicKey
	fetched time.Time
}

// identity is what a verified token says.
type identity struct {
	subject string
	tags    map[string]string
}

func newIssuer(url, account string, now func() time.Time, base *http.Client) (*issuer, error) {
	name, err := policy.ProviderOf(url)
	if err != nil {
		return nil, err
	}
	if err := sts.CheckEndpoint(url); err != nil {
		return nil, fmt.Errorf("issuer: %w", err)
	}
	return &issuer{
		url: url, name: name, suffix: ":iam::" + account + ":oidc-provider/" + name,
		now: now, http: sts.HTTPClient(base, maxDocument),
	}, nil
}

// arn is the provider's resource name in a role's partition.
func (i *issuer) arn(roleARN string) string {
	partition, _, _ := strings.Cut(strings.TrimPrefix(roleARN, "arn:"), ":")
	return "arn:" + partition + i.suffix
}

// verify checks signature, issuer, audience and time, and reads the tags.
func (i *issuer) verify(ctx context.Context, token string) (identity, error) {
	ctx, cancel := context.WithTimeout(ctx, issuerBudget)
	defer cancel()
	set := &keySet{issuer: i}
	v := oidc.NewVerifier(i.url, set, &oidc.Config{ClientID: stsAudience, SupportedSigningAlgs: []string{oidc.ES256}, Now: i.now})
	t, err := v.Verify(ctx, token)
	var expired *oidc.TokenExpiredError
	switch {
	case set.unreachable != nil:
		return identity{}, fmt.Errorf("%w: %w", faultIssuer, set.unreachable)
	case errors.As(err, &expired):
		return identity{}, faultExpiredIdentity
	case err != nil:
		return identity{}, fmt.Errorf("%w: %w", faultInvalidIdentity, err)
	case len(t.Audience) != 1, t.Subject == "":
		return identity{}, faultInvalidIdentity
	}
	var claims rawClaims
	if err := t.Claims(&claims); err != nil {
		return identity{}, faultInvalidIdentity
	}
	tags, err := readTags(claims)
	return identity{t.Subject, tags}, err
}

// rawClaims takes the claims as they were signed, for the strict decoder.
type rawClaims []byte

// UnmarshalJSON implements json.Unmarshaler.
func (r *rawClaims) UnmarshalJSON(b []byte) error { *r = append((*r)[:0], b...); return nil }

// keySet is the issuer's keys for one verification. It remembers when the
// issuer could not be asked, which the verifier's own error would hide.
type keySet struct {
	issuer      *issuer
	unreachable error
}

// VerifySignature implements oidc.KeySet. Keys that are not known yet are
// asked for, but not again and again; those that are, from time to time.
func (k *keySet) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	i := k.issuer
	i.mu.Lock()
	defer i.mu.Unlock()
	static := oidc.StaticKeySet{PublicKeys: i.keys}
	payload, err := static.VerifySignature(ctx, jwt)
	if stale := i.now().Sub(i.fetched).Abs() >= keepKeys; err == nil && !stale || !i.fetched.IsZero() && i.now().Sub(i.fetched).Abs() < refetchAfter {
		return payload, err
	}
	keys, err := i.fetch(ctx)
	if err != nil {
		k.unreachable = err
		return nil, err
	}
	i.keys, i.fetched = keys, i.now()
	static.PublicKeys = keys
	return static.VerifySignature(ctx, jwt)
}

// fetch reads the discovery document (go-oidc compares the issuer in it) and
// then the key set, which must be at the issuer's own origin.
func (i *issuer) fetch(ctx context.Context) ([]crypto.PublicKey, error) {
	p, err := oidc.NewProvider(oidc.ClientContext(ctx, i.http), i.url)
	if err != nil {
		return nil, err
	}
	var doc rawClaims
	if err := p.Claims(&doc); err != nil {
		return nil, err
	}
	var d struct {
		JWKS string `json:"jwks_uri"`
	}
	if err := strictjson.DecodeAnswer(doc, &d); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(d.JWKS, i.url+"/") {
		return nil, fmt.Errorf("jwks_uri %q is not below the issuer", d.JWKS)
	}
	body, err := i.read(ctx, d.JWKS)
	if err != nil {
		return nil, err
	}
	return parseJWKS(body)
}

func (i *issuer) read(ctx context.Context, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := i.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", url, resp.Status)
	}
	return io.ReadAll(resp.Body)
}

// parseJWKS keeps the keys that ES256 means: EC on P-256, for signatures.
// Another curve under the same algorithm would verify, too, in the library.
func parseJWKS(body []byte) ([]crypto.PublicKey, error) {
	var set struct {
		Keys []struct {
			Kty string `json:"kty"`
			Crv string `json:"crv"`
			Alg string `json:"alg"`
			Use string `json:"use"`
			X   string `json:"x"`
			Y   string `json:"y"`
		} `json:"keys"`
	}
	if err := strictjson.DecodeAnswer(body, &set); err != nil {
		return nil, err
	}
	var keys []crypto.PublicKey
	for _, k := range set.Keys {
		if k.Kty != "EC" || k.Crv != "P-256" || k.Alg != "" && k.Alg != "ES256" || k.Use != "" && k.Use != "sig" {
			continue
		}
		x, errX := base64.RawURLEncoding.Strict().DecodeString(k.X)
		y, errY := base64.RawURLEncoding.Strict().DecodeString(k.Y)
		if errX != nil || errY != nil || len(x) != 32 || len(y) != 32 {
			return nil, errors.New("a key whose coordinates are not 32 bytes each")
		}
		key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, x...), y...))
		if err != nil {
			return nil, fmt.Errorf("a key that is no point of its curve: %w", err)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, errors.New("no ES256 key is published")
	}
	return keys, nil
}
