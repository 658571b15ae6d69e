package client_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/journal"
)

func TestTail(t *testing.T) {
	a := newAuditor(t)
	a.fill(600, "x")
	for _, c := range []struct {
		result audit.Result
		n      int
		want   string
	}{
		{"", 3, "[598 599 600]"},
		{audit.Allowed, 3, "[580 590 600]"},
		{audit.Denied, 3, "[]"},
	} {
		found, err := a.source(t).Tail(t.Context(), api.AuditQuery{Result: c.result}, 600, c.n)
		if err != nil {
			t.Fatal(err)
		}
		at := []uint64{}
		for _, e := range found {
			r, err := journal.DecodeRecord([]byte(e.Leaf))
			if err != nil {
				t.Fatal(err)
			}
			at = append(at, r.Position)
		}
		if got := fmt.Sprint(at); got != c.want {
			t.Errorf("%s: %s", c.result, got)
		}
	}
	if found, err := a.source(t).Tail(t.Context(), api.AuditQuery{}, 600, 1000); err != nil || len(found) != 600 {
		t.Error(len(found), err)
	}
}

// TestTailOfALiar: pages in a circle, and an end that is out of reach, end all the same.
func TestTailOfALiar(t *testing.T) {
	a := newAuditor(t)
	endless := apierr.New(apierr.InternalError, "it asks on and on")
	asked := 0
	for name, c := range map[string]struct {
		end  uint64
		next func(cursor string) string
		asks int
	}{
		"the end":    {600, func(string) string { return "" }, 8},
		"the same":   {3, func(string) string { return "7" }, 2},
		"a circle":   {3, func(at string) string { return map[string]string{"": "5", "5": "4", "4": "5"}[at] }, 2},
		"no cursor":  {3, func(string) string { return "x" }, 1},
		"far beyond": {math.MaxUint64, func(string) string { return "" }, 64},
	} {
		asked = 0
		a.lie = func(cursor string) (api.AuditEvents, error) {
			if asked++; asked > 100 {
				return api.AuditEvents{}, endless
			}
			return api.AuditEvents{Next: c.next(cursor)}, nil
		}
		if found, err := a.source(t).Tail(t.Context(), api.AuditQuery{}, c.end, 3); err != nil || len(found) != 0 || asked > c.asks {
			t.Errorf("%s: %d, %v after %d", name, len(found), err, asked)
		}
	}
}
