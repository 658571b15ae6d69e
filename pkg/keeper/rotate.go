package keeper

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/chain"
)

// Rotation moves the key epoch forward at all signers and on chain.
type Rotation struct {
	Chain *chain.Client
	// Operations send as governance; nil prepares the keys and sends nothing, for
	// a governance that is a contract.
	Operations *chain.Operations
	Signers    []*Signer
	// Step, if set, is told what is about to be done.
	Step func(what string)
}

// Rotated is what a rotation did.
type Rotated struct {
	From   uint64         `json:"from_epoch"`
	To     uint64         `json:"to_epoch"`
	Epochs []RotatedEpoch `json:"epochs"`
}

// RotatedEpoch is one step of the counter. A zero Tx means that nothing was
// sent for it.
type RotatedEpoch struct {
	Epoch uint64      `json:"epoch"`
	Check string      `json:"check"`
	Tx    common.Hash `json:"transaction,omitzero"`
	Gas   uint64      `json:"gas,omitzero"`
}

// ErrBackward: the target lies behind the chain's epoch.
var ErrBackward = errors.New("the key epoch only moves forward")

// ErrSignersDiffer: two signers hold different keys for one epoch, or keyrings
// of different lineage.
var ErrSignersDiffer = errors.New("the signers do not hold the same keys")

// Run moves the epoch to target, one at a time: all signers show the same key
// for the next epoch, then the counter advances. It can be interrupted anywhere
// and run again. A target that is reached already changes nothing.
func (r *Rotation) Run(ctx context.Context, target uint64) (Rotated, error) {
	now, err := r.Chain.Counter(ctx)
	if err != nil {
		return Rotated{}, err
	}
	at := uint64(now.Epoch)
	out := Rotated{From: at, To: at, Epochs: []RotatedEpoch{}}
	if target < at {
		return out, fmt.Errorf("%w: the chain is at epoch %d, %d lies behind it", ErrBackward, at, target)
	}
	if at == target && r.Operations != nil {
		// An earlier run may have been interrupted after it advanced the chain.
		return out, r.settle(ctx, at)
	}
	for at < target {
		e, err := r.next(ctx, at+1)
		if err != nil {
			return out, err
		}
		out.Epochs = append(out.Epochs, e)
		if r.Operations == nil {
			return out, nil
		}
		at++
		out.To = at
	}
	return out, nil
}

// next makes one epoch: keys first, then the counter.
func (r *Rotation) next(ctx context.Context, epoch uint64) (RotatedEpoch, error) {
	check, err := r.spread(ctx, epoch)
	if err != nil {
		return RotatedEpoch{}, err
	}
	out := RotatedEpoch{Epoch: epoch, Check: check}
	if r.Operations == nil {
		return out, nil
	}
	r.step("advancing the chain to epoch %d", epoch)
	receipt, err := r.Operations.AdvanceEpoch(ctx, uint32(epoch-1))
	if err != nil {
		// Somebody else, or an earlier run of ours, may have been faster: then the
		// chain shows what was wanted.
		if now, asked := r.Chain.Counter(ctx); asked == nil && uint64(now.Epoch) >= epoch {
			return out, r.settle(ctx, epoch)
		}
		return out, fmt.Errorf("advancing the epoch on chain: %w", err)
	}
	if receipt != nil {
		out.Tx, out.Gas = receipt.TxHash, receipt.GasUsed
	}
	return out, r.settle(ctx, epoch)
}

const (
	settleFor   = 30 * time.Second
	settleEvery = 50 * time.Millisecond
)

// settle waits until every signer has seen the epoch and made its mark durable:
// what is stored from then on is sealed under it.
func (r *Rotation) settle(ctx context.Context, epoch uint64) error {
	ctx, cancel := context.WithTimeout(ctx, settleFor)
	defer cancel()
	t := time.NewTicker(settleEvery)
	defer t.Stop()
	for _, s := range r.Signers {
		for {
			st, err := s.Status(ctx)
			if err == nil && st.HighWater >= epoch {
				break
			}
			select {
			case <-t.C:
			case <-ctx.Done():
				if _, has := find(st, epoch); err == nil && !has {
					return fmt.Errorf("the chain is at epoch %d, and signer %s has no key of it: restore a backup of a signer that has one (agentkeys k3 restore), or, if none has, agentkeys k3 remake", epoch, s.URL())
				}
				return errors.Join(fmt.Errorf("the chain is at epoch %d, but signer %s does not seal under it yet: is its view of the chain alive? (GET /readyz on its admin port)", epoch, s.URL()), err)
			}
		}
	}
	return nil
}

