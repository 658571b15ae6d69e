package httpd

import (
	"strconv"
	"testing"
	"time"
)

func TestQuota(t *testing.T) {
	now := time.Unix(1000, 0)
	q := NewQuota(2, 10, func() time.Time { return now })
	for i, step := range []struct {
		key   string
		n     int
		after time.Duration
		want  bool
	}{
		{"a", 11, 0, false},
		{"a", 10, 0, true}, // what was refused took nothing
		{"a", 1, 0, false},
		{"b", 10, 0, true}, // each key has its own
		{"a", 3, time.Second, false},
		{"a", 2, 0, true},
		{"a", 10, 5*time.Second - 1, false},
		{"a", 10, 1, true},
	} {
		now = now.Add(step.after)
		if got := q.Take(step.key, step.n); got != step.want {
			t.Errorf("step %d: %t", i, got)
		}
	}
}

// TestQuotaForgets keys that have used nothing, and no others.
func TestQuotaForgets(t *testing.T) {
	now := time.Unix(1000, 0)
	q := NewQuota(1, 2, func() time.Time { return now })
	for i := range maxQuotas {
		q.Take(strconv.Itoa(i), 1)
	}
	now = now.Add(time.Second)
	q.Take("0", 2)
	if q.Take("new", 1); len(q.of) != 2 {
		t.Errorf("%d keys are remembered", len(q.of))
	}
	if q.Take("0", 1) {
		t.Error("a quota that was used came back")
	}
}
