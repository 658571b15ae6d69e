package emit

import (
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
)

// Outcome makes known what became of an allowed decision: completed when why is
// nil, failed otherwise. It never waits, and nothing depends on it.
func (r *Reporter) Outcome(decision audit.Event, why error) {
	e := decision
	e.ID, e.Time, e.Decision, e.Result, e.Code = audit.NewID(), r.o.Now(), decision.ID, audit.Completed, ""
	if why != nil {
		e.Result, e.Code = audit.Failed, apierr.CodeOf(why)
		if _, known := apierr.Lookup(e.Code); !known {
			e.Code = apierr.InternalError
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		r.drop(e, 1, "the role is closing")
		return
	}
	select {
	case r.outcomes <- struct{}{}:
	default:
		r.drop(e, 1, "too many outcomes at a time")
		return
	}
	r.carrying.Add(1)
	if r.gathered = append(r.gathered, e); len(r.gathered) == 1 {
		r.beat = time.AfterFunc(gatherTime, r.carryGathered)
	}
}

// carryGathered hands what was gathered to the sink, all at once.
func (r *Reporter) carryGathered() {
	r.mu.Lock()
	outcomes := r.gathered
	r.gathered = nil
	r.mu.Unlock()
	for _, e := range outcomes {
		go func() {
			defer r.carrying.Done()
			defer func() { <-r.outcomes }()
			if _, err := r.carry(e); err != nil {
				r.mu.Lock()
				defer r.mu.Unlock()
				r.drop(e, 1, "the audit log did not take an outcome: "+err.Error())
			}
		}()
	}
}
