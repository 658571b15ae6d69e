// Package anchor brings the batches of a journal on chain: one resumable machine
// per operator over the states of package journal, built -> submitted -> mined ->
// confirmed.
//
// The laws that hold here:
//
//   - The chain is asked first, always. What it shows moves the journal; what the
//     journal believes never stands against it. No answer changes nothing.
//   - That a transaction was signed, and its hash, is durable before it is sent.
//     What happens in between, kill -9 included, costs at most a second
//     transaction with the same nonce, of which a block takes one.
//   - No batch is anchored twice: the contract takes an index once, each call is
//     run before it is signed, so that a refusal costs nothing, and whichever
//     transaction wins is found by its log.
//   - One transaction of the relayer's account is on its way at a time. One that
//     waits too long is replaced by a dearer one, up to what package chain pays at
//     most.
//   - Batches of an operator go in the order of their indices. One operator's
//     trouble stops nobody else, is named with its reason, and is tried again at
//     each pass.
//   - A root that no journal explains ([Foreign]) stops its operator: nothing is
//     anchored above it.
//   - What lost its block in a reorganisation goes back and is sent again; what is
//     confirmed, at the depth of the profile, is final here.
//
// Several anchorers may share one journal: moves are compare-and-set, and only who
// has the lead sends. All that is kept in memory is how long a transaction waits.
//
// It builds no batches, decides not when one is due, and proves nothing.
package anchor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
)

// Journal is what is anchored: a *journal.Journal.
type Journal interface {
	Unfinished(ctx context.Context, o omni.Operator, limit int) ([]journal.Batch, error)
	Head(ctx context.Context, o omni.Operator) (journal.Head, error)
	Move(ctx context.Context, o omni.Operator, index uint64, from, to journal.Anchor) error
}

// Chain is what the chain shows, by quorum: a *chain.Client.
type Chain interface {
	Head(ctx context.Context) (chain.BlockRef, error)
	BlockAt(ctx context.Context, number uint64) (chain.BlockRef, error)
	AuditStanding(ctx context.Context, o omni.Operator, indices ...uint64) (chain.AuditStanding, error)
	Root(ctx context.Context, o omni.Operator, index uint64) (chain.AuditRoot, bool, error)
	Anchored(ctx context.Context, o omni.Operator, index uint64) (chain.AuditAnchor, bool, error)
	AppendRootCall(o omni.Operator, index uint64, root [32]byte, count uint64) chain.Call
}

// Relay sends the relayer's transactions: a *chain.Relay.
type Relay interface {
	Address() common.Address
	Occupancy(ctx context.Context) (chain.Occupancy, error)
	Prepare(ctx context.Context, c chain.Call, least chain.Fees) (*types.Transaction, error)
	Send(ctx context.Context, tx *types.Transaction) error
	Lookup(ctx context.Context, hash common.Hash) (*types.Transaction, error)
}

// Config of an Anchorer.
type Config struct {
	Journal Journal
	Chain   Chain
	// Relay sends; nil only watches: batches are anchored by operators' wallets.
	Relay Relay
	// Operators lists those with batches that are not confirmed. The zero operator,
	// whose batches no contract takes, is passed over.
	Operators func(ctx context.Context) ([]omni.Operator, error)
	// Confirmations is how far below the newest block what is mined is final: the
	// profile's.
	Confirmations uint64
	// BumpAfter is how long a transaction may wait before a dearer one replaces it;
	// 0: DefaultBumpAfter.
	BumpAfter time.Duration
	// Lead tells whether this process may send: a lease that others hold
	// meanwhile. It is asked right before. Nil: it always may.
	Lead func(ctx context.Context) (bool, error)
	// Wake makes Run pass once for each value; it ends when Wake is closed.
	Wake <-chan time.Time
	Now  func() time.Time
	Log  zerolog.Logger
}

// DefaultBumpAfter is some blocks of any chain.
const DefaultBumpAfter = 2 * time.Minute

