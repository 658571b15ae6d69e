package keys

import (
	"bytes"
	"crypto/rand"
	"errors"
	"testing"
)

// FuzzParseRing: a keyring file is refused by name, or means exactly what
// writing it again would say.
func FuzzParseRing(f *testing.F) {
	r, err := ring{}.with(1, rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	good, err := r.raised(1).encode()
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{good, nil, []byte(`{"format":"agentkeys/keyring/v1","high_water":0,"epochs":[]}`), bytes.ToUpper(good)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		r, err := parseRing(in)
		if err != nil {
			if !errors.Is(err, ErrKeyringInvalid) {
				t.Fatal(err)
			}
			return
		}
		again, err := r.encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := parseRing(again)
		if err != nil || back.highWater != r.highWater || len(back.k3) != len(r.k3) {
			t.Fatal(err)
		}
		for e, k3 := range r.k3 {
			if !back.k3[e].Equal(k3) {
				t.Fatalf("epoch %d changed", e)
			}
		}
	})
}
