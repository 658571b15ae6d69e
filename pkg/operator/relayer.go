package operator

import (
	"context"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// SetAuditRelayer names the account that may anchor the operator's audit batches
// beside its wallet; zero names nobody, which works while the operator is frozen.
// The relayer can append roots and nothing else, and lasts as long as the wallet
// that named it.
func (o *Operator) SetAuditRelayer(ctx context.Context, relayer common.Address) (Outcome, error) {
	st, err := o.mine(ctx)
	if err != nil {
		return Outcome{}, err
	}
	have, err := o.Chain.AuditRelayer(ctx, o.Operator)
	switch {
	case err != nil:
		return Outcome{}, err
	case have == relayer:
		return Outcome{Done: true}, nil
	case st.Frozen && relayer != common.Address{}:
		return Outcome{}, errFrozen()
	}
	op := typeddata.SetAuditRelayer{Operator: o.Operator, Relayer: relayer, Nonce: st.OperatorNonce, Deadline: o.deadline()}
	return o.run(ctx, step{
		op: op, domain: o.Chain.AuditDomain(), votes: 1, roles: chain.RoleScopeMgmt,
		send: func(ctx context.Context, on *chain.Operations, v []chain.Vote, _ passkey.Assertion) (*types.Receipt, error) {
			return on.SetAuditRelayer(ctx, op, v[0])
		},
	})
}
