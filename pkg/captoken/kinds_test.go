package captoken_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	goidc "github.com/coreos/go-oidc/v3/oidc"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/session"
	"github.com/litentry/agentkeys/pkg/siwe"
)

// TestKindsOfTokens offers every kind of token to every verifier, all of one
// actor, one device, one issuer and one moment: only the diagonal passes. That
// holds even on a host that was given one key as K1 and K2.
func TestKindsOfTokens(t *testing.T) {
	k1, err := jose.GenerateKey()
	check(t, err)
	plain, err := jose.GenerateKey()
	check(t, err)
	k2, err := plain.WithCertificate("K2", start)
	check(t, err)
	t.Run("K1 and K2", func(t *testing.T) { everyKindAtEveryVerifier(t, k1, k2) })
	t.Run("one key for both", func(t *testing.T) { everyKindAtEveryVerifier(t, k2, k2) })
}

func everyKindAtEveryVerifier(t *testing.T, k1, k2 jose.PrivateKey) {
	now := (&clock{start}).now
	k10, err := crypto.GenerateKey()
	check(t, err)
	address := crypto.PubkeyToAddress(k10.PublicKey)
	jkt, device := dpop.Thumbprint(&k10.PublicKey), omni.DeviceKeyOfAddress(address)
	operator, actor := omni.OperatorOfWallet([20]byte{1}), omni.ActorOfWallet(address)

	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	defer srv.Close()
	keys, err := jose.NewKeySet(k1.Public())
	check(t, err)
	// One issuer name for all, so that it is not what tells them apart.
	minter, err := captoken.NewMinter(k1, srv.URL, now)
	check(t, err)
	caps, err := captoken.NewVerifier(keys, srv.URL, now)
	check(t, err)
	sessions, err := session.New(k1, srv.URL, now)
	check(t, err)
	identities, err := oidc.New(srv.URL, k2, now)
	check(t, err)
	serveJSON(mux, oidc.PathDiscovery, identities.Discovery())
	serveJSON(mux, oidc.PathJWKS, identities.JWKS())
	provider, err := goidc.NewProvider(context.Background(), srv.URL)
	check(t, err)
	sts := provider.Verifier(&goidc.Config{ClientID: oidc.Audience, Now: now})
	guard, err := dpop.NewMemory(64, 64, now)
	check(t, err)
	proofs, err := dpop.NewVerifier(guard, now)
	check(t, err)
	domain := strings.TrimPrefix(srv.URL, "http://")

	offered := map[string]string{}
	offered["capability"], _, err = minter.Mint(captoken.Request{
		Operator: operator, Actor: actor, Service: "github", Action: service.CredFetch, Device: device, JKT: jkt, Epoch: 1,
	})
	check(t, err)
	offered["session"], _, err = sessions.Issue(session.Subject{Kind: session.KindAgent, Operator: operator, Actor: actor, Device: device, Address: address, Thumbprint: jkt})
	check(t, err)
	offered["web identity"], _, err = identities.Mint(oidc.Request{Class: service.Credentials, Operator: operator, Actor: actor, Access: oidc.AccessRead})
	check(t, err)
	offered["proof"], err = dpop.Sign(k10, dpop.Request{Method: "POST", URL: srv.URL + "/v1", Now: start})
	check(t, err)
	text, signature, err := siwe.Sign(k10, siwe.Message{
		Domain: domain, Address: address, Statement: "Sign in.", URI: srv.URL, ChainID: 1, Nonce: "N0nceN0nce", IssuedAt: start, ExpiresAt: start.Add(time.Minute),
	})
	check(t, err)
	offered["sign-in"] = text
	offered["sign-in's nonce"] = "N0nceN0nce"
	offered["sign-in's signature"] = signature

	verifiers := map[string]struct {
		verify func(string) error
		code   apierr.Code
	}{
		"capability":   {func(s string) error { _, err := caps.Verify(s); return err }, apierr.CapInvalid},
		"session":      {func(s string) error { _, err := sessions.Verify(s); return err }, apierr.Unauthorized},
		"web identity": {func(s string) error { _, err := sts.Verify(context.Background(), s); return err }, ""},
		"proof": {func(s string) error {
			_, err := proofs.Verify(context.Background(), s, dpop.Expect{Method: "POST", URL: srv.URL + "/v1", WantThumbprint: jkt, WantDevice: device})
			return err
		}, apierr.ProofInvalid},
		"sign-in": {func(s string) error {
			_, err := siwe.Verify(s, signature, siwe.Expect{Domain: domain, URI: srv.URL, ChainID: 1, Statement: "Sign in.", Now: start})
			return err
		}, apierr.Unauthorized},
	}
	cells := 0
	for kind, v := range verifiers {
		for name, token := range offered {
			cells++
			err := v.verify(token)
			switch {
			case name == kind && err != nil:
				t.Errorf("%s at its own verifier: %v", name, err)
			case name != kind && (err == nil || apierr.CodeOf(err) != v.code):
				t.Errorf("%s at the verifier of a %s: %v, want %q", name, kind, err, v.code)
			}
		}
	}
	if cells != 35 {
		t.Errorf("%d cells", cells)
	}
}

func serveJSON(mux *http.ServeMux, path string, v any) {
	mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	})
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
