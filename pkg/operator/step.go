package operator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/ethereum/go-ethereum/core/types"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// ErrApprovalNeeded: the passkeys that this program can touch are too few for
// the operation; other masters have to approve.
var ErrApprovalNeeded = errors.New("approval needed")

// step is one operation on chain: what is signed, by whom, and how it is sent.
type step struct {
	op       typeddata.Operation
	operator omni.Operator
	domain   typeddata.Domain
	// votes is how many masters sign; 0 for what the wallet does alone.
	votes int
	// roles are what each of them holds.
	roles chain.Roles
	// counts: only recovery masters, as the registry counts them, can vote.
	counts bool
	// without are devices whose votes the registry refuses.
	without []omni.DeviceKey
	// newcomer is a passkey that signs for itself; nil without one.
	newcomer *Master
	send     func(ctx context.Context, on *chain.Operations, v []chain.Vote, self passkey.Assertion) (*types.Receipt, error)
}

// run shows, signs and sends one operation.
func (o *Operator) run(ctx context.Context, s step) (Outcome, error) {
	if o.DryRun {
		return o.plan(ctx, s)
	}
	who, err := o.voters(ctx, s)
	if err != nil {
		return Outcome{}, err
	}
	// The wallet alone signs a transaction that says it all.
	if len(who) > 0 || s.newcomer != nil {
		if err := o.Show(typeddata.Name(s.op), typeddata.Describe(s.op, s.domain, o.Names)); err != nil {
			return Outcome{}, err
		}
	}
	votes := make([]chain.Vote, len(who))
	for i, w := range who {
		a, err := o.touch(ctx, s, w.Master, w.entry.LastSignCount)
		if err != nil {
			return Outcome{}, err
		}
		votes[i] = chain.Vote{Device: w.entry.Key, Assertion: a}
	}
	var self passkey.Assertion
	if s.newcomer != nil {
		if self, err = o.touch(ctx, s, *s.newcomer, 0); err != nil {
			return Outcome{}, err
		}
	}
	r, err := s.send(ctx, o.Chain, votes, self)
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{Tx: r.TxHash, Gas: r.GasUsed}, nil
}

// voter is a master on chain whose passkey is at hand.
type voter struct {
	Master
	entry chain.DeviceEntry
}

// voters finds the passkeys that sign s, in the order of the masters on chain.
func (o *Operator) voters(ctx context.Context, s step) ([]voter, error) {
	if s.votes == 0 {
		return nil, nil
	}
	able, err := o.able(ctx, s)
	if err != nil {
		return nil, err
	}
	var found []voter
	for _, d := range able {
		if m := o.holding(d.Passkey); m != nil && len(found) < s.votes {
			found = append(found, voter{*m, d})
		}
	}
	if len(found) < s.votes {
		return nil, fmt.Errorf("%w: %s; of the %d that may, %s at hand here", ErrApprovalNeeded, needs(s), len(able), isAre(len(found)))
	}
	return found, nil
}

// able are the masters whose votes the registry takes for s.
func (o *Operator) able(ctx context.Context, s step) ([]chain.DeviceEntry, error) {
	devices, err := o.Chain.Devices(ctx, s.operator)
	if err != nil {
		return nil, err
	}
	var counted []omni.DeviceKey
	if s.counts {
		standing, err := o.Chain.Standing(ctx, s.operator)
		if err != nil {
			return nil, err
		}
		counted = standing.RecoveryMasters
	}
	return slices.DeleteFunc(devices, func(d chain.DeviceEntry) bool {
		return d.Tier != chain.TierMaster || d.Revoked || !d.Roles.Has(s.roles) || d.Passkey.CredentialID == [32]byte{} ||
			s.counts && !slices.Contains(counted, d.Key) || slices.Contains(s.without, d.Key)
	}), nil
}

func needs(s step) string {
	what := "a master"
	if s.counts {
		what = "a recovery master"
	}
	if s.roles != 0 {
		what += " with " + s.roles.String()
	}
	if s.votes == 1 {
		return what + " has to sign"
	}
	return fmt.Sprintf("%d masters have to sign, each %s", s.votes, what)
}

func number(n int) string {
	if n == 0 {
		return "none"
	}
	return strconv.Itoa(n)
}

func isAre(n int) string {
	if n > 1 {
		return number(n) + " are"
	}
	return number(n) + " is"
}

// holding is the master whose passkey the chain knows as p.
func (o *Operator) holding(p chain.Passkey) *Master {
	for i, m := range o.Masters {
		if m.Credential.X == p.X && m.Credential.Y == p.Y {
			return &o.Masters[i]
		}
	}
	return nil
}

// touch asks one passkey to sign the digest. seen is the sign count that the
// chain has seen last: the answer must be beyond it.
func (o *Operator) touch(ctx context.Context, s step, m Master, seen uint32) (passkey.Assertion, error) {
	lines := typeddata.Describe(s.op, s.domain, o.Names)
	words := make([]string, len(lines))
	for i, l := range lines {
		words[i] = l.String()
	}
	c := m.Credential
	c.SignCount = max(c.SignCount, seen)
	return m.Passkey.Assert(ctx, passkey.AssertRequest{Credential: c, Challenge: typeddata.Digest(s.op, s.domain), Words: words})
}
