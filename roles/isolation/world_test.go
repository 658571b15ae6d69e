// Package isolation proves that actors, operators and data classes are kept
// apart, on the product as it is served: every role over a real chain and storage
// that enforces the real policies.
//
// The laws that hold here:
//
//   - Rows are made from the route table: a route without rows fails the test,
//     and so does a table with fewer cells than were counted.
//   - What is expected is said by a model of this package, in the words of SPEC
//     section 4, never by the code that is judged.
//   - A cell that is refused names the exact code and the layer that says so.
//   - Layers are switched off in the wiring of a test alone: by forging what a
//     stolen key could sign, by going to storage or signer directly, and by other
//     policies in a development cloud. The product has no such switch.
//
// docs/isolation.md is for people; its table is compared with that of the test.
package isolation_test

import (
	"crypto/ecdsa"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/operator"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/passkey/software"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
	"github.com/litentry/agentkeys/pkg/typeddata"
	"github.com/litentry/agentkeys/roles"
)

// person is one identity: an agent, or a master that is its own actor.
type person struct {
	name     string
	key      *ecdsa.PrivateKey
	operator omni.Operator
	actor    omni.Actor
	device   omni.DeviceKey
	master   bool
	ops      service.Ops // of each of its grants
	session  string      // the session token
	caller   *client.Caller
	chain    *operator.Operator // of a master
}

// world is a running stack with everything that a thief could have in hand.
type world struct {
	*devstack.Stack
	t   testing.TB
	dir string

	k1, k2     jose.PrivateKey
	minter     *captoken.Minter // by K1
	issuer     *oidc.Issuer     // by K2
	governance *ecdsa.PrivateKey
	maintainer *ecdsa.PrivateKey

	own, sibling, reader, stranger *person // agents; the stranger's operator is another
	master, rival                  *person // the masters of own and stranger

	// What is made once and used often.
	sessions memo[storage, sts.Credentials]
	tokens   memo[string, []kind]
	notes    memo[*person, string]
	keepings memo[*ecdsa.PrivateKey, keeping]
	workers  memo[[2]string, *dek.Session]
	keys     memo[[2]string, made]
	locks    memo[string, *sync.Mutex]
	left     memo[string, *person]
}

// full are the ops of a grant that allows everything that workers do.
const full = service.Read | service.Write | service.List | service.Delete

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// newWorld starts a stack in which own, sibling and reader are agents of one
// operator, and stranger of another.
func newWorld(t testing.TB, edit ...func(*devstack.Config)) *world {
	t.Helper()
	c := devstack.Config{Dir: filepath.Join(t.TempDir(), "home"), FreePorts: true, Roles: roles.All(), Now: time.Now, Log: refused.Log()}
	for _, e := range edit {
		e(&c)
	}
	w := &world{t: t, dir: c.Dir}
	w.Stack = must[*devstack.Stack](t)(devstack.Start(t.Context(), c))
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	w.steal()
	w.nameMaintainer()
	w.master, w.rival = w.newMaster("master"), w.newMaster("rival")
	w.own, w.sibling = w.newAgent(w.master, "own", full), w.newAgent(w.master, "sibling", full)
	w.reader, w.stranger = w.newAgent(w.master, "reader", service.Read|service.List), w.newAgent(w.rival, "stranger", full)
	return w
}

// steal reads the keys of the broker's host.
func (w *world) steal() {
	t := w.t
	w.k1 = must[jose.PrivateKey](t)(jose.LoadKey(w.at("broker", "k1.pem")))
	w.k2 = must[jose.PrivateKey](t)(jose.LoadKey(w.at("broker", "k2.pem")))
	w.minter = must[*captoken.Minter](t)(captoken.NewMinter(w.k1, w.Profile.CapIssuer, time.Now))
	w.issuer = must[*oidc.Issuer](t)(oidc.New(w.Profile.OIDCIssuer, w.k2, time.Now))
	w.governance = must[*ecdsa.PrivateKey](t)(crypto.HexToECDSA(strings.TrimSpace(string(must[[]byte](t)(os.ReadFile(w.at("deployer.key")))))))
}

