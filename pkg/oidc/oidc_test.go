package oidc_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	goidc "github.com/coreos/go-oidc/v3/oidc"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

var start = time.Unix(1_800_000_000, 0)

func clock() time.Time { return start }

func newKey(t testing.TB) jose.PrivateKey {
	t.Helper()
	k, err := oidc.OpenKey(filepath.Join(t.TempDir(), "k2.pem"), true, clock)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// serve publishes an issuer over HTTP, as the broker does.
func serve(t testing.TB, k2 jose.PrivateKey, others ...jose.PublicKey) (*oidc.Issuer, string) {
	t.Helper()
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	i, err := oidc.New(srv.URL, k2, clock, others...)
	if err != nil {
		t.Fatal(err)
	}
	for path, v := range map[string]any{oidc.PathDiscovery: i.Discovery(), oidc.PathJWKS: i.JWKS()} {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(b)
		})
	}
	return i, srv.URL
}

func verifier(t testing.TB, url string, now time.Time) *goidc.IDTokenVerifier {
	t.Helper()
	p, err := goidc.NewProvider(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	return p.Verifier(&goidc.Config{ClientID: "sts.amazonaws.com", Now: func() time.Time { return now }})
}

func request() oidc.Request {
	return oidc.Request{Class: service.Credentials, Operator: omni.OperatorOfWallet([20]byte{1}), Actor: omni.ActorOfWallet([20]byte{2}), Access: oidc.AccessRead}
}

// tagsOf reads the claim as STS does.
func tagsOf(t testing.TB, token *goidc.IDToken) (principal map[string][]string, transitive []string) {
	t.Helper()
	var c struct {
		Tags struct {
			Principal  map[string][]string `json:"principal_tags"`
			Transitive []string            `json:"transitive_tag_keys"`
		} `json:"https://aws.amazon.com/tags"`
	}
	if err := token.Claims(&c); err != nil {
		t.Fatal(err)
	}
	return c.Tags.Principal, c.Tags.Transitive
}

// go-oidc, an implementation that is not ours, finds the keys by discovery and
// verifies what we mint.
func TestMintThenVerifyByDiscovery(t *testing.T) {
	i, url := serve(t, newKey(t))
	mail, err := service.Parse("email:bot@agents.example.com")
	if err != nil {
		t.Fatal(err)
	}
	send := request()
	send.Class, send.Access, send.MailFrom = service.Email, oidc.AccessWrite, mail
	for name, r := range map[string]oidc.Request{"read": request(), "send": send} {
		raw, expires, err := i.Mint(r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := verifier(t, url, start).Verify(context.Background(), raw)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got.Issuer != url || !slices.Equal(got.Audience, []string{"sts.amazonaws.com"}) || got.Subject != r.Actor.Key() ||
			!got.Expiry.Equal(expires) || !expires.Equal(start.Add(300*time.Second)) || !got.IssuedAt.Equal(start) {
			t.Errorf("%s: %+v", name, got)
		}
		want := map[string]string{
			"agentkeys_actor_omni": r.Actor.Key(), "agentkeys_operator_omni": r.Operator.Key(), "agentkeys_class": string(r.Class), "agentkeys_access": string(r.Access),
		}
		if name == "send" {
			want["agentkeys_mail_from"] = "bot@agents.example.com"
		}
		tags, transitive := tagsOf(t, got)
		if len(tags) != len(want) || len(transitive) != len(want) {
			t.Errorf("%s: %v %v", name, tags, transitive)
		}
		for k, v := range want {
			if !slices.Equal(tags[k], []string{v}) || !slices.Contains(transitive, k) {
				t.Errorf("%s: tag %s: %v %v", name, k, tags[k], transitive)
			}
		}
		if h := headerOf(t, raw); h["typ"] != "JWT" || h["alg"] != "ES256" || len(h) != 3 {
			t.Errorf("%s: header %v", name, h)
		}
		if _, err := verifier(t, url, expires.Add(time.Second)).Verify(context.Background(), raw); err == nil {
			t.Errorf("%s: alive after its end", name)
		}
	}
}

func headerOf(t testing.TB, token string) map[string]string {
	t.Helper()
	head, _, _ := strings.Cut(token, ".")
	b, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil {
		t.Fatal(err)
	}
	var h map[string]string
	if err := json.Unmarshal(b, &h); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestMintRefuses(t *testing.T) {
	i, _ := serve(t, newKey(t))
	mail, _ := service.Parse("email:bot@agents.example.com")
	plain, _ := service.Parse("github")
	for name, edit := range map[string]func(*oidc.Request){
		"no class":                func(r *oidc.Request) { r.Class = "" },
		"class *":                 func(r *oidc.Request) { r.Class = "*" },
		"no operator":             func(r *oidc.Request) { r.Operator = omni.Operator{} },
		"no actor":                func(r *oidc.Request) { r.Actor = omni.Actor{} },
		"no access":               func(r *oidc.Request) { r.Access = "" },
		"access *":                func(r *oidc.Request) { r.Access = "*" },
		"access in upper case":    func(r *oidc.Request) { r.Access = "Read" },
		"mail in another class":   func(r *oidc.Request) { r.MailFrom = mail },
		"mail that is no address": func(r *oidc.Request) { r.Class, r.MailFrom = service.Email, plain },
	} {
		r := request()
		edit(&r)
		if token, _, err := i.Mint(r); apierr.CodeOf(err) != apierr.InvalidInput || token != "" {
			t.Errorf("%s: %q %v", name, token, err)
		}
	}
}

// The key that signs comes first, every key carries the certificate of itself,
// and a token of the last key verifies until that is withdrawn.
func TestRotationWithOverlap(t *testing.T) {
	last, next := newKey(t), newKey(t)
	_, url := serve(t, next, last.Public())
	// The same issuer, before the rotation.
	before, err := oidc.New(url, last, clock, next.Public())
	if err != nil {
		t.Fatal(err)
	}
	old, _, err := before.Mint(request())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := verifier(t, url, start).Verify(context.Background(), old); err != nil {
		t.Errorf("a token of the last key: %v", err)
	}
	_, without := serve(t, next)
	moved, err := oidc.New(without, last, clock)
	if err != nil {
		t.Fatal(err)
	}
	withdrawn, _, err := moved.Mint(request())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := verifier(t, without, start).Verify(context.Background(), withdrawn); err == nil {
		t.Error("a token of a withdrawn key verifies")
	}
	set := before.JWKS()
	if len(set.Keys) != 2 || set.Keys[0].Kid != last.Public().Thumbprint() || set.Keys[1].Kid != next.Public().Thumbprint() {
		t.Fatalf("%+v", set)
	}
	for _, j := range set.Keys {
		der, err := base64.StdEncoding.DecodeString(j.X5c[0])
		if err != nil {
			t.Fatal(err)
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		key, ok := c.PublicKey.(*ecdsa.PublicKey)
		if !ok {
			t.Fatal("not an ECDSA certificate")
		}
		p, err := jose.NewPublicKey(key)
		if err != nil || p.Thumbprint() != j.Kid || c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) != nil {
			t.Error("the certificate is not the key's own")
		}
		if c.NotBefore.After(start) || c.NotAfter.Before(start.AddDate(5, 0, 0)) {
			t.Error("the certificate is not valid now")
		}
	}
}

func TestNewRefuses(t *testing.T) {
	k2 := newKey(t)
	bare, err := jose.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string]func() error{
		"no URL":                          func() error { _, err := oidc.New("", k2, clock); return err },
		"URL with slash":                  func() error { _, err := oidc.New("https://x.example/", k2, clock); return err },
		"no clock":                        func() error { _, err := oidc.New("https://x.example", k2, nil); return err },
		"no key":                          func() error { _, err := oidc.New("https://x.example", jose.PrivateKey{}, clock); return err },
		"a key without certificate":       func() error { _, err := oidc.New("https://x.example", bare, clock); return err },
		"another key without certificate": func() error { _, err := oidc.New("https://x.example", k2, clock, bare.Public()); return err },
		"one key twice":                   func() error { _, err := oidc.New("https://x.example", k2, clock, k2.Public()); return err },
	} {
		if try() == nil {
			t.Error(name)
		}
	}
}

// The certificate lasts with the key: a restart publishes the same set.
func TestOpenKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "k2.pem")
	if _, err := oidc.OpenKey(path, false, clock); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a key was made unasked: %v", err)
	}
	one, err := oidc.OpenKey(path, true, clock)
	if err != nil {
		t.Fatal(err)
	}
	for _, create := range []bool{true, false} {
		two, err := oidc.OpenKey(path, create, clock)
		if err != nil || two.Public().Thumbprint() != one.Public().Thumbprint() || string(two.Public().Certificate()) != string(one.Public().Certificate()) {
			t.Errorf("another key or certificate came back: %v", err)
		}
	}
}
