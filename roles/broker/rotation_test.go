package broker_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	goidc "github.com/coreos/go-oidc/v3/oidc"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/devcloud"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/roles/broker"
)

// rotating is a broker that is started again and again, with other keys.
type rotating struct {
	*world
	parts broker.Parts
}

func newRotating(t *testing.T) *rotating {
	t.Helper()
	r := &rotating{}
	r.world = newWorld(t, func(p *broker.Parts) { r.parts = *p })
	return r
}

// restart serves with these keys at the address of the broker before.
func (r *rotating) restart(k1, k2 jose.PrivateKey, also broker.Rotation) {
	r.t.Helper()
	p := r.parts
	p.K1, p.K2, p.Rotation = k1, k2, also
	b, err := broker.New(role.Env{Now: r.clock.now, Log: zerolog.Nop(), URL: brokerURL, Profile: &profile.Profile{
		Environment: profile.Development, Chain: profile.Chain{ChainID: 1337}, CapIssuer: brokerURL, OIDCIssuer: brokerURL,
	}}, p)
	if err != nil {
		r.t.Fatal(err)
	}
	r.server = httpd.New(httpd.Options{Log: refused.Log(), Now: r.clock.now})
	b.Routes(r.server.Mux("broker", apierr.LayerMint, brokerURL))
	r.api = &api.Client{HTTP: &http.Client{Transport: handlerTransport{r.server, &r.receipt}}, Now: r.clock.now}
}

// RoundTrip asks whichever broker runs now.
func (r *rotating) RoundTrip(req *http.Request) (*http.Response, error) {
	return handlerTransport{r.server, &r.receipt}.RoundTrip(req)
}

func freshKey(t testing.TB, certified bool) jose.PrivateKey {
	t.Helper()
	k, err := jose.GenerateKey()
	if err == nil && certified {
		k, err = k.WithCertificate("test", time.Unix(1_800_000_000, 0))
	}
	if err != nil {
		t.Fatal(err)
	}
	return k
}

const account = "111122223333"

