package journal

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/litentry/agentkeys/pkg/omni"
)

// State is how far a batch is on its way to the chain.
type State string

// The states, in their order.
const (
	Built     State = "built"     // nothing was sent
	Submitted State = "submitted" // a transaction was signed, and may have been sent
	Mined     State = "mined"     // a block has it, which may still be replaced
	Confirmed State = "confirmed" // for good
)

// Anchor is where a batch stands. Tx is zero when nothing was sent; Block and
// BlockHash are zero until a block has it.
type Anchor struct {
	State     State
	Tx        [32]byte
	Block     uint64
	BlockHash [32]byte
}

// valid: a state has exactly the fields that it means.
func (a Anchor) valid() bool {
	sent, mined, number := a.Tx != [32]byte{}, a.BlockHash != [32]byte{}, a.Block != 0
	switch a.State {
	case Built:
		return !sent && !mined && !number
	case Submitted:
		return sent && !mined && !number
	case Mined, Confirmed:
		return sent && mined && number
	}
	return false
}

// next are the states that may follow each one. A transaction may be replaced by
// one with a higher fee (submitted, submitted), be dropped (built), be found on
// chain by who does not know of it (built, mined), and lose its block (mined to
// any but itself confirmed). Confirmed is the end.
func (s State) next() []State {
	switch s {
	case Built:
		return []State{Submitted, Mined}
	case Submitted:
		return []State{Submitted, Mined, Built}
	case Mined:
		return []State{Mined, Confirmed, Submitted, Built}
	}
	return nil
}

// Move takes a batch from where the caller believes it to be to where it is, and
// returns once that is durable: a compare-and-set, so that of two that act for
// one batch one is told ErrMoved. What cannot follow is ErrInvalid: see State;
// what is confirmed is what was mined.
func (j *Journal) Move(ctx context.Context, o omni.Operator, index uint64, from, to Anchor) error {
	switch {
	case !from.valid() || !to.valid():
		return fmt.Errorf("%w: a state has exactly its fields", ErrInvalid)
	case from == to || !slices.Contains(from.State.next(), to.State):
		return fmt.Errorf("%w: %s does not follow %s", ErrInvalid, to.State, from.State)
	case to.State == Confirmed && (from.Tx != to.Tx || from.Block != to.Block || from.BlockHash != to.BlockHash):
		return fmt.Errorf("%w: what is confirmed is what was mined", ErrInvalid)
	}
	b := o.Bytes()
	return j.submit(ctx, 1, func(ctx context.Context, g *group) (refusal, fault error) {
		n, err := affected(g.stmt(ctx, j.st.mv).ExecContext(ctx, string(to.State), to.Tx[:], int64(to.Block), to.BlockHash[:],
			b[:], int64(index), string(from.State), from.Tx[:], int64(from.Block), from.BlockHash[:]))
		if err != nil {
			return nil, fmt.Errorf("move a batch: %w", err)
		}
		if n == 1 {
			return nil, nil
		}
		_, err = scanBatch(g.stmt(ctx, j.st.batchAt).QueryRowContext(ctx, b[:], int64(index)))
		switch {
		case err == nil:
			return ErrMoved, nil
		case errors.Is(err, ErrUnknown):
			return ErrUnknown, nil
		}
		return nil, err
	}, o)
}
