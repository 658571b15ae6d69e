package keys

import (
	"bytes"
	"encoding/hex"
	"os"
	"strconv"
	"testing"

	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// vector is one case of testdata/vectors/envelope.json.
type vector struct {
	Name       string        `json:"name"`
	Class      service.Class `json:"class"`
	Operator   omni.Operator `json:"operator"`
	Actor      omni.Actor    `json:"actor"`
	Service    service.Name  `json:"service"`
	Key        string        `json:"key"`
	Version    string        `json:"version"`
	Epoch      uint64        `json:"epoch"`
	Plaintext  string        `json:"plaintext"`
	K3         string        `json:"k3"`
	K3Check    string        `json:"k3_check"`
	KEK        string        `json:"kek"`
	DEK        string        `json:"dek"`
	WrapRandom string        `json:"wrap_random"`
	Nonce      string        `json:"nonce"`
	WrapAAD    string        `json:"wrap_aad"`
	Wrapped    string        `json:"wrapped"`
	DataAAD    string        `json:"data_aad"`
	Commitment string        `json:"commitment"`
	Envelope   string        `json:"envelope"`
}

func vectors(t *testing.T) []vector {
	t.Helper()
	b, err := os.ReadFile("../../testdata/vectors/envelope.json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Comment string   `json:"comment"`
		Cases   []vector `json:"cases"`
	}
	if err := strictjson.Decode(b, &f); err != nil || len(f.Cases) == 0 {
		t.Fatal(err, len(f.Cases))
	}
	return f.Cases
}

func (v vector) binding(t *testing.T) Binding {
	t.Helper()
	n, err := strconv.ParseUint(v.Version, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return Binding{v.Class, v.Operator, v.Actor, v.Service, v.Key, n}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestVectors(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			b, k3 := v.binding(t), secret.New(unhex(t, v.K3))
			if aad, err := b.AAD("agentkeys/envelope/v1"); err != nil || hex.EncodeToString(aad)+v.Envelope[8:12] != v.DataAAD {
				t.Errorf("data AAD %x, %v", aad, err)
			}
			aad, err := b.wrapAAD(v.Epoch)
			if err != nil || hex.EncodeToString(aad) != v.WrapAAD {
				t.Errorf("wrap AAD %x, %v", aad, err)
			}
			if check, err := keyCheck(k3); err != nil || check != v.K3Check {
				t.Errorf("check value %s, %v", check, err)
			}
			key, err := deriveKEK(k3, b)
			if err != nil {
				t.Fatal(err)
			}
			dek, err := NewDEK(unhex(t, v.DEK))
			if err != nil {
				t.Fatal(err)
			}
			w, err := key.wrap(bytes.NewReader(unhex(t, v.WrapRandom)), dek, aad)
			if err != nil || hex.EncodeToString(w[:]) != v.Wrapped {
				t.Errorf("wrap %x, %v", w, err)
			}
			if back, err := key.unwrap(w, aad); err != nil || !back.Equal(dek.Secret) {
				t.Errorf("unwrap: %v", err)
			}
		})
	}
}

// TestKEKIsPerEpochClassOperatorActor: everything else is left to the AAD.
func TestKEKIsPerEpochClassOperatorActor(t *testing.T) {
	b := vectors(t)[0].binding(t)
	seen := map[string]bool{b.kekInfo(): true}
	for _, f := range []func(*Binding){
		func(b *Binding) { b.Class = service.Memory },
		func(b *Binding) { b.Operator = omni.OperatorOfWallet([20]byte{9}) },
		func(b *Binding) { b.Actor = omni.ActorOfWallet([20]byte{9}) },
		func(b *Binding) { b.Operator, b.Actor = omni.Operator(b.Actor), omni.Actor(b.Operator) },
	} {
		other := b
		f(&other)
		if info := other.kekInfo(); seen[info] {
			t.Errorf("two KEKs are one: %q", info)
		} else {
			seen[info] = true
		}
	}
}

func TestNoKEKWithoutK3(t *testing.T) {
	v := vectors(t)[0]
	for _, n := range []int{0, Size - 1} {
		if _, err := deriveKEK(secret.New(unhex(t, v.K3)[:n]), v.binding(t)); err == nil {
			t.Errorf("a KEK out of %d bytes", n)
		}
	}
}

// TestWrapNonce: the same random bytes again give another nonce unless AAD and
// DEK repeat too.
func TestWrapNonce(t *testing.T) {
	v := vectors(t)[0]
	b := v.binding(t)
	key, err := deriveKEK(secret.New(unhex(t, v.K3)), b)
	if err != nil {
		t.Fatal(err)
	}
	one, _ := NewDEK(unhex(t, v.DEK))
	two, _ := NewDEK(unhex(t, v.K3))
	aad1, _ := b.wrapAAD(1)
	aad2, _ := b.wrapAAD(2)
	nonces := map[string]bool{}
	for _, c := range []struct {
		dek DEK
		aad []byte
	}{{one, aad1}, {one, aad2}, {two, aad1}, {two, aad2}, {one, aad1}} {
		w, err := key.wrap(zeros{}, c.dek, c.aad)
		if err != nil {
			t.Fatal(err)
		}
		nonces[string(w[:wrapNonce])] = true
	}
	if len(nonces) != 4 {
		t.Errorf("%d nonces for four different wraps", len(nonces))
	}
}