// cloud is the embedded one, which knows the broker by its URL alone.
func (r *rotating) cloud() *devcloud.Cloud {
	r.t.Helper()
	provider, err := policy.ProviderOf(brokerURL)
	if err != nil {
		r.t.Fatal(err)
	}
	set, err := policy.Render(policy.Params{
		Partition: "aws", AccountID: account, Provider: provider,
		Classes: []policy.Class{{Class: service.Credentials, Bucket: "vault-" + account, Role: "vault", ProvisionRole: "provision"}},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	c, err := devcloud.Open(devcloud.Config{
		Dir: r.t.TempDir(), Region: "us-east-1", AccountID: account, Issuer: brokerURL, Roles: set.Roles, Buckets: set.Buckets,
		Now: r.clock.now, HTTPClient: &http.Client{Transport: r},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = c.Close() })
	return c
}

// assume exchanges a token, and answers the error code of STS, empty for a session.
func assume(t testing.TB, c *devcloud.Cloud, token string) string {
	t.Helper()
	form := url.Values{
		"Action": {"AssumeRoleWithWebIdentity"}, "Version": {"2011-06-15"}, "RoleArn": {"arn:aws:iam::" + account + ":role/vault"},
		"RoleSessionName": {"test"}, "DurationSeconds": {"900"}, "WebIdentityToken": {token},
	}
	req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	c.Handler().ServeHTTP(w, req)
	_, rest, found := strings.Cut(w.Body.String(), "<Code>")
	code, _, _ := strings.Cut(rest, "</Code>")
	if found == strings.Contains(w.Body.String(), "<SessionToken>") {
		t.Errorf("%d: %s", w.Code, w.Body)
	}
	return code
}

// client is an independent OIDC client with a cache of its own.
func (r *rotating) client() *goidc.IDTokenVerifier {
	r.t.Helper()
	ctx := goidc.ClientContext(context.Background(), &http.Client{Transport: r})
	p, err := goidc.NewProvider(ctx, brokerURL)
	if err != nil {
		r.t.Fatal(err)
	}
	return p.Verifier(&goidc.Config{ClientID: oidc.Audience, SupportedSigningAlgs: []string{goidc.ES256}, Now: r.clock.now})
}

func (r *rotating) token() string {
	r.t.Helper()
	w, err := r.identity(r.mustLogin(r.agent), r.agent, api.WebIdentityRequest{Class: service.Credentials, Access: "read"})
	if err != nil {
		r.t.Fatal(err)
	}
	return w.Token
}

// published are the keys of a set by their kids, in their order.
func (r *rotating) published(path string) []string {
	r.t.Helper()
	b, err := r.api.Get(r.t.Context(), brokerURL+path)
	if err != nil {
		r.t.Fatal(err)
	}
	set, err := jose.ParseKeySet(b)
	if err != nil {
		r.t.Fatal(err)
	}
	return set.Thumbprints()
}

func (r *rotating) wantPublished(path string, keys ...jose.PrivateKey) {
	r.t.Helper()
	var want []string
	for _, k := range keys {
		want = append(want, k.Public().Thumbprint())
	}
	if got := r.published(path); strings.Join(got, " ") != strings.Join(want, " ") {
		r.t.Errorf("%s publishes %v, not %v", path, got, want)
	}
}

// TestK2Rotates: published, switched, withdrawn; judged by the embedded cloud and by
// an independent client, both of which cache what they fetched.
func TestK2Rotates(t *testing.T) {
	r := newRotating(t)
	last, next := r.k2, freshKey(t, true)
	cloud, cached := r.cloud(), r.client()
	accepted := func(what, token string) {
		t.Helper()
		if code := assume(t, cloud, token); code != "" {
			t.Errorf("%s: the cloud answers %s", what, code)
		}
		if _, err := cached.Verify(t.Context(), token); err != nil {
			t.Errorf("%s: the client: %v", what, err)
		}
	}
	accepted("before the rotation", r.token())

	r.restart(r.k1, last, broker.Rotation{K2: []jose.PublicKey{next.Public()}})
	r.wantPublished(oidc.PathJWKS, last, next)
	before := r.token()
	accepted("with the next key published", before)

	r.restart(r.k1, next, broker.Rotation{K2: []jose.PublicKey{last.Public()}})
	r.wantPublished(oidc.PathJWKS, next, last)
	r.clock.advance(3 * time.Second) // within which the cloud does not fetch twice
	accepted("the next key's, at those who cached the set of the last alone", r.token())
	accepted("the last key's, after the switch", before)
	r.clock.advance(oidc.Life - 5*time.Second)
	accepted("the last key's, until it ends", before)
	r.clock.advance(3 * time.Second)
	if code := assume(t, cloud, before); code != "ExpiredTokenException" {
		t.Errorf("after its end: %q", code)
	}

	// Whoever has the last key signs on; it is published no more.
	r.restart(r.k1, next, broker.Rotation{})
	r.wantPublished(oidc.PathJWKS, next)
	thief, err := oidc.New(brokerURL, last, r.clock.now)
	if err != nil {
		t.Fatal(err)
	}
	r.clock.advance(5 * time.Minute) // what the cloud cached counts no longer
	stolen, _, err := thief.Mint(oidc.Request{Class: service.Credentials, Operator: r.operator, Actor: r.actor, Access: oidc.AccessRead})
	if err != nil {
		t.Fatal(err)
	}
	if code := assume(t, cloud, stolen); code != "InvalidIdentityToken" {
		t.Errorf("a withdrawn key's: %q", code)
	}
	if _, err := r.client().Verify(t.Context(), stolen); err == nil {
		t.Error("a withdrawn key's verifies at a client that fetches")
	}
	accepted("the next key's, alone", r.token())
}

// TestK1Rotates: workers pin both for a while; sessions go on.
func TestK1Rotates(t *testing.T) {
	r := newRotating(t)
	last, next := r.k1, freshKey(t, false)
	verify := func(token string, pinned ...jose.PrivateKey) error {
		t.Helper()
		var keys []jose.PublicKey
		for _, k := range pinned {
			keys = append(keys, k.Public())
		}
		set, err := jose.NewKeySet(keys...)
		if err != nil {
			t.Fatal(err)
		}
		v, err := captoken.NewVerifier(set, brokerURL, r.clock.now)
		if err != nil {
			t.Fatal(err)
		}
		_, err = v.Verify(token)
		return err
	}
	capability := func(s api.Session) (string, error) {
		c, err := r.mint(t.Context(), api.PathCapCredFetch, s, r.agent, api.CapRequest{Operator: r.operator, Actor: r.actor, Service: "github"})
		return c.Token, err
	}
	r.restart(last, r.k2, broker.Rotation{K1: []jose.PublicKey{next.Public()}})
	r.wantPublished(api.PathCapJWKS, last, next)
	session := r.mustLogin(r.agent)
	old, err := capability(session)
	wantCode(t, "with the next key published", err, "")

	r.restart(next, r.k2, broker.Rotation{K1: []jose.PublicKey{last.Public()}})
	r.wantPublished(api.PathCapJWKS, next, last)
	fresh, err := capability(session)
	wantCode(t, "a session of the last key after the switch", err, "")
	wantCode(t, "the last key's at a worker that pins both", verify(old, last, next), "")
	wantCode(t, "the next key's at a worker that pins both", verify(fresh, last, next), "")
	wantCode(t, "the next key's at a worker that was forgotten", verify(fresh, last), apierr.CapInvalid)

	r.restart(next, r.k2, broker.Rotation{})
	r.wantPublished(api.PathCapJWKS, next)
	_, err = capability(session)
	wantCode(t, "a session of the withdrawn key", err, apierr.Unauthorized)
	wantCode(t, "the withdrawn key's at a worker that pins the next alone", verify(old, next), apierr.CapInvalid)
	_, err = capability(r.mustLogin(r.agent))
	wantCode(t, "after the next sign-in", err, "")
}

// TestRotationRefuses: one key, one use; one key, once; a K2 has a certificate.
func TestRotationRefuses(t *testing.T) {
	r := newRotating(t)
	bare := freshKey(t, false)
	for name, c := range map[string]struct {
		also broker.Rotation
		want string
	}{
		"none":                     {broker.Rotation{}, ""},
		"both":                     {broker.Rotation{K1: []jose.PublicKey{bare.Public()}, K2: []jose.PublicKey{freshKey(t, true).Public()}}, ""},
		"K1 beside K2":             {broker.Rotation{K2: []jose.PublicKey{r.k1.Public()}}, "K1 and K2 are the same key"},
		"K2 beside K1":             {broker.Rotation{K1: []jose.PublicKey{r.k2.Public()}}, "K1 and K2 are the same key"},
		"one key beside both":      {broker.Rotation{K1: []jose.PublicKey{bare.Public()}, K2: []jose.PublicKey{bare.Public()}}, "K1 and K2 are the same key"},
		"K1 beside itself":         {broker.Rotation{K1: []jose.PublicKey{r.k1.Public()}}, "is there twice"},
		"K2 beside itself":         {broker.Rotation{K2: []jose.PublicKey{r.k2.Public()}}, "is there twice"},
		"a K2 without certificate": {broker.Rotation{K2: []jose.PublicKey{bare.Public()}}, "has no certificate"},
	} {
		p := r.parts
		p.Rotation = c.also
		_, err := broker.New(role.Env{Now: r.clock.now, Log: zerolog.Nop(), URL: brokerURL, Profile: &profile.Profile{CapIssuer: brokerURL, OIDCIssuer: brokerURL}}, p)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
