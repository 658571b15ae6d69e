package anchor

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
)

// Foreign is a root on chain that no journal explains: another one than the
// batch of that index has, or one where the journal has no batch. Somebody else
// has the relayer's key or the wallet, or the journal was rewritten or is not the
// newest.
type Foreign struct {
	Operator omni.Operator
	Index    uint64
	// Ours is zero where the journal has no such batch.
	Ours, Theirs         [32]byte
	OurCount, TheirCount uint64
}

// Error implements error.
func (e *Foreign) Error() string {
	ours := "the journal has no such batch"
	if e.OurCount > 0 {
		ours = fmt.Sprintf("the journal's is 0x%s over %d", hex.EncodeToString(e.Ours[:]), e.OurCount)
	}
	return fmt.Sprintf("a root that no journal explains: batch %d of operator %s is anchored as 0x%s over %d entries, %s; nothing is anchored for this operator until that is understood",
		e.Index, e.Operator.Short(), hex.EncodeToString(e.Theirs[:]), e.TheirCount, ours)
}

// ErrBehind: the chain shows fewer batches than were confirmed. It was
// reorganised below its confirmations, or it is another chain.
var ErrBehind = errors.New("the chain lost batches that were confirmed")

func behind(roots, missing uint64) error {
	return fmt.Errorf("%w: it shows %d, and batch %d is the first that is not confirmed", ErrBehind, roots, missing)
}

// OperatorStatus is how far an operator's batches are.
type OperatorStatus struct {
	Operator omni.Operator
	// Unfinished is how many batches were not confirmed at the last step, up to
	// chain.MaxBatches; Oldest is the index of the first of them, and Since when
	// this process saw it so first.
	Unfinished int
	Oldest     uint64
	Since      time.Time
	// Reason is why the last step did not go on; nil if nothing is wrong.
	Reason error
}

// Status lists the operators that have unfinished batches, in the order of their
// identifiers.
func (a *Anchorer) Status() []OperatorStatus {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := make([]OperatorStatus, 0, len(a.status))
	for _, s := range a.status {
		out = append(out, s)
	}
	slices.SortFunc(out, func(x, y OperatorStatus) int {
		p, q := x.Operator.Bytes(), y.Operator.Bytes()
		return bytes.Compare(p[:], q[:])
	})
	return out
}

// Foreign lists the roots that no journal explains, as of the last steps.
func (a *Anchorer) Foreign() (out []*Foreign) {
	for _, s := range a.Status() {
		var f *Foreign
		if errors.As(s.Reason, &f) {
			out = append(out, f)
		}
	}
	return out
}

// note records what a step left.
func (a *Anchorer) note(o omni.Operator, left []journal.Batch, err error) {
	a.mu.Lock()
	if len(left) == 0 && err == nil {
		delete(a.status, o)
		a.mu.Unlock()
		return
	}
	s, known := a.status[o]
	if len(left) > 0 && (!known || s.Oldest != left[0].Index || s.Since.IsZero()) {
		s.Oldest, s.Since = left[0].Index, a.c.Now()
	}
	s.Operator, s.Unfinished = o, len(left)
	a.status[o] = s
	a.mu.Unlock()
	a.reason(o, err)
}

// reason records why an operator's batches do not go on.
func (a *Anchorer) reason(o omni.Operator, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.status[o]
	s.Operator, s.Reason = o, err
	a.status[o] = s
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// forget drops those who have nothing unfinished any more.
func (a *Anchorer) forget(ops []omni.Operator) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for o := range a.status {
		if !slices.Contains(ops, o) {
			delete(a.status, o)
		}
	}
}
