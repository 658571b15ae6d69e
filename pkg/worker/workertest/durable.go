package workertest

import (
	"errors"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/audit/audittest"
)

// nothingBeforeTheDisk: an event that began is not durable. Before it is, no data key
// is asked for, nothing changes, and nothing is answered, not even what else is wrong.
func (s Suite) nothingBeforeTheDisk(t *testing.T) {
	w, a, p, stored := s.holding(t)
	object, full := stored(), audit.Unavailable(errors.New("the disk is full"))
	for _, o := range s.Ops {
		for _, part := range []string{"begun", "durable"} {
			keys, before := int64(-1), a.N.Load() // that were asked for when the sink was
			at := func(which string) func(audit.Event) error {
				return func(e audit.Event) error {
					if e.Result == audit.Allowed && which == part {
						keys = a.N.Load()
						return full
					}
					return nil
				}
			}
			w.Sink = audittest.TwoParts{Begun: at("begun"), Durable: at("durable")}
			w.Start()
			c := w.Call(p, o)
			if err := c.Send(); apierr.CodeOf(err) != apierr.AuditUnavailable || c.Receipt != "" || c.ETag != "" || c.Reply != nil {
				t.Errorf("%s, not %s: %v, receipt %q, answer %q", o.Action.Op, part, err, c.Receipt, c.Reply)
			}
			if keys != before || a.N.Load() != before || stored() != object {
				t.Errorf("%s, not %s: it was touched before", o.Action.Op, part)
			}
		}
	}
	for _, o := range s.Ops { // the twins
		waited := 0
		w.Sink = audittest.TwoParts{Durable: func(e audit.Event) error {
			if e.Result == audit.Allowed { // by the goroutine that answers
				waited++
			}
			return nil
		}}
		w.Start()
		c := w.Call(p, o)
		if err := c.Send(); err != nil || c.Receipt == "" || waited != 1 {
			t.Errorf("%s: %v, receipt %q, the disk was waited for %d times", o.Action.Op, err, c.Receipt, waited)
		}
	}
}