// nameMaintainer has governance name an account for the care of keys.
func (w *world) nameMaintainer() {
	t, p := w.t, w.Profile.ChainProfile()
	w.maintainer = must[*ecdsa.PrivateKey](t)(crypto.GenerateKey())
	c, tr := must[*chain.Client](t)(chain.NewClient(p)), must[*chain.Transactor](t)(chain.NewTransactor(p, chain.KeySigner(w.governance)))
	t.Cleanup(func() { _ = c.Close(); _ = tr.Close() })
	if _, err := chain.NewOperations(c, tr).SetMaintainer(t.Context(), crypto.PubkeyToAddress(w.maintainer.PublicKey)); err != nil {
		t.Fatal(err)
	}
}

func (w *world) now() time.Time { return time.Now() }

// at is a file of the stack's state.
func (w *world) at(part ...string) string { return filepath.Join(append([]string{w.dir}, part...)...) }

// identity is the identity key of a role.
func (w *world) identity(role string) jose.PrivateKey {
	return must[jose.PrivateKey](w.t)(jose.LoadKey(w.at(role, "identity.pem")))
}

func (w *world) people() []*person { return []*person{w.own, w.sibling, w.reader, w.stranger} }

func (w *world) everybody() []*person { return append(w.people(), w.master, w.rival) }

func (w *world) newMaster(name string) *person {
	t := w.t
	p := w.Profile.ChainProfile()
	k := must[*ecdsa.PrivateKey](t)(crypto.GenerateKey())
	address := crypto.PubkeyToAddress(k.PublicKey)
	if _, err := chain.FundFromFaucet(t.Context(), p, address); err != nil {
		t.Fatal(err)
	}
	c, tr := must[*chain.Client](t)(chain.NewClient(p)), must[*chain.Transactor](t)(chain.NewTransactor(p, chain.KeySigner(k)))
	t.Cleanup(func() { _ = c.Close(); _ = tr.Close() })
	auth := must[*software.Authenticator](t)(software.New("development"))
	cred, err := auth.Enroll(t.Context(), passkey.EnrollRequest{RPID: "localhost", Origin: "http://localhost:8097", UserName: name, UserID: []byte(name), Challenge: [32]byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	o := &operator.Operator{
		Chain: chain.NewOperations(c, tr), Account: address, Masters: []operator.Master{{Credential: cred, Passkey: auth}}, Now: time.Now,
		Show: func(string, []typeddata.Line) error { return nil },
	}
	if _, _, err := o.Register(t.Context()); err != nil {
		t.Fatal(err)
	}
	op := omni.OperatorOfWallet(address)
	return w.signIn(&person{name: name, key: k, operator: op, actor: omni.Self(op), device: omni.DeviceKeyOfAddress(address), master: true, chain: o})
}

func (w *world) newAgent(m *person, name string, ops service.Ops) *person {
	t := w.t
	k := must[*ecdsa.PrivateKey](t)(crypto.GenerateKey())
	r := must[operator.Request](t)(operator.NewRequest(k, name, m.operator, omni.Actor{}, m.chain.Chain.RegistryDomain(), time.Now()))
	if _, err := m.chain.BindAgent(t.Context(), r, omni.Actor{}); err != nil {
		t.Fatal(err)
	}
	p := &person{name: name, key: k, operator: m.operator, actor: r.Actor, device: omni.DeviceKeyOfAddress(crypto.PubkeyToAddress(k.PublicKey)), ops: ops}
	if _, err := m.chain.SetScope(t.Context(), p.actor, w.grants(p, ops)); err != nil {
		t.Fatal(err)
	}
	return w.signIn(p)
}

func (w *world) signIn(p *person) *person {
	p.caller = must[*client.Caller](w.t)(client.New(w.Profile, p.key, client.NewMemory(), time.Now))
	s := must[api.Session](w.t)(p.caller.Login(w.t.Context()))
	p.session = s.Token
	return p
}

func svc(t testing.TB, s string) service.Name {
	t.Helper()
	return must[service.Name](t)(service.Parse(s))
}
