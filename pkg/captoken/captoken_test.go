package captoken_test

import (
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

const issuer = "https://broker.example.com"

var start = time.Unix(1_800_000_000, 0)

// clock is a clock that a test sets.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

// bench is a minter and a verifier that trust each other.
type bench struct {
	clock    *clock
	key      jose.PrivateKey
	minter   *captoken.Minter
	verifier *captoken.Verifier
}

func newBench(t testing.TB) bench {
	t.Helper()
	k, err := jose.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := jose.NewKeySet(k.Public())
	if err != nil {
		t.Fatal(err)
	}
	b := bench{clock: &clock{start}, key: k}
	if b.minter, err = captoken.NewMinter(k, issuer, b.clock.now); err != nil {
		t.Fatal(err)
	}
	if b.verifier, err = captoken.NewVerifier(keys, issuer, b.clock.now); err != nil {
		t.Fatal(err)
	}
	return b
}

func request() captoken.Request {
	return captoken.Request{
		Operator: omni.OperatorOfWallet([20]byte{1}), Actor: omni.ActorOfWallet([20]byte{2}),
		Service: "github", Action: service.CredFetch, Device: omni.DeviceKeyOfAddress([20]byte{3}),
		JKT: jose.EncodeSegment([]byte(strings.Repeat("k", 32))), Epoch: 7, Uses: 3, TTL: 90 * time.Second,
	}
}

func TestMintThenVerify(t *testing.T) {
	b, r := newBench(t), request()
	token, minted, err := b.minter.Mint(r)
	if err != nil {
		t.Fatal(err)
	}
	g, err := b.verifier.Verify(token)
	if err != nil {
		t.Fatal(err)
	}
	if g.Operator() != r.Operator || g.Actor() != r.Actor || g.ServiceName().String() != r.Service || g.Class() != service.Credentials ||
		g.Op() != service.OpFetch || g.Device() != r.Device || g.Thumbprint() != r.JKT || g.Epoch() != r.Epoch || g.Uses() != r.Uses ||
		!g.IssuedAt().Equal(start) || !g.ExpiresAt().Equal(start.Add(r.TTL)) || !jose.IsID(g.ID()) {
		t.Errorf("%+v", g)
	}
	if minted.ID() != g.ID() || !minted.ExpiresAt().Equal(g.ExpiresAt()) {
		t.Errorf("minted %+v, granted %+v", minted, g)
	}
	if err := g.Require(service.CredFetch); err != nil {
		t.Error(err)
	}
}
