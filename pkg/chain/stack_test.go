package chain_test

import (
	"crypto/ecdsa"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/devchain"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/passkey/software"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// stack is a development chain with the real contracts.
type stack struct {
	chain   *devchain.Chain
	profile chain.Profile
	deploy  *chain.Transactor
}

func newChain(t *testing.T) (*devchain.Chain, chain.Profile) {
	t.Helper()
	c, err := devchain.Start(t.Context(), devchain.Config{Dir: t.TempDir(), Listen: "127.0.0.1:0", Now: time.Now, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c, chain.Profile{
		Name: "dev", ChainID: devchain.ChainID, RPC: []string{c.URL()},
		MaxHeadAge: chain.MinHeadAge, PollInterval: 20 * time.Millisecond,
	}
}

func newStack(t *testing.T) *stack {
	t.Helper()
	c, p := newChain(t)
	tr := transactor(t, p, newKey(t))
	var err error
	p.Contracts, err = chain.Deploy(t.Context(), tr, chain.Deployment{Governance: tr.Address(), RecoveryDelay: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return &stack{c, p, tr}
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	k, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// transactor returns a funded one.
func transactor(t testing.TB, p chain.Profile, k *ecdsa.PrivateKey) *chain.Transactor {
	t.Helper()
	tr, err := chain.NewTransactor(p, chain.KeySigner(k))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tr.Close() })
	if _, err := chain.FundFromFaucet(t.Context(), p, tr.Address()); err != nil {
		t.Fatal(err)
	}
	return tr
}

func (s *stack) cache(t *testing.T, change func(*chain.Profile, *chain.Options)) *chain.Cache {
	t.Helper()
	return newCache(t, s.profile, change)
}

func newCache(t testing.TB, p chain.Profile, change func(*chain.Profile, *chain.Options)) *chain.Cache {
	t.Helper()
	o := chain.Options{Now: time.Now, Log: zerolog.Nop()}
	if change != nil {
		change(&p, &o)
	}
	c, err := chain.NewCache(p, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// clock is set by hand.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Now()} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// operator is an operator with a software passkey.
type operator struct {
	*chain.Operations
	key    *ecdsa.PrivateKey
	wallet common.Address
	omni   omni.Operator
	auth   *software.Authenticator
	cred   passkey.Credential
}

func (s *stack) operator(t testing.TB) *operator {
	t.Helper()
	k := newKey(t)
	o := &operator{key: k, wallet: crypto.PubkeyToAddress(k.PublicKey)}
	o.omni = omni.OperatorOfWallet(o.wallet)
	cl, err := chain.NewClient(s.profile)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cl.Close() })
	o.Operations = chain.NewOperations(cl, transactor(t, s.profile, k))
	if o.auth, err = software.New(software.Environment); err != nil {
		t.Fatal(err)
	}
	o.cred, err = o.auth.Enroll(t.Context(), passkey.EnrollRequest{
		RPID: "localhost", Origin: "http://localhost:8095",
		UserName: "AgentKeys Primary Master", UserID: []byte("user"), Challenge: [32]byte{1},
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *operator) vote(t testing.TB, op typeddata.Operation, d typeddata.Domain) chain.Vote {
	t.Helper()
	a, err := o.auth.Assert(t.Context(), passkey.AssertRequest{Credential: o.cred, Challenge: typeddata.Digest(op, d)})
	if err != nil {
		t.Fatal(err)
	}
	o.cred.SignCount = a.SignCount()
	return chain.Vote{Device: omni.DeviceKeyOfAddress(o.wallet), Assertion: a}
}

func (o *operator) deadline() uint64 { return uint64(time.Now().Add(10 * time.Minute).Unix()) }

func (o *operator) registration() typeddata.RegisterFirstMaster {
	return typeddata.RegisterFirstMaster{
		Operator: o.omni, Wallet: o.wallet, K11CredID: o.cred.IDHash(), K11RPIDHash: o.cred.RPIDHash(), K11OriginHash: o.cred.OriginHash(),
		K11PubX: o.cred.X, K11PubY: o.cred.Y, Deadline: o.deadline(),
	}
}

func (o *operator) register(t testing.TB) {
	t.Helper()
	op := o.registration()
	if _, err := o.RegisterFirstMaster(t.Context(), op, o.vote(t, op, o.RegistryDomain()).Assertion); err != nil {
		t.Fatal(err)
	}
}

type agent struct {
	key    *ecdsa.PrivateKey
	addr   common.Address
	actor  omni.Actor
	device omni.DeviceKey
}

func newAgent(t testing.TB) agent {
	t.Helper()
	k := newKey(t)
	a := crypto.PubkeyToAddress(k.PublicKey)
	return agent{k, a, omni.ActorOfWallet(a), omni.DeviceKeyOfAddress(a)}
}

func (o *operator) bind(t testing.TB, a agent) error {
	t.Helper()
	consent := typeddata.AgentConsent{Operator: o.omni, Actor: a.actor, Agent: a.addr, Deadline: o.deadline()}
	digest := typeddata.Digest(consent, o.RegistryDomain())
	raw, err := crypto.Sign(digest[:], a.key)
	if err != nil {
		t.Fatal(err)
	}
	sig, err := typeddata.DecodeSignature(raw)
	if err != nil {
		t.Fatal(err)
	}
	nonce, err := o.OperatorNonce(t.Context(), o.omni)
	if err != nil {
		t.Fatal(err)
	}
	op := typeddata.BindAgent{Operator: o.omni, Actor: a.actor, Agent: a.addr, Nonce: nonce, Deadline: o.deadline()}
	_, err = o.RegisterAgent(t.Context(), op, consent.Deadline, sig, o.vote(t, op, o.RegistryDomain()))
	return err
}

func (o *operator) grant(t *testing.T, a agent, grants ...typeddata.Grant) {
	t.Helper()
	_, nonce, err := o.Scope(t.Context(), o.omni, a.actor)
	if err != nil {
		t.Fatal(err)
	}
	op := typeddata.SetScope{Operator: o.omni, Actor: a.actor, Grants: grants, Nonce: nonce, Deadline: o.deadline()}
	if _, err := o.SetScope(t.Context(), op, o.vote(t, op, o.ScopeDomain())); err != nil {
		t.Fatal(err)
	}
}

func (o *operator) query(a agent) chain.Query {
	return chain.Query{Operator: o.omni, Actor: a.actor, Device: a.device}
}

func name(t *testing.T, s string) service.Name {
	t.Helper()
	n, err := service.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
