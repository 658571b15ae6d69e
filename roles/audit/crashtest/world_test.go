package crashtest_test

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	ethcommon "github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/devchain"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/passkey/software"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/session"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// auditURL is what proofs are bound to; where the role listens changes with each
// start.
const auditURL = "http://127.0.0.1:9092"

// patience bounds how long a test waits for what must come.
const patience = time.Minute

// shared is what the tests of this process have in common: the program, and a
// chain with the contracts.
type shared struct {
	dir     string
	once    sync.Once
	err     error
	program string
	profile profile.Profile
	chain   *devchain.Chain
}

var common shared

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == gatedArg {
		fmt.Fprintln(os.Stderr, runGated(os.Args[2:]))
		os.Exit(126)
	}
	var err error
	if common.dir, err = os.MkdirTemp("", "crashtest"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if common.chain != nil {
		_ = common.chain.Close()
	}
	_ = os.RemoveAll(common.dir)
	os.Exit(code)
}

// start builds the program and brings the chain up, once.
func (s *shared) start(t testing.TB) {
	t.Helper()
	s.once.Do(func() { s.err = s.prepare() })
	if s.err != nil {
		t.Fatal(s.err)
	}
}

func (s *shared) prepare() error {
	s.program = filepath.Join(s.dir, "agentkeys")
	build := exec.Command("go", "build", "-o", s.program, "github.com/litentry/agentkeys")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the program: %w: %s", err, out)
	}
	ctx := context.Background()
	var err error
	if s.chain, err = devchain.Start(ctx, devchain.Config{Dir: filepath.Join(s.dir, "chain"), Listen: "127.0.0.1:0", Now: time.Now, Log: zerolog.Nop()}); err != nil {
		return err
	}
	s.profile = profile.Profile{
		Version: profile.Version, Environment: profile.Development,
		Chain: profile.Chain{Name: "dev", ChainID: devchain.ChainID, RPC: []string{s.chain.URL()}, MaxHeadAgeSeconds: 15, PollMilliseconds: 200},
		Hosts: map[string]string{"broker": auditURL, "cred": auditURL, "signer": auditURL, "audit": auditURL},
		Cloud: profile.Cloud{
			Region: "us-east-1", AccountID: "000000000000", S3Endpoint: auditURL, STSEndpoint: auditURL,
			VaultBucket: "agentkeys-vault", VaultRole: "agentkeys-vault", ProvisionRole: "agentkeys-provision",
		},
		OIDCIssuer: auditURL, CapIssuer: auditURL,
	}
	k, err := crypto.GenerateKey()
	if err != nil {
		return err
	}
	governance, err := s.account(k)
	if err != nil {
		return err
	}
	defer governance.Close()
	at, err := chain.Deploy(ctx, governance, chain.Deployment{Governance: governance.Address(), RecoveryDelay: time.Minute})
	if err != nil {
		return err
	}
	return s.profile.SetContracts(at, chain.ContractsVersion)
}

// account is a funded one.
func (s *shared) account(k *ecdsa.PrivateKey) (*chain.Transactor, error) {
	tr, err := chain.NewTransactor(s.profile.ChainProfile(), chain.KeySigner(k))
	if err != nil {
		return nil, err
	}
	if _, err := chain.FundFromFaucet(context.Background(), s.profile.ChainProfile(), tr.Address()); err != nil {
		return nil, errors.Join(err, tr.Close())
	}
	return tr, nil
}

// master is an operator with a wallet and a software passkey, registered on
// chain.
type master struct {
	*chain.Operations
	key      *ecdsa.PrivateKey
	operator omni.Operator
	auth     *software.Authenticator
	cred     passkey.Credential
}

func (s *shared) master(t testing.TB) *master {
	t.Helper()
	m := &master{key: must[*ecdsa.PrivateKey](t)(crypto.GenerateKey())}
	wallet := crypto.PubkeyToAddress(m.key.PublicKey)
	m.operator = omni.OperatorOfWallet(wallet)
	cl := must[*chain.Client](t)(chain.NewClient(s.profile.ChainProfile()))
	t.Cleanup(func() { _ = cl.Close() })
	tr := must[*chain.Transactor](t)(s.account(m.key))
	t.Cleanup(func() { _ = tr.Close() })
	m.Operations = chain.NewOperations(cl, tr)
	m.auth = must[*software.Authenticator](t)(software.New(software.Environment))
	m.cred = must[passkey.Credential](t)(m.auth.Enroll(t.Context(), passkey.EnrollRequest{
		RPID: "localhost", Origin: "http://localhost:8095", UserName: "AgentKeys Primary Master", UserID: []byte("user"), Challenge: [32]byte{1},
	}))
	op := typeddata.RegisterFirstMaster{
		Operator: m.operator, Wallet: wallet, K11CredID: m.cred.IDHash(), K11RPIDHash: m.cred.RPIDHash(), K11OriginHash: m.cred.OriginHash(),
		K11PubX: m.cred.X, K11PubY: m.cred.Y, Deadline: m.deadline(),
	}
	if _, err := m.RegisterFirstMaster(t.Context(), op, m.vote(t, op, m.RegistryDomain()).Assertion); err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *master) deadline() uint64 { return uint64(time.Now().Add(10 * time.Minute).Unix()) }

