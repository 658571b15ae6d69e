package keeper_test

import (
	"context"
	"crypto/ecdsa"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keeper"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/maintenance"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/seal"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/roles"
	"github.com/litentry/agentkeys/roles/audit"
	"github.com/litentry/agentkeys/roles/signer"
)

// These tests run the keeper against the real parts: a stack with its chain,
// cloud, broker, worker and signer, and further signers of the same role.

// must is the value of a call that does not fail.
func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// kit is a running stack and the wallet that governs it.
type kit struct {
	*devstack.Stack
	t          testing.TB
	dir        string
	governance *ecdsa.PrivateKey
	chain      *chain.Client
}

func newKit(t testing.TB) *kit {
	t.Helper()
	k := &kit{t: t, dir: t.TempDir()}
	k.Stack = must[*devstack.Stack](t)(devstack.Start(t.Context(), devstack.Config{
		Dir: k.dir, FreePorts: true, Roles: roles.All(), Now: time.Now, Log: zerolog.New(io.Discard),
	}))
	t.Cleanup(func() {
		if err := k.Close(); err != nil {
			t.Error(err)
		}
	})
	hex := must[[]byte](t)(os.ReadFile(filepath.Join(k.dir, "deployer.key")))
	k.governance = must[*ecdsa.PrivateKey](t)(crypto.HexToECDSA(strings.TrimSpace(string(hex))))
	k.chain = must[*chain.Client](t)(chain.NewClient(k.Profile.ChainProfile()))
	t.Cleanup(func() { _ = k.chain.Close() })
	return k
}

// operations send with a wallet through an endpoint; nil and empty mean
// governance and the chain itself.
func (k *kit) operations(wallet *ecdsa.PrivateKey, rpc string) *chain.Operations {
	k.t.Helper()
	if wallet == nil {
		wallet = k.governance
	}
	p := k.Profile.ChainProfile()
	if rpc != "" {
		p.RPC = []string{rpc}
	}
	c := must[*chain.Client](k.t)(chain.NewClient(p))
	tr := must[*chain.Transactor](k.t)(chain.NewTransactor(p, chain.KeySigner(wallet)))
	k.t.Cleanup(func() { _ = tr.Close(); _ = c.Close() })
	return chain.NewOperations(c, tr)
}

func (k *kit) epoch() uint64 {
	k.t.Helper()
	return uint64(must[chain.Counter](k.t)(k.chain.Counter(k.t.Context())).Epoch)
}

// maintain makes governance the maintainer too.
func (k *kit) maintain() {
	k.t.Helper()
	_, err := k.operations(nil, "").SetMaintainer(k.t.Context(), crypto.PubkeyToAddress(k.governance.PublicKey))
	check(k.t, err)
}

// dial is the stack's own signer as its profile pins it.
func (k *kit) dial(web *http.Client) *keeper.Signer {
	k.t.Helper()
	s := k.Profile.Signers[0]
	return must[*keeper.Signer](k.t)(keeper.Dial(k.t.Context(), k.config(s.URL, s.Key, web)))
}

func (k *kit) config(url, pin string, web *http.Client) keeper.SignerConfig {
	return keeper.SignerConfig{
		URL: url, Pins: []string{pin}, ChainID: k.Profile.Chain.ChainID,
		Wallet: maintenance.KeyWallet(k.governance), Now: time.Now, HTTP: web,
	}
}

// rotateTo rotates without interruption.
func (k *kit) rotateTo(target uint64, signers ...*keeper.Signer) keeper.Rotated {
	k.t.Helper()
	r := keeper.Rotation{Chain: k.chain, Operations: k.operations(nil, ""), Signers: signers}
	return must[keeper.Rotated](k.t)(r.Run(k.t.Context(), target))
}

// host is one more signer of the same deployment.
type host struct {
	url, pin string
	identity jose.PrivateKey
	ring     keys.Options
	keyring  *keys.Keyring // the same files as the running role's
}

// hosts are n signers that list each other, with copies of one keyring.
func (k *kit) hosts(n int) []*host {
	k.t.Helper()
	var out []*host
	var listed []jose.PublicKey
	for range n {
		dir := k.t.TempDir()
		id := must[jose.PrivateKey](k.t)(jose.OpenKey(filepath.Join(dir, "identity.pem"), jose.GenerateKey))
		listed = append(listed, id.Public())
		pass := must[seal.Seal](k.t)(seal.PassphraseFile(k.passphrase(dir)))
		out = append(out, &host{pin: id.Public().Thumbprint(), identity: id, ring: keys.Options{
			Path: filepath.Join(dir, "keyring.age"), Seal: pass, Now: time.Now,
			Deployment: keys.Deployment{ChainID: k.Profile.Chain.ChainID, EpochContract: k.Profile.Contracts.Epoch},
		}})
	}
	peers := must[jose.KeySet](k.t)(jose.NewKeySet(listed...))
	text := must[[]byte](k.t)(strictjson.Encode(peers.JWKS()))
	with := *k.Profile
	with.Hosts = maps.Clone(k.Profile.Hosts)
	with.Hosts["audit"] = k.audit(peers.JWKS())
	for i, h := range out {
		if i == 0 {
			h.keyring = must[*keys.Keyring](k.t)(keys.Create(k.t.Context(), h.ring))
		} else {
			h.keyring = copyOf(k.t, out[0].keyring, h.ring)
		}
		k.t.Cleanup(func() { _ = h.keyring.Close() })
		k.serve(h, text, &with)
	}
	return out
}

