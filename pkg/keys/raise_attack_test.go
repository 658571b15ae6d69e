package keys_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
	"github.com/litentry/agentkeys/pkg/seal"
)

// metered is a key service that counts how often it is asked.
type metered struct{ asked atomic.Int64 }

func (m *metered) Encrypt(_ context.Context, plaintext []byte, _ map[string]string) ([]byte, error) {
	m.asked.Add(1)
	return slices.Clone(plaintext), nil
}

func (m *metered) Decrypt(_ context.Context, blob []byte, _ map[string]string) ([]byte, error) {
	m.asked.Add(1)
	return slices.Clone(blob), nil
}

// TestAnEpochWithoutAKeyCostsNothing: while the chain names an epoch that has no
// key, whoever may ask, as often as they like, opens no seal with it.
func TestAnEpochWithoutAKeyCostsNothing(t *testing.T) {
	m := &metered{}
	o := keystest.Options(t)
	var err error
	if o.Seal, err = seal.KMS(m, map[string]string{"for": "test"}, errors.New("refused")); err != nil {
		t.Fatal(err)
	}
	k, err := keys.Create(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	other := reopen(t, o)
	if err := k.Raise(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if err := k.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := m.asked.Load()
	for range 50 {
		if err := k.Raise(t.Context(), 2); !errors.Is(err, keys.ErrEpochMissing) {
			t.Fatal(err)
		}
	}
	if n := m.asked.Load() - before; n != 0 {
		t.Errorf("%d questions to the key service", n)
	}
	// The positive twin: the key that another process made meanwhile is found.
	if _, err := other.Prepare(t.Context(), 2, 1); err != nil {
		t.Fatal(err)
	}
	if err := k.Raise(t.Context(), 2); err != nil {
		t.Error(err)
	}
	if m.asked.Load() == before {
		t.Error("the meter does not count")
	}
}
