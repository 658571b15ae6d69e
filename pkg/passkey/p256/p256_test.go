package p256_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"errors"
	"io"
	"math/big"
	"testing"

	"github.com/litentry/agentkeys/pkg/passkey/p256"
)

func standard(in []byte) ([]byte, error) {
	word := make([]byte, 32)
	pub, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append([]byte{4}, in[96:]...))
	if err == nil && ecdsa.Verify(pub, in[:32], new(big.Int).SetBytes(in[32:64]), new(big.Int).SetBytes(in[64:96])) {
		word[31] = 1
	}
	return word, nil
}

func TestTheStandardLibraryKnowsTheAnswers(t *testing.T) {
	t.Parallel()
	if err := p256.Check(standard); err != nil {
		t.Fatal(err)
	}
	all, err := p256.KnownAnswers()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[[p256.Size]byte]string{}
	var valid int
	for _, k := range all {
		if other, ok := seen[k.Input]; ok {
			t.Errorf("%q and %q are one question", k.Name, other)
		}
		seen[k.Input] = k.Name
		if k.Valid {
			valid++
		}
	}
	if valid < 6 || len(all)-valid < 12 {
		t.Errorf("%d questions, %d of them valid", len(all), valid)
	}
}

func TestLiarsAreFound(t *testing.T) {
	t.Parallel()
	yes := make([]byte, 32)
	yes[31] = 1
	for name, liar := range map[string]func([]byte) ([]byte, error){
		"always yes":   func([]byte) ([]byte, error) { return yes, nil },
		"always no":    func([]byte) ([]byte, error) { return make([]byte, 32), nil },
		"always empty": func([]byte) ([]byte, error) { return nil, nil },
		"a short yes": func(in []byte) ([]byte, error) {
			out, err := standard(in)
			return out[31:], err
		},
		"takes x + p": func(in []byte) ([]byte, error) {
			p := elliptic.P256().Params().P
			x := new(big.Int).SetBytes(in[96:128])
			x.Mod(x, p).FillBytes(in[96:128])
			return standard(in)
		},
		"forgets r + n": func(in []byte) ([]byte, error) {
			if bytes.Equal(in[32:63], make([]byte, 31)) {
				return make([]byte, 32), nil
			}
			return standard(in)
		},
		"refuses the upper half": func(in []byte) ([]byte, error) {
			if in[64] > 0x7f {
				return make([]byte, 32), nil
			}
			return standard(in)
		},
	} {
		if err := p256.Check(liar); !errors.Is(err, p256.ErrWrongAnswer) {
			t.Errorf("%s: %v", name, err)
		}
	}
	err := p256.Check(func([]byte) ([]byte, error) { return nil, io.ErrUnexpectedEOF })
	if !errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, p256.ErrWrongAnswer) {
		t.Errorf("no answer: %v", err)
	}
}
