package keys

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/litentry/agentkeys/pkg/apierr"
)

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
	fresh := func(t *testing.T) *Keyring { return made(t, 1) }
	prepare := func(k *Keyring, epoch uint64) error {
		_, err := k.Prepare(t.Context(), epoch, epoch-1)
		return err
	}
	t.Run("zeros", func(t *testing.T) {
		k := fresh(t)
		k.o.random = zeros{}
		if _, _, err := k.New(t.Context(), r); apierr.CodeOf(err) != apierr.SignerUnavailable || !errors.Is(err, ErrBadDEK) {
			t.Error(err)
		}
		if err := prepare(k, 2); !errors.Is(err, ErrBadDEK) {
			t.Error(err)
		}
		o := options(t)
		o.random = zeros{}
		if _, err := Create(t.Context(), o); err == nil || !strings.Contains(err.Error(), "random") {
			t.Error(err)
		}
		if _, err := os.Lstat(o.Path); !errors.Is(err, fs.ErrNotExist) {
			t.Error("a keyring was made of zeros:", err)
		}
	})
	t.Run("repeats", func(t *testing.T) {
		k := fresh(t)
		k.o.random = stuck{}
		if _, _, err := k.New(t.Context(), r); err != nil {
			t.Error(err) // one block alone cannot be told from an honest one
		}
		if _, _, err := k.New(t.Context(), r); apierr.CodeOf(err) != apierr.SignerUnavailable {
			t.Error(err)
		}
		if err := prepare(k, 2); err != nil {
			t.Error(err)
		}
		if err := prepare(k, 3); err == nil {
			t.Error("two epochs with one key")
		}
	})
	t.Run("ends", func(t *testing.T) {
		for _, n := range []int{0, Size - 1, Size, Size + wrapNonce - 1} {
			k := fresh(t)
			k.o.random = bytes.NewReader(unhex(t, vectors(t)[0].Envelope)[20 : 20+n])
			if _, _, err := k.New(t.Context(), r); apierr.CodeOf(err) != apierr.SignerUnavailable {
				t.Error(n, err)
			}
			k.o.random = iotest.ErrReader(errors.New("no entropy"))
			if err := prepare(k, 2); err == nil {
				t.Error("a key out of nothing")
			}
			if _, err := k.Remake(t.Context(), 2, 2); err == nil {
				t.Error("a key out of nothing")
			}
		}
	})
}
