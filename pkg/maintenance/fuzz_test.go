package maintenance_test

import (
	"crypto/ecdsa"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/apierr"
)

func fixedKey(t testing.TB, b byte) *ecdsa.PrivateKey {
	t.Helper()
	k, err := crypto.ToECDSA([]byte{31: b})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// Whatever the token: no session without the wallet's signature, and one token
// for one session.
func FuzzToken(f *testing.F) {
	k, session := fixedKey(f, 1), fixedKey(f, 2) // the same in every worker
	good := token(f, k, message(k, session).String())
	f.Add(good)
	f.Add("")
	f.Add("a.b")
	f.Add(strings.Replace(good, ".", "..", 1))
	f.Fuzz(func(t *testing.T, token string) {
		v := newVerifier(t, &clock{start})
		switch got := codeOf(v, call(t, session, token, start)); {
		case token == good && got != "":
			t.Errorf("the good one: %q", got)
		case token != good && got != apierr.Unauthorized && got != apierr.SessionExpired:
			t.Errorf("%q: %q", token, got)
		}
	})
}
