package chain

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/ethereum/go-ethereum/trie"
)

// ReceiptProof makes the proof of a transaction's receipt in a block. Nothing of
// it needs a quorum: header and receipts are hashed and must yield the block's
// hash, which the caller has from one (Anchored). The endpoints are asked in turn
// until one yields a proof that holds.
func (c *Client) ReceiptProof(ctx context.Context, block, tx common.Hash) (ReceiptProof, error) {
	var faults []error
	for _, e := range c.q.eps {
		p, err := receiptProof(ctx, e, block, tx)
		if err == nil {
			return p, nil
		}
		faults = append(faults, err)
	}
	return ReceiptProof{}, Unavailable(errors.Join(faults...), "the receipts of block %s could not be read", block)
}

func receiptProof(ctx context.Context, e *endpoint, block, tx common.Hash) (ReceiptProof, error) {
	var h *types.Header
	var b *struct {
		Transactions []common.Hash `json:"transactions"`
	}
	ask := func(out any) rpc.BatchElem {
		return rpc.BatchElem{Method: "eth_getBlockByHash", Args: []any{block, false}, Result: out}
	}
	if err := e.batch(ctx, []rpc.BatchElem{ask(&h), ask(&b)}); err != nil {
		return ReceiptProof{}, err
	}
	if h == nil || b == nil {
		return ReceiptProof{}, errors.New("the endpoint does not have the block")
	}
	header, err := rebuild(h, block)
	if err != nil {
		return ReceiptProof{}, err
	}
	index := slices.Index(b.Transactions, tx)
	if index < 0 {
		return ReceiptProof{}, fmt.Errorf("transaction %s is not in the block", tx)
	}
	receipts, err := receiptsOf(ctx, e, block, b.Transactions)
	if err != nil {
		return ReceiptProof{}, err
	}
	t, err := receiptTrie(receipts)
	if err != nil {
		return ReceiptProof{}, err
	}
	if t.Hash() != h.ReceiptHash {
		return ReceiptProof{}, errors.New("the receipts are not those of the block's header")
	}
	p := ReceiptProof{Header: header, Index: uint64(index), Tx: tx}
	if err := t.Prove(rlp.AppendUint64(nil, p.Index), (*nodeList)(&p)); err != nil {
		return ReceiptProof{}, fmt.Errorf("proving a receipt: %w", err)
	}
	if _, err := p.Verify(); err != nil {
		return ReceiptProof{}, err
	}
	return p, nil
}

// receiptTrie holds each receipt under its index (Yellow Paper 4.4.1, EIP-2718).
func receiptTrie(receipts []*types.Receipt) (*trie.Trie, error) {
	t := trie.NewEmpty(nil)
	for i, r := range receipts {
		b, err := r.MarshalBinary()
		if err == nil {
			err = t.Update(rlp.AppendUint64(nil, uint64(i)), b)
		}
		if err != nil {
			return nil, fmt.Errorf("receipt %d: %w", i, err)
		}
	}
	return t, nil
}

// nodeList takes the nodes of a proof, from the root down.
type nodeList ReceiptProof

// Put implements ethdb.KeyValueWriter.
func (l *nodeList) Put(_, node []byte) error {
	l.Nodes = append(l.Nodes, slices.Clone(node))
	return nil
}

// Delete implements ethdb.KeyValueWriter.
func (l *nodeList) Delete([]byte) error { return errors.New("a proof only grows") }

// receiptsOf are a block's receipts, in one answer or one by one.
func receiptsOf(ctx context.Context, e *endpoint, block common.Hash, txs []common.Hash) ([]*types.Receipt, error) {
	var all []*types.Receipt
	err := e.batch(ctx, []rpc.BatchElem{{Method: "eth_getBlockReceipts", Args: []any{block}, Result: &all}})
	if err != nil || len(all) != len(txs) {
		all = make([]*types.Receipt, len(txs))
		elems := make([]rpc.BatchElem, len(txs))
		for i, tx := range txs {
			elems[i] = rpc.BatchElem{Method: "eth_getTransactionReceipt", Args: []any{tx}, Result: &all[i]}
		}
		for part := range slices.Chunk(elems, partSize) {
			if err := e.batch(ctx, part); err != nil {
				return nil, err
			}
		}
	}
	for i, r := range all {
		if r == nil || r.TxHash != txs[i] {
			return nil, errors.New("a receipt is missing, or another one's")
		}
	}
	return all, nil
}

// rebuild encodes a header so that it hashes to the block's hash. What endpoints
// show is not always what the chain hashes: chains built on Frontier hash none of
// the fields that came with London and later, and the time in milliseconds, of
// which they show the seconds.
func rebuild(shown *types.Header, want common.Hash) ([]byte, error) {
	h := types.CopyHeader(shown)
	if b, ok := hashesTo(h, want); ok {
		return b, nil
	}
	h.BaseFee, h.WithdrawalsHash, h.BlobGasUsed, h.ExcessBlobGas = nil, nil, nil, nil
	h.ParentBeaconRoot, h.RequestsHash, h.BlockAccessListHash, h.SlotNumber = nil, nil, nil, nil
	if b, ok := hashesTo(h, want); ok {
		return b, nil
	}
	for ms := range uint64(1000) {
		h.Time = shown.Time*1000 + ms
		if b, ok := hashesTo(h, want); ok {
			return b, nil
		}
	}
	return nil, errors.New("the block's header does not hash to its hash: this kind of chain is not known here")
}

func hashesTo(h *types.Header, want common.Hash) ([]byte, bool) {
	b, err := rlp.EncodeToBytes(h)
	return b, err == nil && crypto.Keccak256Hash(b) == want
}
