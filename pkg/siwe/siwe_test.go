package siwe_test

import (
	"crypto/ecdsa"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/siwe"
)

var start = time.Unix(1_800_000_000, 0).UTC()

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	k, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func message(k *ecdsa.PrivateKey) siwe.Message {
	return siwe.Message{
		Domain: "broker.example.com:8091", Address: crypto.PubkeyToAddress(k.PublicKey), Statement: "Sign in to AgentKeys.",
		URI: "https://broker.example.com:8091", ChainID: 212013, Nonce: "N0nceN0nceN0nce", IssuedAt: start, ExpiresAt: start.Add(5 * time.Minute),
	}
}

func expect() siwe.Expect {
	return siwe.Expect{
		Domain: "broker.example.com:8091", URI: "https://broker.example.com:8091", ChainID: 212013,
		Statement: "Sign in to AgentKeys.", Now: start.Add(time.Minute),
	}
}

func TestSignThenVerify(t *testing.T) {
	k := newKey(t)
	m := message(k)
	text, sig, err := siwe.Sign(k, m)
	if err != nil {
		t.Fatal(err)
	}
	v, err := siwe.Verify(text, sig, expect())
	if err != nil {
		t.Fatal(err)
	}
	if v.Address() != m.Address || v.Nonce() != m.Nonce || !v.ExpiresAt().Equal(m.ExpiresAt) ||
		!v.PublicKey().Equal(&k.PublicKey) || v.Thumbprint() != dpop.Thumbprint(&k.PublicKey) {
		t.Errorf("%+v", v)
	}
}
