package keys_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
	"github.com/litentry/agentkeys/pkg/seal"
)

// service is a key service that hands out what it was given, until it is gone
// or damages it.
type keyService struct{ gone, damage bool }

var errGone = apierr.New(apierr.SignerUnavailable, "the KMS did not answer")

func (s *keyService) Encrypt(ctx context.Context, plaintext []byte, _ map[string]string) ([]byte, error) {
	if s.gone {
		return nil, errGone
	}
	out := append([]byte("blob"), plaintext...)
	if s.damage {
		out[9] ^= 1
	}
	return out, ctx.Err()
}

func (s *keyService) Decrypt(ctx context.Context, blob []byte, _ map[string]string) ([]byte, error) {
	if s.gone {
		return nil, errGone
	}
	return slices.Clone(blob[4:]), ctx.Err()
}

// TestUnderAKMS: while the key service is gone, keys that are in memory work,
// nothing is written, and nothing reads as another key.
func TestUnderAKMS(t *testing.T) {
	s := &keyService{}
	o := keystest.Options(t)
	var err error
	if o.Seal, err = seal.KMS(s, map[string]string{"deployment": "test"}, errors.New("refused")); err != nil {
		t.Fatal(err)
	}
	k, err := keys.Create(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	_, w, err := k.New(t.Context(), request(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	before := save(t, o)
	s.gone = true
	if _, err := k.Unwrap(t.Context(), request(t, 0), w); err != nil {
		t.Error(err)
	}
	if _, _, err := k.New(t.Context(), request(t, 1)); err != nil {
		t.Error(err)
	}
	w.Epoch = 9
	_, err = k.Unwrap(t.Context(), request(t, 0), w)
	wantCode(t, err, apierr.EnvelopeInvalid) // the mark says that nothing is new
	for what, f := range map[string]func() error{
		"open":    func() error { _, err := keys.Open(t.Context(), o); return err },
		"prepare": func() error { _, err := k.Prepare(t.Context(), 2, 1); return err },
		"backup":  func() error { _, err := k.Backup(t.Context(), o.Seal); return err },
	} {
		if err := f(); !errors.Is(err, errGone) || apierr.CodeOf(err) != apierr.SignerUnavailable || errors.Is(err, seal.ErrSeal) {
			t.Errorf("%s: %v", what, err)
		}
	}
	s.gone, s.damage = false, true
	if _, err := k.Prepare(t.Context(), 2, 1); !errors.Is(err, seal.ErrDamaged) {
		t.Error("a keyring that does not open was written:", err)
	}
	if save(t, o) != before {
		t.Error("the files changed")
	}
	s.damage = false
	prepare(t, k, 2)
	reopen(t, o)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := keys.Open(ended, o); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