// audit runs an audit role that lists these signers, which the stack's own does not
// know.
func (k *kit) audit(signers jose.JWKS) (url string) {
	k.t.Helper()
	dir := k.t.TempDir()
	emitters := filepath.Join(dir, "emitters.json")
	check(k.t, os.WriteFile(emitters, must[[]byte](k.t)(strictjson.Encode(api.AuditEmitters{
		Format: api.AuditEmittersFormat, Emitters: []api.AuditEmitter{{Role: "signer", Keys: signers}},
	})), 0o600))
	srv := httptest.NewUnstartedServer(nil)
	url = "http://" + srv.Listener.Addr().String()
	c := &audit.Config{CapKeys: filepath.Join(k.dir, "capability-keys.json"), Emitters: emitters, Operators: "any", Interval: time.Hour}
	k.run(c, srv, role.Env{
		Now: time.Now, Log: zerolog.New(io.Discard), Metrics: prometheus.NewRegistry(), Profile: k.Profile, Home: dir, URL: url,
	}, "audit", apierr.LayerAudit)
	return url
}

// passphrase writes a generated one.
func (k *kit) passphrase(dir string) string {
	p, err := seal.GeneratePassphrase()
	check(k.t, err)
	path := filepath.Join(dir, "passphrase")
	check(k.t, os.WriteFile(path, p.Reveal(), 0o600))
	return path
}

// copyOf is a keyring of the same lineage, as a restored backup is.
func copyOf(t testing.TB, from *keys.Keyring, to keys.Options) *keys.Keyring {
	t.Helper()
	identity, recipient, err := seal.GenerateIdentity()
	check(t, err)
	path := filepath.Join(t.TempDir(), "identity")
	check(t, os.WriteFile(path, identity.Reveal(), 0o600))
	backup := must[[]byte](t)(from.Backup(t.Context(), must[seal.Seal](t)(seal.ToRecipients([]string{recipient}))))
	return must[*keys.Keyring](t)(keys.Restore(t.Context(), to, backup, must[seal.Seal](t)(seal.FromIdentities(path))))
}

// serve runs the role as a host does.
func (k *kit) serve(h *host, peers []byte, p *profile.Profile) {
	k.t.Helper()
	dir := filepath.Dir(h.ring.Path)
	check(k.t, os.WriteFile(filepath.Join(dir, "peers.json"), peers, 0o600))
	srv := httptest.NewUnstartedServer(nil)
	h.url = "http://" + srv.Listener.Addr().String()
	c := signer.Config{
		Keyring: role.Keyring{File: h.ring.Path, Passphrase: filepath.Join(dir, "passphrase")},
		CapKeys: filepath.Join(k.dir, "capability-keys.json"), Workers: filepath.Join(k.dir, "workers.json"),
		Identity: filepath.Join(dir, "identity.pem"), Peers: filepath.Join(dir, "peers.json"),
	}
	k.run(&c, srv, role.Env{
		Now: time.Now, Log: zerolog.New(io.Discard), Metrics: prometheus.NewRegistry(), Profile: p, Home: dir, URL: h.url,
	}, "signer", apierr.LayerSigner)
}

// run serves a role until the test ends.
func (k *kit) run(c role.Config, srv *httptest.Server, e role.Env, name string, layer apierr.Layer) {
	k.t.Helper()
	running := must[role.Service](k.t)(c.Open(k.t.Context(), e))
	check(k.t, running.Begin(k.t.Context()))
	face := httpd.New(httpd.Options{Log: e.Log, Now: e.Now})
	running.Routes(face.Mux(name, layer, e.URL))
	srv.Config.Handler = face
	srv.Start()
	k.t.Cleanup(func() {
		srv.Close()
		if err := running.Close(); err != nil {
			k.t.Error(err)
		}
	})
}

// dialAll dials hosts as one run of the keeper does.
func (k *kit) dialAll(ctx context.Context, web *http.Client, hosts ...*host) ([]*keeper.Signer, error) {
	var out []*keeper.Signer
	for _, h := range hosts {
		s, err := keeper.Dial(ctx, k.config(h.url, h.pin, web))
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// sealed is an object of an actor that nobody bound, sealed under the newest
// epoch of a host.
func sealed(t testing.TB, h *host) (keys.Request, []byte) {
	t.Helper()
	check(t, h.keyring.Refresh(t.Context()))
	actor := must[omni.Actor](t)(omni.ActorFromBytes([32]byte{1}))
	r := keys.Request{
		Binding: keys.Binding{
			Class: service.Credentials, Operator: must[omni.Operator](t)(omni.OperatorFromBytes(actor.Bytes())), Actor: actor,
			Service: must[service.Name](t)(service.Parse("github")),
		},
		Epoch: max(1, h.keyring.Status().HighWater),
	}
	return r, must[[]byte](t)(envelope.Seal(t.Context(), h.keyring, r, []byte("secret")))
}

// opens tells whether a host still opens an object.
func opens(t testing.TB, h *host, r keys.Request, object []byte) {
	t.Helper()
	check(t, h.keyring.Refresh(t.Context()))
	got, err := envelope.Open(t.Context(), h.keyring, r, object)
	if err != nil || string(got.Reveal()) != "secret" {
		t.Fatalf("an object under epoch %d does not open at %s: %v", must[uint64](t)(envelope.Epoch(object)), h.url, err)
	}
}
