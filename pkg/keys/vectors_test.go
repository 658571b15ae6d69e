package keys

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"testing"
	"testing/iotest"

	"github.com/litentry/agentkeys/pkg/apierr"
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
			if aad, err := b.AAD("agentkeys/envelope/v1"); err != nil || hex.EncodeToString(aad)+"0101" != v.DataAAD {
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

// TestRingRefusesBadKeys: keys that fit their check value and are none.
func TestRingRefusesBadKeys(t *testing.T) {
	good := unhex(t, vectors(t)[0].K3)
	for what, c := range map[string]struct {
		k3   []byte
		want error
	}{
		"good": {good, nil}, "short": {good[1:], ErrKeyringInvalid}, "long": {append(good[:Size:Size], 1), ErrKeyringInvalid},
		"empty": {nil, ErrKeyringInvalid}, "zeros": {make([]byte, Size), ErrKeyringInvalid},
	} {
		b, err := ring{k3: map[uint64]secret.Secret{1: secret.New(c.k3)}}.encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseRing(b); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestCreateFileNeverOverwrites: of two processes that start at one instant, the
// second must not put its key in the place of the first one's.
func TestCreateFileNeverOverwrites(t *testing.T) {
	path := t.TempDir() + "/keyring.json"
	if err := createFile(path, rand.Reader); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := createFile(path, rand.Reader); !errors.Is(err, fs.ErrExist) {
		t.Error(err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, before) {
		t.Error("a keyring was overwritten", err)
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

// broken random sources, and how many bytes they give before they break.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// stuck gives one honest-looking block again and again.
type stuck struct{}

func (stuck) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(i)
	}
	return len(p), nil
}

func TestBrokenRandomSources(t *testing.T) {
	r := Request{Binding: vectors(t)[0].binding(t), Epoch: 1}
	fresh := func(t *testing.T) *Keyring {
		k, err := CreateKeyring(t.TempDir()+"/keyring.json", "development")
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	t.Run("zeros", func(t *testing.T) {
		k := fresh(t)
		k.random = zeros{}
		if _, _, err := k.New(t.Context(), r); apierr.CodeOf(err) != apierr.SignerUnavailable || !errors.Is(err, ErrBadDEK) {
			t.Error(err)
		}
		if err := k.AddEpoch(2); !errors.Is(err, ErrBadDEK) {
			t.Error(err)
		}
		if err := createFile(t.TempDir()+"/k", zeros{}); !errors.Is(err, ErrBadDEK) {
			t.Error(err)
		}
	})
	t.Run("repeats", func(t *testing.T) {
		k := fresh(t)
		k.random = stuck{}
		if _, _, err := k.New(t.Context(), r); err != nil {
			t.Error(err) // one block alone cannot be told from an honest one
		}
		if _, _, err := k.New(t.Context(), r); apierr.CodeOf(err) != apierr.SignerUnavailable {
			t.Error(err)
		}
		if err := k.AddEpoch(2); err != nil {
			t.Error(err)
		}
		if err := k.AddEpoch(3); err == nil {
			t.Error("two epochs with one key")
		}
	})
	t.Run("ends", func(t *testing.T) {
		for _, n := range []int{0, Size - 1, Size, Size + wrapNonce - 1} {
			k := fresh(t)
			k.random = bytes.NewReader(unhex(t, vectors(t)[0].Envelope)[20 : 20+n])
			if _, _, err := k.New(t.Context(), r); apierr.CodeOf(err) != apierr.SignerUnavailable {
				t.Error(n, err)
			}
			k.random = iotest.ErrReader(errors.New("no entropy"))
			if err := k.AddEpoch(2); err == nil {
				t.Error("a key out of nothing")
			}
		}
	})
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
