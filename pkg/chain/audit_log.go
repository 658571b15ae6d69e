package chain

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/litentry/agentkeys/pkg/chain/bindings"
	"github.com/litentry/agentkeys/pkg/omni"
)

// LogRef says where a log stands.
type LogRef struct {
	Tx        common.Hash
	Number    uint64
	BlockHash common.Hash
	// Index is the log's place in its block.
	Index uint
}

// AuditAnchor is where a batch was anchored, and by whom.
type AuditAnchor struct {
	AuditRoot
	LogRef
	Sender common.Address
}

// AuditEntry is an entry that was put on chain on its own (tier C).
type AuditEntry struct {
	LogRef
	Actor omni.Actor
	// Serial is how many entries of the operator came before it in tier C.
	Serial uint64
	Sender common.Address
}

// Anchored finds the log of an anchored batch; false if none has that index at
// the newest block. The contract keeps the time of the block: the block is found
// by it and asked by its hash, so that no endpoint's limit on ranges matters.
func (c *Client) Anchored(ctx context.Context, op omni.Operator, index uint64) (AuditAnchor, bool, error) {
	h, err := c.r.latest(ctx)
	if err != nil {
		return AuditAnchor{}, false, err
	}
	root, err := at(ctx, c.r, h.Hash, func(out *AuditRoot) view { return c.r.rootView(op, index, out) })
	if err != nil || root == (AuditRoot{}) {
		return AuditAnchor{}, false, err
	}
	b, err := c.r.lastAt(ctx, h, root.AnchoredAt)
	for ; err == nil && b.Time.Equal(root.AnchoredAt); b, err = c.r.headerAt(ctx, b.Number-1) {
		found, ferr := c.r.anchorIn(ctx, b.Hash, op, index)
		if ferr != nil {
			return AuditAnchor{}, false, ferr
		}
		if found != nil && found.Root == root.Root && found.Count == root.Count {
			found.AnchoredAt = root.AnchoredAt
			return *found, true, nil
		}
		if b.Number == 0 {
			break
		}
	}
	if err == nil {
		err = Unavailable(errors.New("no log"), "batch %d is anchored, but no block of its time shows it: the endpoint is faulty, or the chain was reorganised just now", index)
	}
	return AuditAnchor{}, false, err
}

// anchorIn looks for a batch's log in one block; nil without one.
func (r *reader) anchorIn(ctx context.Context, block common.Hash, op omni.Operator, index uint64) (*AuditAnchor, error) {
	logs, err := r.logs(ctx, blockIs(block), rootTopics(op, index))
	if err != nil || len(logs) == 0 {
		return nil, err
	}
	l := logs[0] // the contract appends an index once
	e, err := rootEvent(&l)
	if err != nil {
		return nil, Unavailable(err, "the log of a batch makes no sense")
	}
	return &AuditAnchor{AuditRoot{Root: e.Root, Count: e.Count}, refOf(l), e.Sender}, nil
}

func (r *reader) entriesIn(ctx context.Context, block common.Hash, op omni.Operator, entryHash [32]byte) ([]AuditEntry, error) {
	logs, err := r.logs(ctx, blockIs(block), entryTopics(op, entryHash))
	if err != nil {
		return nil, err
	}
	return auditEntries(logs)
}

func auditEntries(logs []types.Log) ([]AuditEntry, error) {
	out := make([]AuditEntry, len(logs))
	for i, l := range logs {
		e, err := entryEvent(&l)
		if err != nil {
			return nil, Unavailable(err, "the log of an entry makes no sense")
		}
		out[i] = AuditEntry{refOf(l), e.Actor, e.Index, e.Sender}
	}
	return out, nil
}

func refOf(l types.Log) LogRef { return LogRef{l.TxHash, l.BlockNumber, l.BlockHash, l.Index} }

// logWindow is how many blocks one question covers. Who allows fewer is asked in
// parts, down to minWindow: some allow ten.
const (
	logWindow = 8192
	minWindow = 8
)

// Entries finds where an entry stands on its own (tier C), by its leaf: the
// newest window of blocks that has it, oldest log first. It goes back from block
// near, or from the newest block when near is 0, to the first; the caller's
// context bounds that. Empty: there is none.
func (c *Client) Entries(ctx context.Context, op omni.Operator, entryHash [32]byte, near uint64) ([]AuditEntry, error) {
	h, err := c.r.latest(ctx)
	if err != nil {
		return nil, err
	}
	count, err := at(ctx, c.r, h.Hash, func(out *uint64) view {
		return view{c.r.at.Audit, c.r.auditABI, "entryCount", c.r.audit.PackEntryCount(op.Bytes()), into(c.r.audit.UnpackEntryCount, keep(out))}
	})
	if err != nil || count == 0 {
		return nil, err
	}
	last := h.Number
	if near != 0 {
		last = min(near, last)
	}
	for {
		first := last - min(last, logWindow-1)
		logs, err := c.r.logs(ctx, window{first: first, last: last}, entryTopics(op, entryHash))
		if err != nil {
			return nil, err
		}
		if len(logs) > 0 {
			return auditEntries(logs)
		}
		if first == 0 {
			return nil, nil
		}
		last = first - 1
	}
}

// window is where logs are looked for: one block by its hash, or a range.
type window struct {
	hash        common.Hash
	first, last uint64
}

func blockIs(h common.Hash) window { return window{hash: h} }

