package auditproof

import (
	"fmt"

	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/merkle"
)

// Proof shows that an entry is in a batch.
type Proof struct {
	// Leaf is the entry's record in its one encoding.
	Leaf string `json:"leaf"`
	// Position is the entry's in its journal.
	Position uint64 `json:"position"`
	// Siblings lead from the leaf up to the root.
	Siblings []journal.Hash `json:"siblings"`
	Batch    Batch          `json:"batch"`
}

// Check holds the proof against itself: the leaf is the one encoding of a record
// of this journal and position, and it is under the batch's root. It yields the
// record. What is wrong is a [*Fault]. That the root is the chain's is another
// question.
func (p Proof) Check() (journal.Record, error) {
	bad := func(event, format string, args ...any) (journal.Record, error) {
		return journal.Record{}, &Fault{p.Batch.Operator, p.Position, event, fmt.Sprintf(format, args...)}
	}
	if err := p.Batch.check(); err != nil {
		return bad("", "is in no batch: %s", err)
	}
	r, err := journal.DecodeRecord([]byte(p.Leaf))
	switch {
	case err != nil:
		return bad("", "is no record in its one encoding: %s", err)
	case r.Event.Operator != p.Batch.Operator:
		return bad(r.Event.ID, "is of another journal, that of %s", whose(r.Event.Operator))
	case r.Position != p.Position:
		return bad(r.Event.ID, "says that it is entry %d", r.Position)
	case p.Position < p.Batch.First || p.Position > p.Batch.Last():
		return bad(r.Event.ID, "is outside its batch, which has %d to %d", p.Batch.First, p.Batch.Last())
	case !merkle.Verify(merkle.Hash(p.Batch.Root), p.Batch.Count, []byte(p.Leaf), nodes(p.Siblings)):
		return bad(r.Event.ID, "is not under the root of batch %d", p.Batch.Index)
	}
	return r, nil
}
