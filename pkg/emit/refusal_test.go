package emit_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/journal"
)

// TestARefusalRefuses: a no of the audit role is a no to the next callers, at once;
// what only has to be kept is kept. When the role takes again, so does the spool.
func TestARefusalRefuses(t *testing.T) {
	t.Parallel()
	for _, code := range []apierr.Code{apierr.AuditUnavailable, apierr.InternalError, apierr.Unauthorized, apierr.NotFound} {
		synctest.Test(t, func(t *testing.T) {
			r := &role{answer: refuse(code)}
			s := open(t, config(t, r))
			mustEmit(t, s, "1")
			synctest.Wait()
			from := time.Now()
			_, err := s.Emit(t.Context(), event("2"))
			refused(t, string(code), err, "the audit role refuses: "+string(code))
			if _, err := s.Keep(t.Context(), event("3")); err != nil {
				t.Errorf("%s: not kept: %v", code, err)
			}
			if d := time.Since(from); d != 0 {
				t.Errorf("it took %s to refuse", d)
			}
			if age, err := s.Ready(t.Context()); err == nil || age != 0 {
				t.Errorf("ready: %s, %v", age, err)
			}
			time.Sleep(5 * time.Second)
			if n := r.asked(); n < 3 || n > 50 {
				t.Errorf("asked %d times", n)
			}
			// That nobody answers now, or that it is behind, does not make it a yes.
			for _, no := range []func([]journal.Entry) error{silence, refuse(apierr.RateLimited)} {
				r.answers(no)
				time.Sleep(3 * time.Second)
				_, err = s.Emit(t.Context(), event("2"))
				refused(t, string(code), err, "the audit role refuses: "+string(code))
			}
			r.answers(nil)
			time.Sleep(3 * time.Second)
			mustEmit(t, s, "4")
			if age, err := s.Ready(t.Context()); age != 0 || err != nil {
				t.Errorf("ready: %s, %v", age, err)
			}
			closed(t, s)
			sound(t, r.entries(), 3)
		})
	}
}