// spread makes the key of an epoch at one signer and hands it to the others. It
// returns the key-check value that all of them signed for.
func (r *Rotation) spread(ctx context.Context, epoch uint64) (string, error) {
	source, others, err := r.source(ctx, epoch)
	if err != nil {
		return "", err
	}
	r.step("epoch %d: preparing the key at %s", epoch, source.URL())
	made, err := source.Prepare(ctx, epoch)
	if err != nil {
		return "", fmt.Errorf("preparing the key of epoch %d at %s: %w", epoch, source.URL(), err)
	}
	for _, s := range others {
		// Also to one that says it has the key: only its signed word counts, and
		// taking the same key again changes nothing.
		r.step("epoch %d: handing the key to %s", epoch, s.URL())
		got, err := source.Give(ctx, epoch, s)
		if err != nil {
			return "", fmt.Errorf("handing the key of epoch %d to %s: %w", epoch, s.URL(), err)
		}
		if got.Check != made.Check || got.Epoch != epoch {
			return "", fmt.Errorf("%w: epoch %d is %s at %s and %s at %s", ErrSignersDiffer, epoch, made.Check, source.URL(), got.Check, s.URL())
		}
	}
	if made.Epoch != epoch || made.Check == "" {
		return "", fmt.Errorf("%s signed for epoch %d, not for %d", source.URL(), made.Epoch, epoch)
	}
	return made.Check, nil
}

// source picks who makes the key, whatever the order in which signers are named:
// of those that have one from an earlier run, who has the one that the others
// give way to (keys.Keyring.Import), else the first by identity. Signers that
// already differ in an older epoch stop everything.
func (r *Rotation) source(ctx context.Context, epoch uint64) (*Signer, []*Signer, error) {
	if len(r.Signers) == 0 {
		return nil, nil, errors.New("no signer is named")
	}
	pick, best := -1, ""
	var first api.Epochs
	for i, s := range r.Signers {
		st, err := s.Status(ctx)
		if err != nil {
			return nil, nil, fmt.Errorf("asking %s which keys it holds: %w", s.URL(), err)
		}
		if i == 0 {
			first = st
		} else if err := agree(r.Signers[0], first, s, st, epoch); err != nil {
			return nil, nil, err
		}
		// A check value is hexadecimal, so whoever has none comes last.
		order := "none " + s.Identity()
		if e, has := find(st, epoch); has {
			order = e.Check + " " + s.Identity()
		}
		if pick < 0 || order < best {
			pick, best = i, order
		}
	}
	var others []*Signer
	for i, s := range r.Signers {
		if i != pick {
			others = append(others, s)
		}
	}
	return r.Signers[pick], others, nil
}

// agree compares what two signers hold below an epoch.
func agree(a *Signer, have api.Epochs, b *Signer, other api.Epochs, below uint64) error {
	if have.Ring != other.Ring {
		return fmt.Errorf("%w: the keyring of %s has another lineage than that of %s; restore it from a backup", ErrSignersDiffer, b.URL(), a.URL())
	}
	for _, e := range have.Epochs {
		if o, has := find(other, e.Epoch); has && e.Epoch < below && o.Check != e.Check {
			return fmt.Errorf("%w: epoch %d is %s at %s and %s at %s", ErrSignersDiffer, e.Epoch, e.Check, a.URL(), o.Check, b.URL())
		}
	}
	return nil
}

func find(st api.Epochs, epoch uint64) (api.Epoch, bool) {
	for _, e := range st.Epochs {
		if e.Epoch == epoch {
			return e, true
		}
	}
	return api.Epoch{}, false
}

func (r *Rotation) step(format string, args ...any) {
	if r.Step != nil {
		r.Step(fmt.Sprintf(format, args...))
	}
}
