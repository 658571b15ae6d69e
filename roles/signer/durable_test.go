package signer_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/audit/audittest"
	"github.com/litentry/agentkeys/pkg/jose"
)

// TestNoKeyBeforeTheDisk: an event that began is not durable. The key is sealed by
// then, and stays here.
func TestNoKeyBeforeTheDisk(t *testing.T) {
	w := newPair(t)
	p := w.people[0]
	lost := errors.New("the disk is full")
	for _, o := range ops() {
		for name, sink := range map[string]audittest.TwoParts{
			"begun":   {Begun: func(audit.Event) error { return lost }},
			"durable": {Durable: func(audit.Event) error { return lost }},
		} {
			w.start(jose.KeySet{}, sink)
			c := w.call(p, o)
			if _, err := c.send(); apierr.CodeOf(err) != apierr.AuditUnavailable || bytes.Contains(c.reply, []byte("sealed")) {
				t.Errorf("%s, not %s: %v: %s", o.name, name, err, c.reply)
			}
		}
		asked := 0
		w.start(jose.KeySet{}, audittest.TwoParts{Durable: func(audit.Event) error { asked++; return nil }})
		if _, err := w.call(p, o).send(); err != nil || asked != 1 {
			t.Errorf("%s: %v, the sink was waited for %d times", o.name, err, asked)
		}
	}
}
