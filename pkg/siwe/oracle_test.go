package siwe_test

import (
	"testing"
	"time"

	theirs "github.com/spruceid/siwe-go"

	"github.com/litentry/agentkeys/pkg/siwe"
)

// siwe-go, an implementation that is not ours, reads and verifies what we
// write, and writes what we read.
func TestAgreesWithSiweGo(t *testing.T) {
	k := newKey(t)
	for _, notBefore := range []time.Time{{}, start.Add(time.Second)} {
		m := message(k)
		m.NotBefore = notBefore
		text, sig, err := siwe.Sign(k, m)
		if err != nil {
			t.Fatal(err)
		}
		p, err := theirs.ParseMessage(text)
		if err != nil {
			t.Fatalf("siwe-go does not read it: %v\n%s", err, text)
		}
		if msg := differs(m, p); msg != "" {
			t.Error(msg)
		}
		now := start.Add(time.Minute)
		key, err := p.Verify(sig, &m.Domain, &m.Nonce, &now)
		if err != nil || !key.Equal(&k.PublicKey) {
			t.Errorf("siwe-go does not verify it: %v", err)
		}
		options := map[string]any{
			"statement": m.Statement, "chainId": int(m.ChainID), "issuedAt": start.Format(time.RFC3339), "expirationTime": m.ExpiresAt.Format(time.RFC3339),
		}
		if !notBefore.IsZero() {
			options["notBefore"] = notBefore.Format(time.RFC3339)
		}
		built, err := theirs.InitMessage(m.Domain, m.Address.Hex(), m.URI, m.Nonce, options)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := siwe.Parse(built.String()); err != nil || got != m {
			t.Errorf("we do not read theirs: %v\n%s", err, built)
		}
	}
}

// differs names a field that the two readings do not share.
func differs(m siwe.Message, p *theirs.Message) string {
	uri := p.GetURI()
	switch {
	case p.GetDomain() != m.Domain:
		return "domain"
	case p.GetAddress() != m.Address:
		return "address"
	case p.GetStatement() == nil || *p.GetStatement() != m.Statement:
		return "statement"
	case uri.String() != m.URI:
		return "URI"
	case p.GetVersion() != "1":
		return "version"
	case uint64(p.GetChainID()) != m.ChainID:
		return "chain id"
	case p.GetNonce() != m.Nonce:
		return "nonce"
	case p.GetIssuedAt() != m.IssuedAt.Format(time.RFC3339):
		return "issued at"
	case p.GetExpirationTime() == nil || *p.GetExpirationTime() != m.ExpiresAt.Format(time.RFC3339):
		return "expiration time"
	case (p.GetNotBefore() == nil) != m.NotBefore.IsZero():
		return "not before"
	case p.GetRequestID() != nil || len(p.GetResources()) != 0:
		return "something that we do not have"
	}
	return ""
}

// What Parse reads has one text, and reads the same to siwe-go wherever that
// reads it.
func FuzzParse(f *testing.F) {
	m := message(newKey(f))
	f.Add(m.String())
	m.NotBefore = start
	f.Add(m.String())
	f.Add(m.String() + "\nResources:\n- https://evil.example")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := siwe.Parse(text)
		if err != nil {
			if m != (siwe.Message{}) {
				t.Fatalf("%+v beside %v", m, err)
			}
			return
		}
		if m.String() != text || m.Validate() != nil {
			t.Fatalf("%q has a second text %q", text, m)
		}
		if m.ChainID > 1<<31 {
			return // siwe-go keeps it in an int of the platform
		}
		p, err := theirs.ParseMessage(text)
		if err != nil {
			return // siwe-go refuses some URIs, or domains without a host
		}
		if d := differs(m, p); d != "" && d != "URI" { // siwe-go normalises URIs
			t.Fatalf("%s is read differently: %q", d, text)
		}
	})
}

func FuzzVerify(f *testing.F) {
	k := newKey(f)
	text, sig, err := siwe.Sign(k, message(k))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text, sig)
	f.Add(text, "0x")
	f.Fuzz(func(t *testing.T, gotText, gotSig string) {
		v, err := siwe.Verify(gotText, gotSig, expect())
		if err != nil {
			return
		}
		// Anybody may sign in as whatever address a signature recovers to, but
		// not as the holder of k with other words.
		if v.Address() == message(k).Address && gotText != text {
			t.Fatalf("forged: %q %q", gotText, gotSig)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	k := newKey(b)
	text, sig, err := siwe.Sign(k, message(k))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := siwe.Verify(text, sig, expect()); err != nil {
			b.Fatal(err)
		}
	}
}
