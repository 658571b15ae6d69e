package main_test

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/devcloud/rgw"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/operator"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/passkey/software"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/typeddata"
	"github.com/litentry/agentkeys/roles"
)

// stack is a running devstack with what the tests need to act on it.
type stack struct {
	*devstack.Stack
	t testing.TB
}

func startStack(t testing.TB, dir string) *stack { return startStackOn(t, dir, nil) }

// startStackOn starts a stack with other storage than the embedded one.
func startStackOn(t testing.TB, dir string, storage *rgw.Server) *stack {
	t.Helper()
	s, err := devstack.Start(t.Context(), devstack.Config{Dir: dir, FreePorts: true, Roles: roles.All(), Storage: storage, Now: time.Now, Log: zerolog.New(io.Discard)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &stack{s, t}
}

// operator registers a new operator with a software passkey.
func (s *stack) operator(wallet *ecdsa.PrivateKey) *operator.Operator {
	s.t.Helper()
	p := s.Profile.ChainProfile()
	if _, err := chain.FundFromFaucet(s.t.Context(), p, crypto.PubkeyToAddress(wallet.PublicKey)); err != nil {
		s.t.Fatal(err)
	}
	c, err := chain.NewClient(p)
	if err != nil {
		s.t.Fatal(err)
	}
	tr, err := chain.NewTransactor(p, chain.KeySigner(wallet))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = c.Close(); _ = tr.Close() })
	auth, err := software.New("development")
	if err != nil {
		s.t.Fatal(err)
	}
	cred, err := auth.Enroll(s.t.Context(), passkey.EnrollRequest{RPID: "localhost", Origin: "http://localhost:8097", UserName: "test", UserID: []byte("user-1"), Challenge: [32]byte{1}})
	if err != nil {
		s.t.Fatal(err)
	}
	o := &operator.Operator{
		Chain: chain.NewOperations(c, tr), Account: tr.Address(), Masters: []operator.Master{{Credential: cred, Passkey: auth}}, Now: time.Now,
		Show: func(string, []typeddata.Line) error { return nil },
	}
	if _, _, err := o.Register(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	return o
}

// agent makes an agent's key and binds it to the operator.
func (s *stack) agent(o *operator.Operator) (*ecdsa.PrivateKey, omni.Actor) {
	s.t.Helper()
	k := newKey(s.t)
	r, err := operator.NewRequest(k, "bot", omni.OperatorOfWallet(o.Account), omni.Actor{}, o.Chain.RegistryDomain(), time.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := o.BindAgent(s.t.Context(), r, omni.Actor{}); err != nil {
		s.t.Fatal(err)
	}
	return k, r.Actor
}

func (s *stack) caller(k *ecdsa.PrivateKey) *client.Caller {
	s.t.Helper()
	c, err := client.New(s.Profile, k, client.NewMemory(), time.Now)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// warmMintsReadNothing mints for an actor that the broker knows already: the
// contracts are not read again.
func (s *stack) warmMintsReadNothing(agent *client.Caller) {
	s.t.Helper()
	mint := func() {
		s.t.Helper()
		if _, err := agent.Mint(s.t.Context(), api.PathCapCredFetch, api.CapRequest{Service: "github"}); err != nil {
			s.t.Fatal(err)
		}
	}
	mint()
	before := s.chainReads()
	for range 100 {
		mint()
	}
	if after := s.chainReads(); before == "" || after != before {
		s.t.Errorf("100 warm mints: the broker had read the chain %q times, then %q", before, after)
	}
}

// chainReads is the broker's own count, from its metrics.
func (s *stack) chainReads() string {
	s.t.Helper()
	resp, err := http.Get(s.AdminURL + "/metrics")
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if n, ok := strings.CutPrefix(lines.Text(), `agentkeys_chain_reads_total{role="broker"} `); ok {
			return n
		}
	}
	return ""
}

// eventually repeats f until it is refused. Broker and worker follow the head
// by polling, each for itself: what was mined is seen a moment later.
func (s *stack) eventually(what string, want apierr.Code, f func() error) {
	s.t.Helper()
	var err error
	for give := time.Now().Add(5 * time.Second); err == nil && time.Now().Before(give); {
		err = f()
	}
	if apierr.CodeOf(err) != want {
		s.t.Errorf("%s: %v", what, err)
	}
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	k, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestTheLoop is the product's main job on real parts: approve, provision,
// sign in, fetch, revoke.
func TestTheLoop(t *testing.T) {
	s := startStack(t, t.TempDir())
	ctx := t.Context()
	wallet := newKey(t)
	acme := s.operator(wallet)
	key, actor := s.agent(acme)
	github, err := service.Parse("github")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := acme.SetScope(ctx, actor, []chain.Grant{{Service: github, Ops: service.Read | service.List}}); err != nil {
		t.Fatal(err)
	}

	value := make([]byte, 1<<20)
	_, _ = rand.Read(value)
	master, agent := s.caller(wallet), s.caller(key)
	if _, err := master.StoreCredential(ctx, actor, github, secret.New(value)); err != nil {
		t.Fatal(err)
	}
	got, err := agent.FetchCredential(ctx, omni.Actor{}, github)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Reveal(), value) {
		t.Error("the bytes differ")
	}
	list, err := agent.ListCredentials(ctx, omni.Actor{})
	if err != nil || len(list.Credentials) != 1 || list.Credentials[0].Service != github {
		t.Errorf("%+v %v", list, err)
	}
	raw, err := s.Cloud.RawObject(s.Profile.Cloud.VaultBucket, "bots/"+actor.Key()+"/credentials/github.enc")
	if err != nil || bytes.Contains(raw, value[:32]) {
		t.Errorf("storage holds the plaintext, or nothing: %v", err)
	}
	if _, err := master.FetchCredential(ctx, actor, github); apierr.CodeOf(err) != apierr.DeviceBindingMismatch {
		t.Errorf("the operator reads what it provisioned: %v", err)
	}
	if _, err := agent.StoreCredential(ctx, omni.Actor{}, github, secret.New(value)); apierr.CodeOf(err) != apierr.ServiceNotInScope {
		t.Errorf("the agent writes without a grant: %v", err)
	}
	s.warmMintsReadNothing(agent)
	if _, err := acme.RevokeAgent(ctx, omni.DeviceKeyOfAddress(crypto.PubkeyToAddress(key.PublicKey))); err != nil {
		t.Fatal(err)
	}
	s.eventually("a revoked agent fetches", apierr.DeviceRevoked, func() error {
		_, err := agent.FetchCredential(ctx, omni.Actor{}, github)
		return err
	})
	s.eventually("a revoked agent mints", apierr.DeviceRevoked, func() error {
		_, err := agent.Mint(ctx, api.PathCapCredFetch, api.CapRequest{Service: "github"})
		return err
	})
	if _, err := agent.Login(ctx); apierr.CodeOf(err) != apierr.DeviceRevoked {
		t.Errorf("a revoked agent signs in: %v", err)
	}
	if _, err := master.TeardownCredential(ctx, actor, github); err != nil {
		t.Error(err)
	}
}
