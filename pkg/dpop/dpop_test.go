package dpop_test

import (
	"context"
	"crypto/ecdsa"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/omni"
)

var start = time.Unix(1_800_000_000, 0)

type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	k, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func newVerifier(t testing.TB, c *clock) *dpop.Verifier {
	t.Helper()
	g, err := dpop.NewMemory(64, 64, c.now)
	if err != nil {
		t.Fatal(err)
	}
	v, err := dpop.NewVerifier(g, c.now)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSignThenVerify(t *testing.T) {
	k, c := newKey(t), &clock{start}
	address := crypto.PubkeyToAddress(k.PublicKey)
	for name, e := range map[string]dpop.Expect{
		"bare":    {},
		"token":   {Token: "a.b.c"},
		"body":    {Body: []byte("body")},
		"objects": {Objects: []string{"a", "b"}},
		"all":     {Token: "a.b.c", Body: []byte("body"), Objects: []string{"a"}},
	} {
		t.Run(name, func(t *testing.T) {
			e.Method, e.URL, e.WantThumbprint, e.WantDevice = "POST", "https://cred.example.com/v1/cred/fetch", dpop.Thumbprint(&k.PublicKey), omni.DeviceKeyOfAddress(address)
			proof, err := dpop.Sign(k, dpop.Request{Method: e.Method, URL: e.URL, Token: e.Token, Body: e.Body, Objects: e.Objects, Now: start})
			if err != nil {
				t.Fatal(err)
			}
			p, err := newVerifier(t, c).Verify(context.Background(), proof, e)
			if err != nil {
				t.Fatal(err)
			}
			if p.Address() != address || p.Device() != e.WantDevice || p.Thumbprint() != e.WantThumbprint || !p.IssuedAt().Equal(start) {
				t.Errorf("%+v", p)
			}
		})
	}
}
