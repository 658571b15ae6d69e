package chain

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/ethereum/go-ethereum/trie"

	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// ErrProof: a receipt proof does not prove what it is to prove.
var ErrProof = errors.New("the receipt proof does not hold")

// Bounds of a receipt proof. An index has at most nine bytes in RLP, which are
// eighteen steps down a trie.
const (
	maxHeaderBytes = 8 << 10
	maxProofNodes  = 20
	maxProofBytes  = 4 << 20
)

// ReceiptProof shows that a block has a receipt, without asking anybody. In JSON
// its byte strings are hex with 0x.
type ReceiptProof struct {
	// Header is the RLP of the block's header: its Keccak-256 is the block's hash
	// (Yellow Paper 4.4). Whoever verifies knows that hash, or the header, from
	// elsewhere.
	Header hexutil.Bytes `json:"header"`
	// Index is the transaction's place in the block.
	Index uint64 `json:"transaction_index"`
	// Nodes are those of the receipts' Merkle-Patricia trie (Yellow Paper, appendix
	// D) from the root down to the receipt.
	Nodes []hexutil.Bytes `json:"nodes"`
	// Tx is the transaction's hash. It helps to find it again and is not proven.
	Tx common.Hash `json:"transaction"`
}

// ParseReceiptProof reads the JSON form. It verifies nothing.
func ParseReceiptProof(data []byte) (ReceiptProof, error) {
	var p ReceiptProof
	if len(data) > 2*maxProofBytes+4*maxHeaderBytes {
		return ReceiptProof{}, fmt.Errorf("%w: it is too large", ErrProof)
	}
	if err := strictjson.Decode(data, &p); err != nil {
		return ReceiptProof{}, fmt.Errorf("%w: %w", ErrProof, err)
	}
	return p, nil
}

// Encode is the JSON form.
func (p ReceiptProof) Encode() ([]byte, error) { return strictjson.Encode(p) }

// BlockHash is the hash of the block whose header this is.
func (p ReceiptProof) BlockHash() common.Hash { return crypto.Keccak256Hash(p.Header) }

// Verify is VerifyReceipt of its parts.
func (p ReceiptProof) Verify() (*types.Receipt, error) {
	nodes := make([][]byte, len(p.Nodes))
	for i, n := range p.Nodes {
		nodes[i] = n
	}
	return VerifyReceipt(p.Header, p.Index, nodes)
}

// VerifyReceipt proves that the block with this header has a receipt at this
// index, and yields it. Of the receipt only what is proven is set: type, status,
// gas, bloom, logs (address, topics, data), and the block's hash and number, which
// the caller compares with what it knows. The error wraps ErrProof.
func VerifyReceipt(header []byte, index uint64, nodes [][]byte) (*types.Receipt, error) {
	h, err := decodeHeader(header)
	if err != nil {
		return nil, err
	}
	path, err := newProofPath(nodes)
	if err != nil {
		return nil, err
	}
	value, err := trie.VerifyProof(h.ReceiptHash, rlp.AppendUint64(nil, index), path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrProof, err)
	case value == nil:
		return nil, fmt.Errorf("%w: the block has no receipt %d", ErrProof, index)
	case len(path.left) > 0:
		return nil, fmt.Errorf("%w: it has nodes that lead nowhere", ErrProof)
	}
	r := new(types.Receipt)
	if err := r.UnmarshalBinary(value); err != nil {
		return nil, fmt.Errorf("%w: the receipt: %w", ErrProof, err)
	}
	if again, err := r.MarshalBinary(); err != nil || !bytes.Equal(again, value) {
		return nil, fmt.Errorf("%w: the receipt is not canonical", ErrProof)
	}
	r.BlockHash, r.BlockNumber, r.TransactionIndex = crypto.Keccak256Hash(header), h.Number, uint(index)
	return r, nil
}

// decodeHeader takes only the one encoding of a header.
func decodeHeader(b []byte) (*types.Header, error) {
	var h types.Header
	if len(b) > maxHeaderBytes {
		return nil, fmt.Errorf("%w: the header is too large", ErrProof)
	}
	if err := rlp.DecodeBytes(b, &h); err != nil {
		return nil, fmt.Errorf("%w: the header: %w", ErrProof, err)
	}
	if again, err := rlp.EncodeToBytes(&h); err != nil || !bytes.Equal(again, b) || h.Number == nil || h.Number.Cmp(new(big.Int)) < 0 || !h.Number.IsUint64() {
		return nil, fmt.Errorf("%w: the header is not canonical", ErrProof)
	}
	return &h, nil
}

// proofPath gives out each node once, by its hash.
type proofPath struct{ left map[common.Hash][]byte }

func newProofPath(nodes [][]byte) (proofPath, error) {
	p := proofPath{map[common.Hash][]byte{}}
	size := 0
	for _, n := range nodes {
		size += len(n)
		p.left[crypto.Keccak256Hash(n)] = n
	}
	if len(nodes) == 0 || len(nodes) > maxProofNodes || size > maxProofBytes || len(p.left) < len(nodes) {
		return proofPath{}, fmt.Errorf("%w: it has 1 to %d nodes, each once, of %d bytes at most", ErrProof, maxProofNodes, maxProofBytes)
	}
	return p, nil
}

// Has implements ethdb.KeyValueReader.
func (p proofPath) Has(key []byte) (bool, error) {
	_, ok := p.left[common.BytesToHash(key)]
	return ok, nil
}

// Get implements ethdb.KeyValueReader.
func (p proofPath) Get(key []byte) ([]byte, error) {
	h := common.BytesToHash(key)
	n, ok := p.left[h]
	if !ok {
		return nil, errors.New("no such node")
	}
	delete(p.left, h)
	return n, nil
}

// RootAppendedIn reads from a proven receipt which batch the transaction anchored
// for the operator under this index, in this contract. The error wraps ErrProof:
// the transaction failed, or has no such log, or more than one.
func RootAppendedIn(r *types.Receipt, contract common.Address, op omni.Operator, index uint64) (root [32]byte, count uint64, err error) {
	if r.Status != types.ReceiptStatusSuccessful || len(r.PostState) > 0 {
		return root, 0, fmt.Errorf("%w: the transaction failed", ErrProof)
	}
	want := rootTopics(op, index)
	found := 0
	for _, l := range r.Logs {
		if l.Address != contract || !matches(l.Topics, want) {
			continue
		}
		e, err := rootEvent(l)
		if err != nil {
			return [32]byte{}, 0, fmt.Errorf("%w: %w", ErrProof, err)
		}
		found++
		root, count = e.Root, e.Count
	}
	if found != 1 {
		return [32]byte{}, 0, fmt.Errorf("%w: the transaction has %d logs of batch %d of operator %s", ErrProof, found, index, op.Short())
	}
	return root, count, nil
}