// Anchorer is the machine. It is safe for concurrent use; one step runs at a time.
type Anchorer struct {
	c Config

	run    sync.Mutex // guards flight and last, and that one step runs at a time
	flight *flight    // what the relayer has on its way; nil: nothing that is known
	last   omni.Operator

	mu     sync.Mutex // guards status
	status map[omni.Operator]OperatorStatus
}

// New asks nobody anything yet.
func New(c Config) (*Anchorer, error) {
	if c.Journal == nil || c.Chain == nil || c.Operators == nil || c.Now == nil {
		return nil, errors.New("anchor: a journal, a chain, a list of operators and a clock are required")
	}
	if c.BumpAfter < 0 {
		return nil, errors.New("anchor: a negative time until a transaction is replaced")
	}
	if c.BumpAfter == 0 {
		c.BumpAfter = DefaultBumpAfter
	}
	if c.Lead == nil {
		c.Lead = func(context.Context) (bool, error) { return true, nil }
	}
	return &Anchorer{c: c, status: map[omni.Operator]OperatorStatus{}}, nil
}

// Run passes at once and then whenever it is woken, until ctx ends or Wake is
// closed. What goes wrong is logged when it changes, and stands in Status.
func (a *Anchorer) Run(ctx context.Context) {
	var said string
	for {
		err := a.Pass(ctx)
		switch now := text(err); {
		case now == said || ctx.Err() != nil:
		case err != nil:
			a.c.Log.Warn().Err(err).Msg("anchoring waits")
		default:
			a.c.Log.Info().Msg("anchoring goes on")
		}
		said = text(err)
		select {
		case <-ctx.Done():
			return
		case _, ok := <-a.c.Wake:
			if !ok {
				return
			}
		}
	}
}

// Pass makes one step for every operator that has batches to bring on. The error
// joins theirs; without a chain no step is made.
func (a *Anchorer) Pass(ctx context.Context) error {
	ops, err := a.c.Operators(ctx)
	if err != nil {
		return fmt.Errorf("anchor: list the operators: %w", err)
	}
	ops = a.inTurn(ops)
	a.forget(ops)
	if len(ops) == 0 {
		return nil
	}
	if _, err := a.c.Chain.Head(ctx); err != nil {
		for _, o := range ops {
			a.reason(o, err)
		}
		return err
	}
	var faults []error
	for _, o := range ops {
		if err := a.Step(ctx, o); err != nil {
			faults = append(faults, fmt.Errorf("operator %s: %w", o.Short(), err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(faults...)
}

// inTurn orders operators so that who sent last comes last: one with many batches
// holds up nobody.
func (a *Anchorer) inTurn(ops []omni.Operator) []omni.Operator {
	a.run.Lock()
	last := a.last.Bytes()
	a.run.Unlock()
	ops = slices.DeleteFunc(slices.Clone(ops), omni.Operator.IsZero)
	slices.SortFunc(ops, func(x, y omni.Operator) int {
		p, q := x.Bytes(), y.Bytes()
		if late := bytes.Compare(p[:], last[:]) <= 0; late != (bytes.Compare(q[:], last[:]) <= 0) {
			if late {
				return 1
			}
			return -1
		}
		return bytes.Compare(p[:], q[:])
	})
	return slices.Compact(ops)
}

// Step brings one operator's batches as far as the chain allows now. It may be
// repeated at any time. Errors: *Foreign, *NotRelayer, ErrBehind; chain.ErrFunds,
// chain.ErrFee, chain.ErrUnderpriced; *chain.RevertError; chain_unavailable and
// chain_stale; those of the journal.
func (a *Anchorer) Step(ctx context.Context, o omni.Operator) error {
	if o.IsZero() {
		return errors.New("anchor: no contract takes batches without an operator")
	}
	a.run.Lock()
	defer a.run.Unlock()
	batches, err := a.c.Journal.Unfinished(ctx, o, chain.MaxBatches)
	if err != nil {
		a.reason(o, err)
		return err
	}
	left, err := a.step(ctx, o, batches)
	if errors.Is(err, journal.ErrMoved) {
		err = nil // somebody else did it, or something else: the next step sees
	}
	a.note(o, left, err)
	return err
}
