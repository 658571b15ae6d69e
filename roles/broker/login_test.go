package broker_test

import (
	"crypto/ecdsa"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/siwe"
	"github.com/litentry/agentkeys/roles/broker"
)

func TestLogin(t *testing.T) {
	w := newWorld(t)
	s, err := w.login(w.agent)
	if err != nil {
		t.Fatal(err)
	}
	if s.Kind != "agent" || s.Operator != w.operator || s.Actor != w.actor || s.Device != w.agentDev || !s.ExpiresAt.Equal(w.clock.now().Add(time.Hour)) {
		t.Errorf("%+v", s)
	}
	if s := w.mustLogin(w.master); s.Kind != "master" || s.Actor.Bytes() != w.operator.Bytes() {
		t.Errorf("%+v", s)
	}
}

func TestLoginRefuses(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		name string
		key  *ecdsa.PrivateKey
		edit func(*siwe.Message)
		want apierr.Code
	}{
		{"nothing wrong", w.agent, func(*siwe.Message) {}, ""},
		{"other domain", w.agent, func(m *siwe.Message) { m.Domain = "evil.example" }, apierr.Unauthorized},
		{"other port", w.agent, func(m *siwe.Message) { m.Domain = "127.0.0.1:8092" }, apierr.Unauthorized},
		{"other URI", w.agent, func(m *siwe.Message) { m.URI = "http://127.0.0.1:8092" }, apierr.Unauthorized},
		{"other chain", w.agent, func(m *siwe.Message) { m.ChainID = 1 }, apierr.Unauthorized},
		{"other statement", w.agent, func(m *siwe.Message) { m.Statement = "I agree to all." }, apierr.Unauthorized},
		{"unknown nonce", w.agent, func(m *siwe.Message) { m.Nonce = "AAAAAAAAAAAAAAAAAAAAAAAAAA" }, apierr.Unauthorized},
		{"other address than the signer's", w.agent, func(m *siwe.Message) { m.Address = crypto.PubkeyToAddress(w.master.PublicKey) }, ""},
		{"nobody on chain", key(t), func(*siwe.Message) {}, apierr.DeviceNotActive},
	} {
		_, err := w.login(c.key, c.edit)
		if c.name == "other address than the signer's" {
			if err == nil {
				t.Errorf("%s: signed in", c.name)
			}
			continue
		}
		wantCode(t, c.name, err, c.want)
	}
	w.chain.Revoke(crypto.PubkeyToAddress(w.agent.PublicKey))
	_, err := w.login(w.agent)
	wantCode(t, "revoked key", err, apierr.DeviceRevoked)
	if _, err := w.login(w.master); err != nil {
		t.Error(err)
	}
	w.chain.Retire(crypto.PubkeyToAddress(w.master.PublicKey))
	_, err = w.login(w.master)
	wantCode(t, "retired wallet", err, apierr.WalletRetired)
}

// signed returns a signed challenge without presenting it.
func signed(t *testing.T, w *world, k *ecdsa.PrivateKey, nonceOf common.Address) api.LoginVerify {
	t.Helper()
	c, err := api.PostJSON[api.LoginChallenge](t.Context(), w.api, api.Request{URL: brokerURL + api.PathLoginStart}, api.LoginStart{Address: nonceOf.Hex()})
	if err != nil {
		t.Fatal(err)
	}
	text, sig, err := siwe.Sign(k, siwe.Message{
		Domain: c.Domain, Address: crypto.PubkeyToAddress(k.PublicKey), Statement: c.Statement, URI: c.URI, ChainID: c.ChainID,
		Nonce: c.Nonce, IssuedAt: c.IssuedAt, ExpiresAt: c.ExpiresAt,
	})
	if err != nil {
		t.Fatal(err)
	}
	return api.LoginVerify{Message: text, Signature: sig}
}

func present(t *testing.T, w *world, v api.LoginVerify) error {
	t.Helper()
	_, err := api.PostJSON[api.Session](t.Context(), w.api, api.Request{URL: brokerURL + api.PathLoginVerify}, v)
	return err
}

func TestNonceIsOneAddressesAndOnce(t *testing.T) {
	w := newWorld(t)
	agentAddr := crypto.PubkeyToAddress(w.agent.PublicKey)
	wantCode(t, "nonce issued to another address", present(t, w, signed(t, w, w.agent, crypto.PubkeyToAddress(w.master.PublicKey))), apierr.Unauthorized)

	v := signed(t, w, w.agent, agentAddr)
	const racers = 200
	errs := make([]error, racers)
	var wg sync.WaitGroup
	for i := range racers {
		wg.Go(func() { errs[i] = present(t, w, v) })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else {
			wantCode(t, "loser", err, apierr.Unauthorized)
		}
	}
	if won != 1 {
		t.Errorf("%d sign-ins with one nonce", won)
	}

	late := signed(t, w, w.agent, agentAddr)
	w.clock.advance(5 * time.Minute)
	wantCode(t, "expired", present(t, w, late), apierr.Unauthorized)
}

func TestLoginFailsClosed(t *testing.T) {
	w := newWorld(t)
	w.chain.GoStale()
	_, err := w.login(w.agent)
	wantCode(t, "stale chain", err, apierr.ChainStale)
	w.chain.Recover()
	w.chain.GoUnavailable()
	_, err = w.login(w.agent)
	wantCode(t, "dead chain", err, apierr.ChainUnavailable)
	w.chain.Recover()
	w.mustLogin(w.agent)
}

func TestLoginSeesADeviceThatWasJustRegistered(t *testing.T) {
	w := newWorld(t)
	fresh := key(t)
	w.chain.UntilRefresh(func() { w.chain.AddAgent(w.operator, crypto.PubkeyToAddress(fresh.PublicKey)) })
	w.mustLogin(fresh)
}

func TestLoginIsRateLimited(t *testing.T) {
	w := newWorld(t, func(p *broker.Parts) { p.Limiter = httpd.NewLimiter(0.001, 2) })
	w.mustLogin(w.agent) // two calls
	_, err := w.login(w.agent)
	wantCode(t, "third call", err, apierr.RateLimited)
}

func TestOperators(t *testing.T) {
	w := newWorld(t)
	path := filepath.Join(t.TempDir(), "operators")
	write := func(s string) {
		if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("# served here\n\n" + w.operator.String() + " # acme\n")
	only, err := role.LoadOperators("broker", "operators", path, false)
	if err != nil {
		t.Fatal(err)
	}
	served := newWorld(t, func(p *broker.Parts) { p.Operators = only })
	_, err = served.login(served.agent)
	wantCode(t, "another operator's agent", err, apierr.OperatorNotServed)
	served.chain.Revoke(crypto.PubkeyToAddress(served.agent.PublicKey))
	_, err = served.login(served.agent)
	wantCode(t, "its revoked agent", err, apierr.OperatorNotServed)
	if told := served.events(0); len(told) != 0 {
		t.Errorf("a journal that is not kept here was written into: %+v", told)
	}

	for name, content := range map[string]string{"empty": "# nobody\n", "not an omni": "acme\n", "short": "0x12\n"} {
		write(content)
		if _, err := role.LoadOperators("broker", "operators", path, true); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := role.LoadOperators("broker", "operators", "", false); err == nil {
		t.Error("production starts without knowing whom it serves")
	}
	if _, err := role.LoadOperators("broker", "operators", "", true); err != nil {
		t.Error(err)
	}
	if _, err := role.LoadOperators("broker", "operators", path+"x", true); err == nil {
		t.Error("missing file accepted")
	}
}
