package cred_test

import (
	"errors"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/audit/audittest"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
)

// TestNothingBeforeTheDisk: an event that began is not durable. Before it is, no data
// key is asked for, nothing changes, and nothing is answered.
func TestNothingBeforeTheDisk(t *testing.T) {
	w := newWorld(t)
	a := &asked{DataKeys: keystest.New(t)}
	w.keys = a
	w.startWorker()
	p := w.people[0]
	if err := w.call(p, ops[0]).send(); err != nil {
		t.Fatal(err)
	}
	store := must[*blob.Store](t)(blob.New(blob.Config{Endpoint: w.endpoint, Region: "us-east-1", Bucket: bucket}))
	stored := func() string {
		return string(must[[]byte](t)(store.Open(p.session).Get(t.Context(), blob.CredentialKey(p.actor, name(t, "github")))))
	}
	object, full := stored(), errors.New("the disk is full")
	for _, o := range ops {
		for _, part := range []string{"begun", "durable"} {
			waited, before := int64(-1), a.n.Load()
			refuse := func(at string) func(audit.Event) error {
				return func(e audit.Event) error {
					if e.Result == audit.Allowed && at == part {
						waited = a.n.Load()
						return full
					}
					return nil
				}
			}
			w.sink = audittest.TwoParts{Begun: refuse("begun"), Durable: refuse("durable")}
			w.startWorker()
			c := w.call(p, o)
			if err := c.send(); apierr.CodeOf(err) != apierr.AuditUnavailable || c.receipt != "" || c.reply != nil {
				t.Errorf("%s, not %s: %v, receipt %q, answer %q", o.action.Op, part, err, c.receipt, c.reply)
			}
			if waited != before || a.n.Load() != waited || stored() != object {
				t.Errorf("%s, not %s: %d data keys when the sink was asked, %d after, %d before", o.action.Op, part, waited, a.n.Load(), before)
			}
			told := 0
			w.sink = audittest.TwoParts{Durable: func(e audit.Event) error {
				if e.Result == audit.Allowed { // of the goroutine that answers
					told++
				}
				return nil
			}}
			w.startWorker()
			if o.action == ops[len(ops)-1].action && part == "begun" {
				continue // a teardown would take away what the next round looks at
			}
			c = w.call(p, o) // the twin
			if err := c.send(); err != nil || c.receipt == "" || told != 1 {
				t.Errorf("%s, %s: %v, receipt %q, %d told", o.action.Op, part, err, c.receipt, told)
			}
			if o.action == ops[0].action {
				object = stored()
			}
		}
	}
}
