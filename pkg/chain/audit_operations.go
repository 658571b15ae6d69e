package chain

import (
	"context"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/litentry/agentkeys/pkg/chain/bindings"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// AppendRootCall is what anchors the operator's next batch.
func (c *Client) AppendRootCall(op omni.Operator, index uint64, root [32]byte, count uint64) Call {
	return Call{c.r.at.Audit, c.r.audit.PackAppendRoot(op.Bytes(), index, root, count)}
}

// AppendRoot anchors the operator's next batch; the wallet is the operator's or
// its relayer. The contract compares the index and appends in one step: whoever
// repeats anchors nothing twice, and the error is ErrAlready if the batch that
// stands there is this one.
func (o *Operations) AppendRoot(ctx context.Context, op omni.Operator, index uint64, root [32]byte, count uint64) (*types.Receipt, error) {
	call := o.AppendRootCall(op, index, root, count)
	return o.send(ctx, call.To, call.Data, nil, func(ctx context.Context, block common.Hash) (bool, error) {
		have, err := at(ctx, o.r, block, func(out *AuditRoot) view { return o.r.rootView(op, index, out) })
		return have.Root == root && have.Count == count, err
	})
}

// AppendEntry puts one entry on chain, by its leaf (tier C); the wallet is the
// operator's or one of its devices. The contract takes one entry as often as it
// is sent.
func (o *Operations) AppendEntry(ctx context.Context, op omni.Operator, entryHash [32]byte) (*types.Receipt, error) {
	data, err := o.r.audit.TryPackAppend(op.Bytes(), entryHash)
	return o.send(ctx, o.r.at.Audit, data, err, func(ctx context.Context, block common.Hash) (bool, error) {
		found, err := o.r.entriesIn(ctx, block, op, entryHash)
		return len(found) > 0, err
	})
}

// SetAuditRelayer names the account that may anchor beside the wallet, or nobody.
func (o *Operations) SetAuditRelayer(ctx context.Context, op typeddata.SetAuditRelayer, v Vote) (*types.Receipt, error) {
	data, err := o.r.audit.TryPackSetAuditRelayer(bindings.SetAuditRelayer{
		Operator: op.Operator.Bytes(), Relayer: op.Relayer, Nonce: op.Nonce, Deadline: op.Deadline,
	}, v.packed())
	return o.send(ctx, o.r.at.Audit, data, err, func(ctx context.Context, block common.Hash) (bool, error) {
		have, err := at(ctx, o.r, block, func(out *common.Address) view { return o.r.relayerView(op.Operator, out) })
		return have == op.Relayer, err
	})
}
