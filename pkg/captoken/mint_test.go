package captoken_test

import (
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

func TestMintBounds(t *testing.T) {
	b := newBench(t)
	for _, c := range []struct {
		name string
		edit func(*captoken.Request)
		want apierr.Code
	}{
		{"as it is", func(*captoken.Request) {}, ""},
		{"shortest", func(r *captoken.Request) { r.TTL = captoken.MinTTL * time.Second }, ""},
		{"too short", func(r *captoken.Request) { r.TTL = captoken.MinTTL*time.Second - time.Second }, apierr.InvalidInput},
		{"longest", func(r *captoken.Request) { r.TTL = captoken.MaxTTL * time.Second }, ""},
		{"too long", func(r *captoken.Request) { r.TTL = captoken.MaxTTL*time.Second + time.Second }, apierr.InvalidInput},
		{"a fraction", func(r *captoken.Request) { r.TTL += time.Millisecond }, apierr.InvalidInput},
		{"negative", func(r *captoken.Request) { r.TTL = -time.Minute }, apierr.InvalidInput},
		{"most uses", func(r *captoken.Request) { r.Uses = captoken.MaxUses }, ""},
		{"too many uses", func(r *captoken.Request) { r.Uses = captoken.MaxUses + 1 }, apierr.InvalidInput},
		{"negative uses", func(r *captoken.Request) { r.Uses = -1 }, apierr.InvalidInput},
		{"store once", func(r *captoken.Request) { r.Action, r.Uses = service.CredStore, 1 }, ""},
		{"store twice", func(r *captoken.Request) { r.Action, r.Uses = service.CredStore, 2 }, apierr.InvalidInput},
		{"teardown twice", func(r *captoken.Request) { r.Action, r.Uses = service.CredTeardown, 2 }, apierr.InvalidInput},
		{"list", func(r *captoken.Request) { r.Action, r.Service = service.CredList, service.Any }, ""},
		{"list of one", func(r *captoken.Request) { r.Action = service.CredList }, apierr.InvalidInput},
		{"fetch of any", func(r *captoken.Request) { r.Service = service.Any }, apierr.InvalidInput},
		{"service of another class", func(r *captoken.Request) { r.Service = "memory:notes" }, apierr.InvalidInput},
		{"service out of grammar", func(r *captoken.Request) { r.Service = "../x" }, apierr.InvalidInput},
		{"no service", func(r *captoken.Request) { r.Service = "" }, apierr.InvalidInput},
		{"no operator", func(r *captoken.Request) { r.Operator = omni.Operator{} }, apierr.InvalidInput},
		{"no actor", func(r *captoken.Request) { r.Actor = omni.Actor{} }, apierr.InvalidInput},
		{"no device", func(r *captoken.Request) { r.Device = omni.DeviceKey{} }, apierr.InvalidInput},
		{"no epoch", func(r *captoken.Request) { r.Epoch = 0 }, apierr.InvalidInput},
		{"no key", func(r *captoken.Request) { r.JKT = "" }, apierr.InvalidInput},
		{"no action", func(r *captoken.Request) { r.Action = service.Action{} }, apierr.InvalidInput},
		{"no op", func(r *captoken.Request) { r.Action.Op = "" }, apierr.InvalidInput},
	} {
		r := request()
		c.edit(&r)
		token, minted, err := b.minter.Mint(r)
		if got := apierr.CodeOf(err); got != c.want {
			t.Errorf("%s: %q, want %q (%v)", c.name, got, c.want, err)
			continue
		}
		if err != nil {
			if token != "" || minted != (captoken.Minted{}) {
				t.Errorf("%s: a token beside an error", c.name)
			}
			continue
		}
		if _, err := b.verifier.Verify(token); err != nil {
			t.Errorf("%s: minted, but: %v", c.name, err)
		}
	}
}

// The caller is told the bound that it crossed.
func TestMintNamesTheBound(t *testing.T) {
	b := newBench(t)
	for want, edits := range map[string][]func(*captoken.Request){
		"60 to 1800": {func(r *captoken.Request) { r.TTL = time.Second }, func(r *captoken.Request) { r.TTL = time.Hour }},
		"1 to 100":   {func(r *captoken.Request) { r.Uses = -1 }, func(r *captoken.Request) { r.Uses = 101 }},
	} {
		for _, edit := range edits {
			r := request()
			edit(&r)
			if _, _, err := b.minter.Mint(r); !strings.Contains(apierr.From(err).Detail, want) {
				t.Errorf("%v, want %q", err, want)
			}
		}
	}
}

func TestMintDefaults(t *testing.T) {
	b, r := newBench(t), request()
	r.Uses, r.TTL = 0, 0
	_, m, err := b.minter.Mint(r)
	if err != nil {
		t.Fatal(err)
	}
	if m.Uses() != 1 || !m.ExpiresAt().Equal(start.Add(300*time.Second)) {
		t.Errorf("%d uses until %s", m.Uses(), m.ExpiresAt())
	}
	_, other, err := b.minter.Mint(r)
	if err != nil || other.ID() == m.ID() {
		t.Errorf("two capabilities are one: %v", err)
	}
}

func TestConstructorsWantEverything(t *testing.T) {
	b := newBench(t)
	keys, _ := jose.NewKeySet(b.key.Public())
	for name, try := range map[string]func() error{
		"minter without key":      func() error { _, err := captoken.NewMinter(jose.PrivateKey{}, issuer, b.clock.now); return err },
		"minter without issuer":   func() error { _, err := captoken.NewMinter(b.key, "", b.clock.now); return err },
		"minter without clock":    func() error { _, err := captoken.NewMinter(b.key, issuer, nil); return err },
		"verifier without keys":   func() error { _, err := captoken.NewVerifier(jose.KeySet{}, issuer, b.clock.now); return err },
		"verifier without issuer": func() error { _, err := captoken.NewVerifier(keys, "", b.clock.now); return err },
		"verifier without clock":  func() error { _, err := captoken.NewVerifier(keys, issuer, nil); return err },
	} {
		if err := try(); err == nil || !strings.Contains(err.Error(), "required") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
