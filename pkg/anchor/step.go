package anchor

import (
	"context"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
)

// step reconciles batches with the chain, then sends the first that is missing
// there. left are those that are not confirmed.
func (a *Anchorer) step(ctx context.Context, o omni.Operator, batches []journal.Batch) (left []journal.Batch, err error) {
	if len(batches) == 0 {
		return nil, nil
	}
	indices := make([]uint64, len(batches))
	for i, b := range batches {
		indices[i] = b.Index
	}
	st, err := a.c.Chain.AuditStanding(ctx, o, indices...)
	if err != nil {
		return batches, err
	}
	var missing *journal.Batch
	for i := range batches {
		b := &batches[i]
		if b.Index < st.Roots {
			err = a.there(ctx, st, b, st.Batches[i])
		} else {
			err = a.missing(ctx, b)
			if missing == nil {
				missing = b
			}
		}
		if err != nil {
			return append(left, batches[i:]...), err
		}
		if b.Anchor.State != journal.Confirmed {
			left = append(left, *b)
		}
	}
	if err := a.explained(ctx, o, st); err != nil || missing == nil {
		return left, err
	}
	if missing.Index != st.Roots {
		return left, behind(st.Roots, missing.Index)
	}
	return left, a.send(ctx, st, *missing)
}

// there moves a batch whose index is anchored: as far as mined, and to confirmed
// when its block is deep enough and still the one at its height.
func (a *Anchorer) there(ctx context.Context, st chain.AuditStanding, b *journal.Batch, root chain.AuditRoot) error {
	a.landed(b.Operator, b.Index)
	if root.Root != b.Root || root.Count != b.Count {
		return &Foreign{Operator: b.Operator, Index: b.Index, Ours: b.Root, Theirs: root.Root, OurCount: b.Count, TheirCount: root.Count}
	}
	if b.Anchor.State != journal.Mined {
		return a.mined(ctx, st, b)
	}
	at, err := a.c.Chain.BlockAt(ctx, b.Anchor.Block)
	switch {
	case err != nil:
		return err
	case at.Hash != b.Anchor.BlockHash:
		return a.mined(ctx, st, b)
	}
	return a.confirm(ctx, st, b)
}

// mined finds the block of an anchored batch, and by which transaction: it need
// not be ours.
func (a *Anchorer) mined(ctx context.Context, st chain.AuditStanding, b *journal.Batch) error {
	log, ok, err := a.c.Chain.Anchored(ctx, b.Operator, b.Index)
	switch {
	case err != nil:
		return err
	case !ok || log.Root != b.Root || log.Count != b.Count:
		return chain.Unavailable(nil, "batch %d lost its block just now", b.Index)
	}
	to := journal.Anchor{State: journal.Mined, Tx: log.Tx, Block: log.Number, BlockHash: log.BlockHash}
	if err := a.move(ctx, b, to); err != nil {
		return err
	}
	return a.confirm(ctx, st, b)
}

// confirm takes a mined batch, whose block was seen at its height just now, to
// its end once enough blocks lie above.
func (a *Anchorer) confirm(ctx context.Context, st chain.AuditStanding, b *journal.Batch) error {
	if st.Block.Number < b.Anchor.Block || st.Block.Number-b.Anchor.Block < a.c.Confirmations {
		return nil
	}
	to := b.Anchor
	to.State = journal.Confirmed
	return a.move(ctx, b, to)
}

// missing takes a batch back that a reorganisation took out of its block. Its
// transaction may come again.
func (a *Anchorer) missing(ctx context.Context, b *journal.Batch) error {
	if b.Anchor.State != journal.Mined {
		return nil
	}
	return a.move(ctx, b, journal.Anchor{State: journal.Submitted, Tx: b.Anchor.Tx})
}

func (a *Anchorer) move(ctx context.Context, b *journal.Batch, to journal.Anchor) error {
	if b.Anchor == to {
		return nil
	}
	if err := a.c.Journal.Move(ctx, b.Operator, b.Index, b.Anchor, to); err != nil {
		return err
	}
	a.c.Log.Info().Str("operator", b.Operator.Short()).Uint64("batch", b.Index).Str("from", string(b.Anchor.State)).Str("to", string(to.State)).
		Hex("tx", to.Tx[:]).Uint64("block", to.Block).Msg("batch moved")
	b.Anchor = to
	return nil
}

// explained: every root on chain is of a batch in the journal. The journal is
// read after the chain, so that what was built and anchored meanwhile is there.
func (a *Anchorer) explained(ctx context.Context, o omni.Operator, st chain.AuditStanding) error {
	h, err := a.c.Journal.Head(ctx, o)
	if err != nil || st.Roots <= h.Batches {
		return err
	}
	root, ok, err := a.c.Chain.Root(ctx, o, h.Batches)
	if err != nil || !ok { // a reorganisation took it away meanwhile
		return err
	}
	return &Foreign{Operator: o, Index: h.Batches, Theirs: root.Root, TheirCount: root.Count}
}
