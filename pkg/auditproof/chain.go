package auditproof

import (
	"context"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
)

// OnChain is the chain of a profile as far as this package asks it: all answers
// are those on which enough of its endpoints agree.
func OnChain(c *chain.Client) Roots { return onChain{c} }

type onChain struct{ c *chain.Client }

// Roots implements [Roots].
func (o onChain) Roots(ctx context.Context, op omni.Operator, indices ...uint64) (uint64, []Root, error) {
	count, out := uint64(0), []Root{}
	for from := 0; from == 0 || from < len(indices); from += window {
		s, err := o.c.AuditStanding(ctx, op, indices[from:min(from+window, len(indices))]...)
		if err != nil {
			return 0, nil, err
		}
		count = s.Roots
		for _, b := range s.Batches {
			out = append(out, rootOf(b))
		}
	}
	return count, out, nil
}

// Anchored implements [Roots].
func (o onChain) Anchored(ctx context.Context, op omni.Operator, index uint64) (Root, Anchor, bool, error) {
	a, ok, err := o.c.Anchored(ctx, op, index)
	if err != nil || !ok {
		return Root{}, Anchor{}, false, err
	}
	return rootOf(a.AuditRoot), Anchor{Tx: journal.Hash(a.Tx), Block: a.Number, BlockHash: journal.Hash(a.BlockHash)}, true, nil
}

func rootOf(r chain.AuditRoot) Root {
	if r == (chain.AuditRoot{}) {
		return Root{}
	}
	return Root{Root: r.Root, Count: r.Count, AnchoredAt: r.AnchoredAt.UTC()}
}
