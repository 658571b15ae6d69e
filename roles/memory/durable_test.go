package memory_test

import (
	"errors"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/audit/audittest"
)

// TestNothingBeforeTheDisk: an event that began is not durable. Before it is, nothing
// is changed, and nothing answered, not even that a condition failed.
func TestNothingBeforeTheDisk(t *testing.T) {
	w := newWorld(t)
	p := w.people[0]
	if err := w.call(p, ops[0]).send(); err != nil {
		t.Fatal(err)
	}
	stored := func() string {
		return string(must[[]byte](t)(w.bucketOf(p).Get(t.Context(), w.object(p, "memory:notes", "Todo.md"))))
	}
	object := stored()
	w.sink = audittest.TwoParts{Durable: func(audit.Event) error { return errors.New("the disk is full") }}
	w.startWorker()
	for _, o := range ops {
		c := w.call(p, o)
		if err := c.send(); apierr.CodeOf(err) != apierr.AuditUnavailable || c.receipt != "" || c.etag != "" || c.reply != nil {
			t.Errorf("%s: %v, receipt %q, version %q, answer %q", o.action.Op, err, c.receipt, c.etag, c.reply)
		}
		if stored() != object {
			t.Fatalf("%s changed something", o.action.Op)
		}
	}
	w.sink = audittest.TwoParts{}
	w.startWorker()
	for _, o := range ops { // the twins
		if c := w.call(p, o); c.send() != nil || c.receipt == "" {
			t.Errorf("%s: %q, receipt %q", o.action.Op, c.reply, c.receipt)
		}
	}
}
