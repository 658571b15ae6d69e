package captoken_test

import (
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/service"
)

// Whatever K1 signs, a Grant is within every bound.
func FuzzClaims(f *testing.F) {
	k, v := forgerAndVerifier(f, &clock{start})
	f.Add(good().String())
	f.Add(good().with("service", `"*"`, "op", `"list"`).String())
	f.Add(good().with("exp", "1e400").String())
	f.Add(good().with("uses", "").String())
	f.Fuzz(func(t *testing.T, payload string) {
		g, err := v.Verify(k.Token(k.Header(captoken.Type), payload))
		if err != nil {
			if c := apierr.CodeOf(err); c != apierr.CapInvalid && c != apierr.CapExpired || g != (captoken.Grant{}) {
				t.Fatalf("%+v %v", g, err)
			}
			return
		}
		life := g.ExpiresAt().Sub(g.IssuedAt()).Seconds()
		switch {
		case life < 1 || life > captoken.MaxTTL, !g.ExpiresAt().After(start), g.IssuedAt().After(start.Add(captoken.Leeway)):
			t.Fatalf("lifetime of %+v", g)
		case g.Uses() < 1 || g.Uses() > captoken.MaxUses, g.Epoch() == 0, !jose.IsID(g.ID()), !jose.IsThumbprint(g.Thumbprint()):
			t.Fatalf("bounds of %+v", g)
		case g.Operator().IsZero(), g.Actor().IsZero(), g.Device().IsZero():
			t.Fatalf("identifiers of %+v", g)
		case g.ServiceName().IsZero() != (g.Class() == service.Credentials && g.Op() == service.OpList):
			t.Fatalf("service of %+v", g)
		case !g.ServiceName().IsZero() && g.ServiceName().Class() != g.Class():
			t.Fatalf("class of %+v", g)
		}
	})
}

// A token that nobody signed never verifies.
func FuzzVerify(f *testing.F) {
	k, v := forgerAndVerifier(f, &clock{start})
	good := k.Token(k.Header(captoken.Type), good().String())
	f.Add(good)
	f.Add("..")
	f.Fuzz(func(t *testing.T, token string) {
		g, err := v.Verify(token)
		if err == nil && token != good || err != nil && (apierr.CodeOf(err) != apierr.CapInvalid || g != (captoken.Grant{})) {
			t.Fatalf("%q: %+v %v", token, g, err)
		}
	})
}

func BenchmarkMint(b *testing.B) {
	x, r := newBench(b), request()
	for b.Loop() {
		if _, _, err := x.minter.Mint(r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	x := newBench(b)
	token, _, err := x.minter.Mint(request())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := x.verifier.Verify(token); err != nil {
			b.Fatal(err)
		}
	}
}
