package anchor_test

import (
	"context"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/anchor"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
)

// between is a chain that changes after it was asked how the anchors stand.
type between struct {
	*ledger
	edit func(*chain.AuditAnchor) (there bool)
}

// Anchored implements anchor.Chain.
func (c between) Anchored(ctx context.Context, o omni.Operator, index uint64) (chain.AuditAnchor, bool, error) {
	a, ok, err := c.ledger.Anchored(ctx, o, index)
	return a, ok && c.edit(&a), err
}

// What stands in the log that is found is compared too: between two questions a
// reorganisation may have put another root there, or none.
func TestAnotherRootBetweenTwoQuestions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit func(*chain.AuditAnchor) bool
		want journal.State
	}{
		"as it was": {func(*chain.AuditAnchor) bool { return true }, journal.Mined},
		// In a block that is newer than the one at which the count was read: no depth.
		"mined later":   {func(a *chain.AuditAnchor) bool { a.Number++; return true }, journal.Mined},
		"another root":  {func(a *chain.AuditAnchor) bool { a.Root[0]++; return true }, journal.Submitted},
		"another count": {func(a *chain.AuditAnchor) bool { a.Count++; return true }, journal.Submitted},
		"none":          {func(*chain.AuditAnchor) bool { return false }, journal.Submitted},
	} {
		b, l := newFakeBench(t, 1)
		o := b.ops[0]
		a := b.anchorer(func(cfg *anchor.Config) { cfg.Chain = between{l, c.edit} })
		b.build(o, 1)
		b.step(a, o)
		l.mine()
		err := a.Step(t.Context(), o)
		if (err == nil) != (c.want == journal.Mined) || err != nil && apierr.CodeOf(err) != apierr.ChainUnavailable {
			t.Errorf("%s: %v", name, err)
		}
		b.state(o, 0, c.want)
	}
}

// byWallet is a chain on which the operator's wallet has the account's key, and
// no relayer is named.
type byWallet struct{ *ledger }

// AuditStanding implements anchor.Chain.
func (c byWallet) AuditStanding(ctx context.Context, o omni.Operator, indices ...uint64) (chain.AuditStanding, error) {
	st, err := c.ledger.AuditStanding(ctx, o, indices...)
	st.Wallet, st.Relayer = st.Relayer, common.Address{}
	return st, err
}

func TestTheWalletMayAnchorToo(t *testing.T) {
	t.Parallel()
	b, l := newFakeBench(t, 1)
	a := b.anchorer(func(cfg *anchor.Config) { cfg.Chain = byWallet{l} })
	b.build(b.ops[0], 1)
	b.step(a, b.ops[0])
	b.state(b.ops[0], 0, journal.Submitted)
	b.drain(a, l.mine)
	b.whole()
}