func (w window) has(l types.Log) bool {
	if w.hash != (common.Hash{}) {
		return l.BlockHash == w.hash
	}
	return l.BlockNumber >= w.first && l.BlockNumber <= w.last && l.BlockHash != (common.Hash{})
}

// logs are the audit contract's with these topics (nil: any), as k endpoints
// list them.
func (r *reader) logs(ctx context.Context, w window, topics []*common.Hash) ([]types.Log, error) {
	logs, err := agreed(ctx, r.ep, "the logs of the audit contract", func(ctx context.Context, e *endpoint) ([]types.Log, error) {
		return r.logsOf(ctx, e, w, topics)
	}, logsPrint)
	if err != nil {
		return nil, Unavailable(err, "the logs of the audit contract could not be read")
	}
	return logs, nil
}

// logsOf asks one endpoint, in halves if it refuses the whole.
func (r *reader) logsOf(ctx context.Context, e *endpoint, w window, topics []*common.Hash) ([]types.Log, error) {
	filter := map[string]any{"address": r.at.Audit, "topics": topics}
	if w.hash != (common.Hash{}) {
		filter["blockHash"] = w.hash
	} else {
		filter["fromBlock"], filter["toBlock"] = hexutil.Uint64(w.first), hexutil.Uint64(w.last)
	}
	var logs *[]types.Log
	err := e.batch(ctx, []rpc.BatchElem{{Method: "eth_getLogs", Args: []any{filter}, Result: &logs}})
	var said rpc.Error
	switch {
	case errors.As(err, &said) && w.last-w.first >= minWindow:
		middle := w.first + (w.last-w.first)/2
		older, err := r.logsOf(ctx, e, window{first: w.first, last: middle}, topics)
		if err != nil {
			return nil, err
		}
		newer, err := r.logsOf(ctx, e, window{first: middle + 1, last: w.last}, topics)
		return append(older, newer...), err
	case err != nil:
		return nil, err
	case logs == nil:
		return nil, errors.New("no list of logs")
	}
	for _, l := range *logs {
		if l.Address != r.at.Audit || l.Removed || !w.has(l) || !matches(l.Topics, topics) {
			return nil, errors.New("a log is not one that was asked for")
		}
	}
	slices.SortFunc(*logs, func(a, b types.Log) int {
		return cmp.Or(cmp.Compare(a.BlockNumber, b.BlockNumber), cmp.Compare(a.Index, b.Index))
	})
	return *logs, nil
}

func matches(have []common.Hash, want []*common.Hash) bool {
	if len(have) < len(want) {
		return false
	}
	for i, t := range want {
		if t != nil && have[i] != *t {
			return false
		}
	}
	return true
}

// logsPrint tells lists of logs apart.
func logsPrint(logs []types.Log) string {
	var b bytes.Buffer
	for _, l := range logs {
		fmt.Fprintf(&b, "%d %x %d %x %x %x\n", l.BlockNumber, l.BlockHash, l.Index, l.TxHash, l.Topics, l.Data)
	}
	return b.String()
}

func rootTopics(op omni.Operator, index uint64) []*common.Hash {
	id, o, i := auditEvent("RootAppended").ID, common.Hash(op.Bytes()), common.Hash{}
	binary.BigEndian.PutUint64(i[24:], index)
	return []*common.Hash{&id, &o, &i, nil}
}

func entryTopics(op omni.Operator, entryHash common.Hash) []*common.Hash {
	id, o := auditEvent("EntryAppended").ID, common.Hash(op.Bytes())
	return []*common.Hash{&id, &o, nil, &entryHash}
}

func auditEvent(name string) abi.Event { return bindings.NewCredentialAudit().GetABI().Events[name] }

// rootEvent decodes the one encoding of a RootAppended.
func rootEvent(l *types.Log) (*bindings.CredentialAuditRootAppended, error) {
	if err := wellFormed(l, auditEvent("RootAppended")); err != nil {
		return nil, err
	}
	e, err := bindings.NewCredentialAudit().UnpackRootAppendedEvent(l)
	if err == nil && (e.Root == [32]byte{} || e.Count == 0) {
		err = errors.New("a batch without a root or entries")
	}
	return e, err
}

type entryAppended struct {
	Actor  omni.Actor
	Index  uint64
	Sender common.Address
}

func entryEvent(l *types.Log) (entryAppended, error) {
	if err := wellFormed(l, auditEvent("EntryAppended")); err != nil {
		return entryAppended{}, err
	}
	e, err := bindings.NewCredentialAudit().UnpackEntryAppendedEvent(l)
	if err != nil {
		return entryAppended{}, err
	}
	actor, err := omni.ActorFromBytes(e.Actor)
	return entryAppended{actor, e.Index, e.Sender}, err
}

// wellFormed: four topics, and data that is the canonical encoding of what it
// decodes to.
func wellFormed(l *types.Log, e abi.Event) error {
	if len(l.Topics) != 4 || l.Topics[0] != e.ID {
		return fmt.Errorf("not a log of %s", e.Name)
	}
	args := e.Inputs.NonIndexed()
	values, err := args.Unpack(l.Data)
	if err != nil {
		return fmt.Errorf("decoding a log of %s: %w", e.Name, err)
	}
	if again, err := args.Pack(values...); err != nil || !bytes.Equal(again, l.Data) {
		return fmt.Errorf("a log of %s is not canonical", e.Name)
	}
	return nil
}
