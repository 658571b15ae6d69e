package operator_test

import (
	"crypto/ecdsa"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/operator"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

var (
	now    = time.Unix(1_800_000_000, 0)
	owner  = omni.OperatorOfWallet([20]byte{1})
	domain = typeddata.Domain{ChainID: 31337, Contract: common.Address{9}}
)

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	k, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// resign signs the consent of r as it now is, with key.
func resign(t *testing.T, key *ecdsa.PrivateKey, r *operator.Request) {
	t.Helper()
	digest := typeddata.Digest(typeddata.AgentConsent{Operator: r.Operator, Actor: r.Actor, Agent: r.Agent, Deadline: r.Deadline}, r.Domain)
	sig, err := crypto.Sign(digest[:], key)
	if err == nil {
		r.Signature, err = typeddata.DecodeSignature(sig)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestRequestVerify(t *testing.T) {
	key, other := newKey(t), newKey(t)
	for _, c := range []struct {
		name string
		edit func(*operator.Request)
		by   *ecdsa.PrivateKey // signs again after the edit; nil leaves the signature
		at   time.Duration
		want string
	}{
		{"as made", func(*operator.Request) {}, nil, 0, ""},
		{"signed again", func(*operator.Request) {}, key, 0, ""},
		{"in its last second", func(*operator.Request) {}, nil, 7 * 24 * time.Hour, ""},
		{"a second later", func(*operator.Request) {}, nil, 7*24*time.Hour + time.Second, "lapsed"},
		{"another operator", func(r *operator.Request) { r.Operator = omni.OperatorOfWallet([20]byte{2}) }, key, 0, "asks operator"},
		{"another chain", func(r *operator.Request) { r.Domain.ChainID++ }, key, 0, "for registry"},
		{"another registry", func(r *operator.Request) { r.Domain.Contract[0]++ }, key, 0, "for registry"},
		{"a sibling's actor", func(r *operator.Request) { r.Actor = omni.ActorOfWallet([20]byte{3}) }, key, 0, "asks to be actor"},
		{"the operator's own actor", func(r *operator.Request) { r.Actor = omni.Self(r.Operator) }, key, 0, "asks to be actor"},
		{"another's signature", func(*operator.Request) {}, other, 0, "was signed by"},
		{"another deadline than signed", func(r *operator.Request) { r.Deadline++ }, nil, 0, "was signed by"},
		{"another agent than signed", func(r *operator.Request) {
			r.Agent = crypto.PubkeyToAddress(other.PublicKey)
			r.Actor = omni.ActorOfWallet(r.Agent)
		}, nil, 0, "was signed by"},
	} {
		r, err := operator.NewRequest(key, "bot", owner, omni.Actor{}, domain, now)
		if err != nil {
			t.Fatal(err)
		}
		c.edit(&r)
		if c.by != nil {
			resign(t, c.by, &r)
		}
		err = r.Verify(owner, omni.Actor{}, domain, now.Add(c.at))
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (!errors.Is(err, operator.ErrRequest) || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: got %v, want a refusal with %q", c.name, err, c.want)
		}
	}
}

// TestFurtherKey: the operator says of which actor a new key is; the request
// alone cannot.
func TestFurtherKey(t *testing.T) {
	key := newKey(t)
	sibling, other := omni.ActorOfWallet([20]byte{3}), omni.ActorOfWallet([20]byte{4})
	own, err := operator.NewRequest(key, "bot-2", owner, omni.Actor{}, domain, now)
	if err != nil {
		t.Fatal(err)
	}
	further, err := operator.NewRequest(key, "bot-2", owner, sibling, domain, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		r     operator.Request
		keyOf omni.Actor
		want  string
	}{
		{"as the operator says", further, sibling, ""},
		{"own actor, and nothing said", own, omni.Actor{}, ""},
		{"the request alone", further, omni.Actor{}, "say so with --key-of"},
		{"another actor than the operator says", further, other, "asks to be actor"},
		{"own actor, and the operator says another", own, sibling, "asks to be actor"},
	} {
		err := c.r.Verify(owner, c.keyOf, domain, now)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (!errors.Is(err, operator.ErrRequest) || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

func TestRequestFile(t *testing.T) {
	r, err := operator.NewRequest(newKey(t), "bot", owner, omni.Actor{}, domain, now)
	if err != nil {
		t.Fatal(err)
	}
	r.Signature.R[0] = 0 // so that the file has a part that can be cut away
	good, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := operator.ParseRequest(good); err != nil || !reflect.DeepEqual(got, r) {
		t.Fatalf("%+v %v", got, err)
	}
	zero := "0x" + strings.Repeat("00", 32)
	for name, file := range map[string]string{
		"empty":         "",
		"another type":  strings.Replace(string(good), "agent-request/v1", "agent-request/v2", 1),
		"unknown":       strings.Replace(string(good), "{", `{"x":1,`, 1),
		"duplicate":     strings.Replace(string(good), "{", `{"deadline":1,`, 1),
		"trailing":      string(good) + "{}",
		"no operator":   strings.Replace(string(good), r.Operator.String(), zero, 1),
		"no actor":      strings.Replace(string(good), r.Actor.String(), zero, 1),
		"bad agent":     strings.Replace(string(good), r.Agent.Hex(), "0x12", 1),
		"bad registry":  strings.Replace(string(good), domain.Contract.Hex(), "0x12", 1),
		"bad signature": strings.Replace(string(good), `"signature":"0x`, `"signature":"0xzz`, 1),
		"short":         strings.Replace(string(good), `"signature":"0x00`, `"signature":"0x`, 1),
	} {
		if file == string(good) {
			t.Errorf("%s: changes nothing", name)
		}
		if _, err := operator.ParseRequest([]byte(file)); !errors.Is(err, operator.ErrRequest) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParseRequest(f *testing.F) {
	f.Add([]byte(`{"type":"agentkeys/agent-request/v1"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := operator.ParseRequest(b); err != nil && !errors.Is(err, operator.ErrRequest) {
			t.Fatal(err)
		}
	})
}
