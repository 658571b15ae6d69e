package auditproof

import (
	"fmt"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/journal"
)

// Emitters are whose receipts count: who verifies those of each role, by its name.
type Emitters map[string]*audit.Verifier

// Receipt refuses a record that does not carry the receipt that its emitter
// signed for exactly this event under this number; a note carries none.
func (e Emitters) Receipt(r journal.Record) error {
	if r.Event.Result == audit.Noted {
		if r.Signature != "" {
			return fmt.Errorf("%w: it is a note, which carries none", audit.ErrReceipt)
		}
		return nil
	}
	role, known := e[r.Event.Emitter]
	switch {
	case r.Signature == "":
		return fmt.Errorf("%w: the record carries none", audit.ErrReceipt)
	case !known:
		return fmt.Errorf("%w: no keys of the role %s are known", audit.ErrReceipt, r.Event.Emitter)
	}
	s, err := role.Verify(r.Signature)
	if err != nil {
		return err
	}
	return stated(s, r)
}

func stated(s audit.Statement, r journal.Record) error {
	if err := s.Covers(r.Event); err != nil {
		return err
	}
	if s.Source != r.Source || s.Sequence != r.Sequence {
		return fmt.Errorf("%w: it gives the event another number", audit.ErrReceipt)
	}
	return nil
}

// EventOf reads which event a receipt is for. Whether it is genuine is not
// decided here: see [Holds].
func EventOf(receipt string) (string, error) {
	s, err := audit.ReadReceipt(receipt)
	return s.Event, err
}

// Holds refuses a record that is not the one of the receipt that somebody was
// handed: the very text must be the record's signature, and must state the
// record's event. Nobody's keys are needed for it: what was handed out is what is
// in the tree.
func Holds(r journal.Record, receipt string) error {
	s, err := audit.ReadReceipt(receipt)
	if err != nil {
		return err
	}
	if r.Signature != receipt {
		return fmt.Errorf("%w: %w: the record carries another one", ErrNotGenuine, audit.ErrReceipt)
	}
	if err := stated(s, r); err != nil {
		return fmt.Errorf("%w: %w", ErrNotGenuine, err)
	}
	return nil
}
