package auditproof

import (
	"context"
	"time"

	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
)

// Root is what the chain keeps of an anchored batch; zero where nothing is.
type Root struct {
	Root  journal.Hash `json:"root"`
	Count uint64       `json:"count"`
	// AnchoredAt is the time of its block, to the second.
	AnchoredAt time.Time `json:"anchored_at"`
}

// of reports whether it is the root of a batch.
func (r Root) of(b Batch) bool { return r.Root == b.Root && r.Count == b.Count }

// Roots is the chain as far as this package asks it. Its errors say that there
// was no answer; "there is none" is an answer.
type Roots interface {
	// Roots is how many batches of an operator are anchored, and those of the
	// indices that are named, zero for one that is not. All are of one block.
	Roots(ctx context.Context, o omni.Operator, indices ...uint64) (count uint64, roots []Root, err error)
	// Anchored is a batch's root and where it was put on chain; false if no batch
	// has that index.
	Anchored(ctx context.Context, o omni.Operator, index uint64) (Root, Anchor, bool, error)
}
