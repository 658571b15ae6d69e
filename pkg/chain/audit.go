package chain

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/chain/bindings"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// AuditRoot is the root of one anchored batch
// (solidity/src/interfaces/ICredentialAudit.sol).
type AuditRoot struct {
	Root [32]byte
	// Count is how many entries the batch has, at least 1.
	Count uint64
	// AnchoredAt is the time of its block, to the second.
	AnchoredAt time.Time
}

// AuditStanding is what the contracts keep of an operator's anchors, all read at
// one block.
type AuditStanding struct {
	Block BlockRef
	// Roots is how many batches are anchored: the index of the next one.
	Roots uint64
	// Wallet may anchor, and Relayer beside it; zero where there is none.
	Wallet, Relayer common.Address
	// Batches are those that were asked for, in that order; zero is not anchored.
	Batches []AuditRoot
}

// AuditDomain is what operations for the audit contract are signed for.
func (c *Client) AuditDomain() typeddata.Domain {
	return typeddata.Domain{ChainID: c.p.ChainID, Contract: c.p.Contracts.Audit}
}

// Roots is how many batches of an operator are anchored at the newest block.
func (c *Client) Roots(ctx context.Context, op omni.Operator) (uint64, error) {
	return newest(ctx, c, func(out *uint64) view { return c.r.rootCountView(op, out) })
}

// Root is an anchored batch at the newest block, or false if none has that index.
func (c *Client) Root(ctx context.Context, op omni.Operator, index uint64) (AuditRoot, bool, error) {
	root, err := newest(ctx, c, func(out *AuditRoot) view { return c.r.rootView(op, index, out) })
	return root, root != AuditRoot{}, err
}

// AuditRelayer is the account that may anchor beside the operator's wallet at the
// newest block; zero if there is none.
func (c *Client) AuditRelayer(ctx context.Context, op omni.Operator) (common.Address, error) {
	return newest(ctx, c, func(out *common.Address) view { return c.r.relayerView(op, out) })
}

// AuditStanding reads how an operator's anchors stand at the newest block, and
// those of its batches whose indices are named, at most [MaxBatches].
func (c *Client) AuditStanding(ctx context.Context, op omni.Operator, indices ...uint64) (AuditStanding, error) {
	if len(indices) > MaxBatches {
		return AuditStanding{}, errors.New("chain: too many batches are asked for at once")
	}
	h, err := c.r.latest(ctx)
	if err != nil {
		return AuditStanding{}, err
	}
	s := AuditStanding{Block: h.BlockRef, Batches: make([]AuditRoot, len(indices))}
	views := []view{
		c.r.rootCountView(op, &s.Roots),
		c.r.relayerView(op, &s.Relayer),
		{c.r.at.Registry, c.r.registryABI, "masterWallet", c.r.registry.PackMasterWallet(op.Bytes()), into(c.r.registry.UnpackMasterWallet, keep(&s.Wallet))},
	}
	for i, index := range indices {
		views = append(views, c.r.rootView(op, index, &s.Batches[i]))
	}
	if err := c.r.read(ctx, map[common.Hash][]view{h.Hash: views}); err != nil {
		return AuditStanding{}, err
	}
	for i, index := range indices {
		if (index < s.Roots) != (s.Batches[i] != AuditRoot{}) {
			return AuditStanding{}, Unavailable(errors.New("a batch is there that is not counted, or the other way round"), "the anchors make no sense")
		}
	}
	return s, nil
}

// MaxBatches bounds what one call of AuditStanding asks for.
const MaxBatches = partSize - 3

func (r *reader) rootCountView(op omni.Operator, out *uint64) view {
	return view{r.at.Audit, r.auditABI, "rootCount", r.audit.PackRootCount(op.Bytes()), into(r.audit.UnpackRootCount, keep(out))}
}

func (r *reader) relayerView(op omni.Operator, out *common.Address) view {
	return view{r.at.Audit, r.auditABI, "auditRelayer", r.audit.PackAuditRelayer(op.Bytes()), into(r.audit.UnpackAuditRelayer, keep(out))}
}

func (r *reader) rootView(op omni.Operator, index uint64, out *AuditRoot) view {
	return view{
		r.at.Audit, r.auditABI, "getRoot", r.audit.PackGetRoot(op.Bytes(), index),
		into(r.audit.UnpackGetRoot, func(b bindings.AuditRoot) (err error) { *out, err = auditRoot(b); return }),
	}
}

// auditRoot refuses what the contract never keeps: it takes neither a root nor a
// count of zero.
func auditRoot(b bindings.AuditRoot) (AuditRoot, error) {
	if b == (bindings.AuditRoot{}) {
		return AuditRoot{}, nil
	}
	if b.Root == [32]byte{} || b.Count == 0 || b.AnchoredAt == 0 || b.AnchoredAt > math.MaxInt64 {
		return AuditRoot{}, errors.New("an anchored batch has no root, no count or no time")
	}
	return AuditRoot{Root: b.Root, Count: b.Count, AnchoredAt: time.Unix(int64(b.AnchoredAt), 0)}, nil
}