func (m *master) vote(t testing.TB, op typeddata.Operation, d typeddata.Domain) chain.Vote {
	t.Helper()
	a := must[passkey.Assertion](t)(m.auth.Assert(t.Context(), passkey.AssertRequest{Credential: m.cred, Challenge: typeddata.Digest(op, d)}))
	m.cred.SignCount = a.SignCount()
	return chain.Vote{Device: omni.DeviceKeyOfAddress(crypto.PubkeyToAddress(m.key.PublicKey)), Assertion: a}
}

// world is the files of one audit role, the operators whose journals it keeps,
// and the emitter that it believes.
type world struct {
	t        testing.TB
	dir      string // of the profile and the lists
	store    string // of the database
	emitter  jose.PrivateKey
	sessions *session.Authority
	masters  []*master
	arrange  arrange
	host     *host
	relayer  ethcommon.Address // that anchors, or zero
	running  *process
	api      *api.Client

	mu       sync.Mutex // guards signedIn
	signedIn map[*master]signedIn
}

// arrange is how the process is started; the zero value is as it is.
type arrange struct {
	// before stands before the program and its arguments: what it is run under.
	before []string
	// gate decides about its calls to the file system.
	gate *gate
	// flags are the role's, besides those of every test here.
	flags []string
}

func newWorld(t testing.TB, masters int, edit ...func(*world)) *world {
	t.Helper()
	common.start(t)
	w := &world{t: t, dir: t.TempDir(), host: newHost(), signedIn: map[*master]signedIn{}}
	w.store = filepath.Join(w.dir, "store", "audit.db")
	k := must[jose.PrivateKey](t)
	k1, emitter := k(jose.GenerateKey()), k(jose.GenerateKey())
	w.emitter = emitter
	w.sessions = must[*session.Authority](t)(session.New(k1, auditURL, time.Now))
	for range masters {
		w.masters = append(w.masters, common.master(t))
	}
	set := func(k jose.PrivateKey) jose.JWKS {
		return must[jose.KeySet](t)(jose.NewKeySet(k.Public())).JWKS()
	}
	w.write("k1.json", must[[]byte](t)(strictjson.Encode(set(k1))))
	w.write("emitters.json", must[[]byte](t)(strictjson.Encode(api.AuditEmitters{
		Format: api.AuditEmittersFormat, Emitters: []api.AuditEmitter{{Role: "cred", Keys: set(emitter)}},
	})))
	p := common.profile
	if err := p.Save(w.at("profile.json")); err != nil {
		t.Fatal(err)
	}
	w.api = &api.Client{HTTP: w.host.client(), Now: time.Now}
	for _, e := range edit {
		e(w)
	}
	return w
}

func (w *world) at(name string) string { return filepath.Join(w.dir, name) }

func (w *world) write(name string, content []byte) {
	w.t.Helper()
	if err := os.WriteFile(w.at(name), content, 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// call is a request of a master, with a proof of its own and a session that
// serves for half of its life.
func (w *world) call(m *master, path string) (api.Request, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if s := w.signedIn[m]; time.Now().Before(s.until) {
		return api.Request{URL: auditURL + path, Token: s.token, Key: m.key}, nil
	}
	addr := crypto.PubkeyToAddress(m.key.PublicKey)
	token, expires, err := w.sessions.Issue(session.Subject{
		Kind: session.KindMaster, Operator: m.operator, Actor: omni.Self(m.operator), Device: omni.DeviceKeyOfAddress(addr), Address: addr,
		Thumbprint: dpop.Thumbprint(&m.key.PublicKey),
	})
	w.signedIn[m] = signedIn{token, expires.Add(-session.Life / 2)}
	return api.Request{URL: auditURL + path, Token: token, Key: m.key}, err
}

// signedIn is a session until a time.
type signedIn struct {
	token string
	until time.Time
}

func must[T any](t testing.TB) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
