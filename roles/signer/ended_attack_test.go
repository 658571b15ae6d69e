package signer

import (
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
	"github.com/litentry/agentkeys/pkg/role"
)

// TestAnEpochThatHasNotEndedHere: the chain has passed the epoch and this signer
// has not looked yet. Without an end there is no delay that could have run
// out.
func TestAnEpochThatHasNotEndedHere(t *testing.T) {
	k := keystest.WithEpochs(t, 2)
	now := keystest.Options(t).Now().Add(100 * time.Hour)
	s := &Signer{env: role.Env{Now: func() time.Time { return now }}, p: Parts{Keys: k, DestroyDelay: time.Hour}}
	if err := k.Raise(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if err := s.ended(1); apierr.CodeOf(err) != apierr.EpochConflict {
		t.Error(err)
	}
	// The positive twin: it ended, long ago.
	if err := k.Raise(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	if err := s.ended(1); err != nil {
		t.Error(err)
	}
}
