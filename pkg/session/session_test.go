package session_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/session"
)

const issuer = "https://broker.example.com"

var start = time.Unix(1_800_000_000, 0)

type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func newAuthority(t testing.TB, c *clock) (*session.Authority, jose.PrivateKey) {
	t.Helper()
	k, err := jose.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	a, err := session.New(k, issuer, c.now)
	if err != nil {
		t.Fatal(err)
	}
	return a, k
}

func subject() session.Subject {
	address := common.HexToAddress("0x00000000000000000000000000000000000000Ab")
	return session.Subject{
		Kind: session.KindAgent, Operator: omni.OperatorOfWallet([20]byte{1}), Actor: omni.ActorOfWallet(address),
		Device: omni.DeviceKeyOfAddress(address), Address: address, Thumbprint: jose.EncodeSegment([]byte(strings.Repeat("k", 32))),
	}
}

func TestIssueThenVerify(t *testing.T) {
	a, _ := newAuthority(t, &clock{start})
	in := subject()
	token, expires, err := a.Issue(in)
	if err != nil {
		t.Fatal(err)
	}
	s, err := a.Verify(token)
	if err != nil {
		t.Fatal(err)
	}
	if s.Kind() != in.Kind || s.Operator() != in.Operator || s.Actor() != in.Actor || s.Device() != in.Device || s.Address() != in.Address ||
		s.Thumbprint() != in.Thumbprint || !s.ExpiresAt().Equal(expires) || !expires.Equal(start.Add(time.Hour)) || !jose.IsID(s.ID()) {
		t.Errorf("%+v", s)
	}
}
