package auditproof

import (
	"errors"
	"fmt"

	"github.com/litentry/agentkeys/pkg/omni"
)

// ErrNotGenuine is wrapped by every error that says that something of a journal
// is not what was written, or not what is on chain.
var ErrNotGenuine = errors.New("not genuine")

// Fault names the first entry of a journal that is not genuine.
type Fault struct {
	Operator omni.Operator `json:"operator_omni,omitzero"`
	Position uint64        `json:"position"`
	// Event is its identifier, as far as it can be read.
	Event  string `json:"event,omitzero"`
	Reason string `json:"reason"`
}

// Error implements error.
func (f *Fault) Error() string {
	event := ""
	if f.Event != "" {
		event = ", event " + f.Event + ","
	}
	return fmt.Sprintf("journal of %s: entry %d%s %s", whose(f.Operator), f.Position, event, f.Reason)
}

// Unwrap makes a fault ErrNotGenuine.
func (f *Fault) Unwrap() error { return ErrNotGenuine }

func whose(o omni.Operator) string {
	if o.IsZero() {
		return "no operator"
	}
	return "operator " + o.Short()
}
