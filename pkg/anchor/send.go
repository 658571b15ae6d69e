package anchor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/bindings"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
)

// flight is what holds the first nonce of the relayer that no block has.
type flight struct {
	nonce    uint64
	operator omni.Operator
	index    uint64
	// tx is nil when it is not known what waits: it was sent before a restart.
	tx    *types.Transaction
	fees  chain.Fees
	since time.Time
	// spare: its batch does not need it any more, or a node wants more for it.
	spare bool
}

func (f *flight) of(o omni.Operator, index uint64) bool {
	return f.tx != nil && f.operator == o && f.index == index
}

// landed gives the nonce of a batch that is on chain free for a replacement: the
// transaction on its way was mined, or will be refused.
func (a *Anchorer) landed(o omni.Operator, index uint64) {
	if f := a.flight; f != nil && f.of(o, index) {
		f.spare = true
	}
}

// send anchors the operator's next batch, or looks after the transaction that
// does.
func (a *Anchorer) send(ctx context.Context, st chain.AuditStanding, b journal.Batch) error {
	if a.c.Relay == nil {
		return nil
	}
	if me := a.c.Relay.Address(); me != st.Relayer && me != st.Wallet {
		a.landed(b.Operator, b.Index)
		return &NotRelayer{Operator: b.Operator, Account: me, Named: st.Relayer}
	}
	if lead, err := a.c.Lead(ctx); err != nil || !lead {
		return err
	}
	at, err := a.c.Relay.Occupancy(ctx)
	if err != nil {
		return err
	}
	if err := a.recall(ctx, b, at); err != nil {
		return err
	}
	f := a.flight
	waits := time.Duration(0)
	if f != nil {
		waits = a.c.Now().Sub(f.since)
	}
	switch {
	case f == nil:
		return a.fly(ctx, b, chain.Fees{})
	case f.spare:
		return a.fly(ctx, b, f.fees.Raised())
	case f.of(b.Operator, b.Index) && waits >= a.c.BumpAfter:
		err := a.fly(ctx, b, f.fees.Raised())
		if errors.Is(err, chain.ErrFee) || errors.Is(err, chain.ErrFunds) {
			// The one that waits is the dearest that there can be.
			return errors.Join(err, a.again(ctx, f))
		}
		return err
	case f.of(b.Operator, b.Index):
		return a.again(ctx, f)
	case waits >= 2*a.c.BumpAfter:
		// Its own operator would have replaced it by now.
		return a.fly(ctx, b, f.fees.Raised())
	}
	return nil // its turn comes
}

// recall brings what is known of the flight in line with the relayer's nonces.
func (a *Anchorer) recall(ctx context.Context, b journal.Batch, at chain.Occupancy) error {
	if f := a.flight; f != nil && f.nonce != at.Next {
		a.flight = nil // mined, whatever it was; or its block was reorganised away
	}
	if a.flight != nil && a.flight.tx != nil {
		return nil
	}
	if b.Anchor.State == journal.Submitted {
		tx, err := a.c.Relay.Lookup(ctx, b.Anchor.Tx)
		if err != nil {
			return err
		}
		if tx != nil && tx.Nonce() == at.Next {
			a.take(b, tx)
			return nil
		}
	}
	if a.flight == nil && at.Waiting {
		a.flight = &flight{nonce: at.Next, since: a.c.Now()}
	}
	return nil
}

func (a *Anchorer) take(b journal.Batch, tx *types.Transaction) {
	a.flight = &flight{nonce: tx.Nonce(), operator: b.Operator, index: b.Index, tx: tx, fees: chain.FeesOf(tx), since: a.c.Now()}
	a.last = b.Operator
}

// fly signs a transaction that pays at least the given fees, makes that durable,
// and sends it.
func (a *Anchorer) fly(ctx context.Context, b journal.Batch, least chain.Fees) error {
	tx, err := a.c.Relay.Prepare(ctx, a.c.Chain.AppendRootCall(b.Operator, b.Index, b.Root, b.Count), least)
	if err != nil {
		return a.refused(b, err)
	}
	if err := a.move(ctx, &b, journal.Anchor{State: journal.Submitted, Tx: tx.Hash()}); err != nil {
		return err
	}
	a.take(b, tx)
	return a.launch(ctx, tx)
}

// again sends the same transaction once more if the endpoint has lost it.
func (a *Anchorer) again(ctx context.Context, f *flight) error {
	known, err := a.c.Relay.Lookup(ctx, f.tx.Hash())
	if err != nil || known != nil {
		return err
	}
	return a.launch(ctx, f.tx)
}

func (a *Anchorer) launch(ctx context.Context, tx *types.Transaction) error {
	err := a.c.Relay.Send(ctx, tx)
	switch {
	case errors.Is(err, chain.ErrNonceUsed):
		a.flight = nil // the chain will show by what
		return nil
	case errors.Is(err, chain.ErrUnderpriced):
		a.flight.spare = true // the next step offers more
	}
	return err
}

// refused tells why a call would be refused. Nothing was sent for it.
func (a *Anchorer) refused(b journal.Batch, err error) error {
	var rev *chain.RevertError
	if !errors.As(err, &rev) {
		return err
	}
	switch v := rev.Value.(type) {
	case *bindings.CredentialAuditNotAnchorer:
		return &NotRelayer{Operator: b.Operator, Account: v.Sender}
	case *bindings.CredentialAuditBatchIndexMismatch:
		return chain.Unavailable(err, "the endpoint that sends is at another block than those that are asked")
	}
	return fmt.Errorf("batch %d: %w", b.Index, err)
}

// NotRelayer: the operator has not named the account that would anchor.
type NotRelayer struct {
	Operator omni.Operator
	// Account would anchor; Named may, zero if there is none.
	Account, Named common.Address
}

// Error implements error.
func (e *NotRelayer) Error() string {
	named := "names nobody"
	if e.Named != (common.Address{}) {
		named = "names " + e.Named.String()
	}
	return fmt.Sprintf("account %s is not the audit relayer of operator %s, which %s: its wallet names one, or anchors itself", e.Account, e.Operator.Short(), named)
}
