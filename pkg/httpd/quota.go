package httpd

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Quota limits how much each key may have: a refusal takes nothing, so that what was
// refused as a whole can be asked for again. It is safe for concurrent use.
type Quota struct {
	perSecond rate.Limit
	burst     int
	now       func() time.Time

	mu sync.Mutex // guards of
	of map[string]*rate.Limiter
}

// maxQuotas is how many keys are remembered before those who have all of their
// quota again are forgotten.
const maxQuotas = 10_000

// NewQuota gives each key burst at once, and perSecond more each second.
func NewQuota(perSecond float64, burst int, now func() time.Time) *Quota {
	return &Quota{perSecond: rate.Limit(perSecond), burst: burst, now: now, of: map[string]*rate.Limiter{}}
}

// Take takes n for a key, or nothing.
func (q *Quota) Take(key string, n int) bool {
	now := q.now()
	q.mu.Lock()
	defer q.mu.Unlock()
	l, ok := q.of[key]
	if !ok {
		if len(q.of) >= maxQuotas {
			q.forget(now)
		}
		l = rate.NewLimiter(q.perSecond, q.burst)
		q.of[key] = l
	}
	return l.AllowN(now, n)
}

// forget drops the keys that have used nothing, as a new one has not. q.mu is held.
func (q *Quota) forget(now time.Time) {
	for key, l := range q.of {
		if l.TokensAt(now) >= float64(q.burst) {
			delete(q.of, key)
		}
	}
}
