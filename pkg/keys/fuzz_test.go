package keys

import (
	"bytes"
	"crypto/rand"
	"errors"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// FuzzParseRing: a document is refused by name, or means exactly what writing
// it again would say.
func FuzzParseRing(f *testing.F) {
	k := made(f, 3)
	if err := k.Raise(f.Context(), 3); err != nil {
		f.Fatal(err)
	}
	if _, err := k.Destroy(f.Context(), 1, 3); err != nil {
		f.Fatal(err)
	}
	r := k.snapshot()
	good, err := r.encode(ringFormat)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{good, nil, []byte(`{"format":"agentkeys/keyring/v2"}`), bytes.ToUpper(good), bytes.Replace(good, []byte("0"), []byte(`\u0030`), 1)} {
		f.Add(seed)
	}
	if _, err := parseRing(good, ringFormat); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		r, err := parseRing(in, ringFormat)
		if err != nil {
			if !errors.Is(err, ErrKeyringInvalid) {
				t.Fatal(err)
			}
			return
		}
		defer r.destroyBut(ring{})
		once, err := r.encode(ringFormat)
		if err != nil {
			t.Fatal(err)
		}
		back, err := parseRing(once, ringFormat)
		if err != nil {
			t.Fatal(err)
		}
		defer back.destroyBut(ring{})
		again, err := back.encode(ringFormat)
		if err != nil || !bytes.Equal(once, again) || !back.mark().equal(r.mark()) || back.deployment != r.deployment {
			t.Fatalf("%v\n%s\n%s", err, once, again)
		}
		// What a keyring says of itself in the clear must be readable too.
		m, err := r.mark().encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseMark(m); err != nil {
			t.Fatal(err)
		}
		for e, key := range r.keys {
			if !back.keys[e].same(key) {
				t.Fatalf("epoch %d changed", e)
			}
		}
	})
}

func FuzzParseMark(f *testing.F) {
	plain, err := made(f, 1).snapshot().mark().encode()
	if err != nil {
		f.Fatal(err)
	}
	k := made(f, 3)
	if err := k.Raise(f.Context(), 3); err != nil {
		f.Fatal(err)
	}
	for _, e := range []uint64{1, 2} {
		if _, err := k.Destroy(f.Context(), e, 3); err != nil {
			f.Fatal(err)
		}
	}
	good, err := k.snapshot().mark().encode()
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{good, plain, nil, []byte(`{}`), bytes.ToUpper(good), bytes.Replace(good, []byte(`"epoch":2`), []byte(`"epoch":1`), 1)} {
		f.Add(seed)
	}
	for _, b := range [][]byte{good, plain} {
		if _, err := parseMark(b); err != nil {
			f.Fatal(err)
		}
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		m, err := parseMark(in)
		if err != nil {
			if !errors.Is(err, ErrKeyringInvalid) {
				t.Fatal(err)
			}
			return
		}
		b, err := m.encode()
		if err != nil {
			t.Fatal(err)
		}
		if back, err := parseMark(b); err != nil || !back.equal(m) {
			t.Fatal(err)
		}
	})
}

// FuzzOpenSeal: nothing opens but what was sealed.
func FuzzOpenSeal(f *testing.F) {
	k := made(f, 1)
	if err := k.Raise(f.Context(), 1); err != nil {
		f.Fatal(err)
	}
	n, err := service.Parse("github")
	if err != nil {
		f.Fatal(err)
	}
	b := Binding{Class: service.Credentials, Operator: omni.OperatorOfWallet([20]byte{1}), Actor: omni.ActorOfWallet([20]byte{2}), Service: n}
	public, epoch, err := k.SealKey(SealBinding{b.Class, b.Operator, b.Actor}, 0)
	if err != nil {
		f.Fatal(err)
	}
	dek, err := drawDEK(rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	sealed, err := SealTo(public, b, epoch, dek)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed, uint64(1))
	f.Add(sealed[1:], uint64(2))
	f.Add(make([]byte, SealSize), uint64(0))
	f.Fuzz(func(t *testing.T, in []byte, epoch uint64) {
		got, err := k.OpenSeal(t.Context(), b, epoch, in)
		switch {
		case err == nil && (!got.Equal(dek.Secret) || epoch != 1 || !bytes.Equal(in, sealed)):
			t.Error("opened what was never sealed")
		case err != nil && (apierr.CodeOf(err) != apierr.EnvelopeInvalid || got.Len() != 0):
			t.Error(err)
		}
	})
}
