package audit_test

import (
	"errors"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/jose/josetest"
	"github.com/litentry/agentkeys/pkg/omni"
)

func TestReceipt(t *testing.T) {
	t.Parallel()
	f := josetest.New(t)
	keys, err := jose.NewKeySet(f.Key.Public())
	if err != nil {
		t.Fatal(err)
	}
	e, source := event(), audit.NewSource("signer", f.Key.Public(), "S1")
	receipt, err := audit.Sign(f.Key, source, 7, e)
	if err != nil || len(receipt) > audit.MaxReceipt {
		t.Fatal(err, len(receipt))
	}
	s, err := audit.VerifyReceipt(keys, receipt)
	if err != nil || s.Event != e.ID || s.Sequence != 7 || s.Source != source || s.Covers(e) != nil {
		t.Fatalf("%+v, %v, %v", s, err, s.Covers(e))
	}
	// The time is part of what was signed, to the millisecond.
	e.Time = e.Time.Truncate(time.Millisecond).UTC()
	if err := s.Covers(e); err != nil {
		t.Error(err)
	}
	for name, edit := range map[string]func(*audit.Event){
		"id":       func(e *audit.Event) { e.ID = jose.NewID() },
		"time":     func(e *audit.Event) { e.Time = e.Time.Add(time.Millisecond) },
		"operator": func(e *audit.Event) { e.Operator = omni.OperatorOfWallet([20]byte{9}) },
		"result":   func(e *audit.Event) { e.Result, e.Code = audit.Allowed, "" },
		"code":     func(e *audit.Event) { e.Code = apierr.DeviceNotActive },
		"emitter":  func(e *audit.Event) { e.Emitter = "cred" },
		"invalid":  func(e *audit.Event) { e.Op = "" },
	} {
		bad := e
		edit(&bad)
		if err := s.Covers(bad); !errors.Is(err, audit.ErrReceipt) {
			t.Errorf("another %s: %v", name, err)
		}
	}
	// A source of another role, by the right key, does not cover this role's event.
	other, err := audit.Sign(f.Key, audit.NewSource("cred", f.Key.Public(), "S1"), 7, e)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := audit.VerifyReceipt(keys, other); err != nil || !errors.Is(s.Covers(e), audit.ErrReceipt) {
		t.Errorf("another role: %v", err)
	}
	if _, err := audit.Sign(f.Key, source, 7, audit.Event{}); err == nil {
		t.Error("signed for no event")
	}
	if _, err := audit.Sign(f.Key, source, 1<<53, e); err == nil {
		t.Error("signed a number that there is not")
	}
	if _, err := audit.Sign(f.Key, "signer", 7, e); err == nil {
		t.Error("signed for no source")
	}
}
