package anchor_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/bindings"
	"github.com/litentry/agentkeys/pkg/omni"
)

// ledger is a chain in memory with the audit contract's rules, a pool, and blocks
// that a test makes by hand.
type ledger struct {
	mu     sync.Mutex // guards everything below
	blocks []block
	serial uint64
	// pool is one account's transactions by nonce.
	pool map[uint64]*types.Transaction
	all  map[common.Hash]*types.Transaction
	// relayers and wallets may anchor.
	relayers map[omni.Operator]common.Address
	// floor is the least tip with which a block takes a transaction.
	floor int64
	// price is the tip that the endpoint names.
	price int64
	// balance is what the account has, in wei.
	balance *big.Int
	// lag is how many blocks those that are asked are behind the one that sends.
	lag int
	// swallow takes transactions and forgets them.
	swallow bool
	down    bool
	// reverted counts transactions that were mined in vain, sent those that were
	// taken.
	reverted, sent int
}

type block struct {
	hash  common.Hash
	time  time.Time
	txs   []*types.Transaction
	roots map[omni.Operator][]anchored // after it
	nonce uint64                       // after it
}

type anchored struct {
	chain.AuditRoot
	tx     common.Hash
	number uint64
}

const relayerByte = 0x7E

var relayerAt = common.Address{relayerByte}

func newLedger() *ledger {
	l := &ledger{
		pool: map[uint64]*types.Transaction{}, all: map[common.Hash]*types.Transaction{}, relayers: map[omni.Operator]common.Address{},
		price: 1e9, floor: 1, balance: big.NewInt(1e18),
	}
	l.mine()
	return l
}

func (l *ledger) set(change func(*ledger)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(l)
}

func (l *ledger) top() *block { return &l.blocks[len(l.blocks)-1] }

// mine makes a block of what the pool has at its price.
func (l *ledger) mine() {
	l.serial++
	b := block{time: time.Unix(1_700_000_000+int64(l.serial), 0), hash: common.Hash{1}, roots: map[omni.Operator][]anchored{}}
	binary.BigEndian.PutUint64(b.hash[24:], l.serial)
	if len(l.blocks) > 0 {
		b.nonce = l.top().nonce
		for o, r := range l.top().roots {
			b.roots[o] = r[:len(r):len(r)]
		}
	}
	for {
		tx := l.pool[b.nonce]
		if tx == nil || tx.GasTipCap().Int64() < l.floor {
			break
		}
		delete(l.pool, b.nonce)
		b.nonce++
		b.txs = append(b.txs, tx)
		o, index, root := decode(tx.Data())
		if l.allowed(o) && index == uint64(len(b.roots[o])) {
			b.roots[o] = append(b.roots[o], anchored{chain.AuditRoot{Root: root.Root, Count: root.Count, AnchoredAt: b.time}, tx.Hash(), uint64(len(l.blocks))})
		} else {
			l.reverted++
		}
	}
	l.blocks = append(l.blocks, b)
}

// foreign anchors a root that nobody here knows of.
func (l *ledger) foreign(o omni.Operator, root [32]byte, count uint64) {
	l.mine()
	b := l.top()
	b.roots[o] = append(b.roots[o], anchored{chain.AuditRoot{Root: root, Count: count, AnchoredAt: b.time}, common.Hash{0xF0, byte(len(b.roots[o]))}, uint64(len(l.blocks) - 1)})
}

// reorg replaces the newest n blocks by empty ones; what was in them returns to
// the pool, or is lost.
func (l *ledger) reorg(n int, lost bool) {
	for _, b := range l.blocks[len(l.blocks)-n:] {
		for _, tx := range b.txs {
			if !lost {
				l.pool[tx.Nonce()] = tx
			} else {
				delete(l.all, tx.Hash())
			}
		}
	}
	l.blocks = l.blocks[:len(l.blocks)-n]
	pool := l.pool
	l.pool = map[uint64]*types.Transaction{}
	for range n {
		l.mine()
	}
	l.pool = pool
}

func (l *ledger) allowed(o omni.Operator) bool { return l.relayers[o] == relayerAt }

func encode(o omni.Operator, index uint64, root [32]byte, count uint64) []byte {
	b := o.Bytes()
	data := binary.BigEndian.AppendUint64(append([]byte(nil), b[:]...), index)
	return binary.BigEndian.AppendUint64(append(data, root[:]...), count)
}

func decode(data []byte) (omni.Operator, uint64, chain.AuditRoot) {
	o, err := omni.OperatorFromBytes([32]byte(data[:32]))
	if err != nil {
		panic(err)
	}
	return o, binary.BigEndian.Uint64(data[32:40]), chain.AuditRoot{Root: [32]byte(data[40:72]), Count: binary.BigEndian.Uint64(data[72:])}
}

var errDown = errors.New("connection refused")

func (l *ledger) ask() (func(), error) {
	l.mu.Lock()
	if l.down {
		return l.mu.Unlock, chain.Unavailable(errDown, "the chain could not be asked")
	}
	return l.mu.Unlock, nil
}

func (l *ledger) seen() []block { return l.blocks[:len(l.blocks)-l.lag] }

func (l *ledger) ref(n int) chain.BlockRef {
	return chain.BlockRef{Number: uint64(n), Hash: l.blocks[n].hash, Time: l.blocks[n].time}
}

// Head implements anchor.Chain.
func (l *ledger) Head(context.Context) (chain.BlockRef, error) {
	unlock, err := l.ask()
	defer unlock()
	if err != nil {
		return chain.BlockRef{}, err
	}
	return l.ref(len(l.seen()) - 1), nil
}

// BlockAt implements anchor.Chain.
func (l *ledger) BlockAt(_ context.Context, number uint64) (chain.BlockRef, error) {
	unlock, err := l.ask()
	defer unlock()
	if err == nil && number >= uint64(len(l.seen())) {
		err = chain.Unavailable(nil, "no block %d", number)
	}
	if err != nil {
		return chain.BlockRef{}, err
	}
	return l.ref(int(number)), nil
}

// AuditStanding implements anchor.Chain.
func (l *ledger) AuditStanding(_ context.Context, o omni.Operator, indices ...uint64) (chain.AuditStanding, error) {
	unlock, err := l.ask()
	defer unlock()
	if err != nil {
		return chain.AuditStanding{}, err
	}
	at := len(l.seen()) - 1
	roots := l.blocks[at].roots[o]
	st := chain.AuditStanding{Block: l.ref(at), Roots: uint64(len(roots)), Relayer: l.relayers[o], Batches: make([]chain.AuditRoot, len(indices))}
	for i, index := range indices {
		if index < st.Roots {
			st.Batches[i] = roots[index].AuditRoot
		}
	}
	return st, nil
}

// Root implements anchor.Chain.
func (l *ledger) Root(_ context.Context, o omni.Operator, index uint64) (chain.AuditRoot, bool, error) {
	unlock, err := l.ask()
	defer unlock()
	if roots := l.seen()[len(l.seen())-1].roots[o]; err == nil && index < uint64(len(roots)) {
		return roots[index].AuditRoot, true, nil
	}
	return chain.AuditRoot{}, false, err
}

// Anchored implements anchor.Chain.
func (l *ledger) Anchored(_ context.Context, o omni.Operator, index uint64) (chain.AuditAnchor, bool, error) {
	unlock, err := l.ask()
	defer unlock()
	roots := l.seen()[len(l.seen())-1].roots[o]
	if err != nil || index >= uint64(len(roots)) {
		return chain.AuditAnchor{}, false, err
	}
	r := roots[index]
	return chain.AuditAnchor{AuditRoot: r.AuditRoot, LogRef: chain.LogRef{Tx: r.tx, Number: r.number, BlockHash: l.blocks[r.number].hash}, Sender: relayerAt}, true, nil
}

// AppendRootCall implements anchor.Chain.
func (l *ledger) AppendRootCall(o omni.Operator, index uint64, root [32]byte, count uint64) chain.Call {
	return chain.Call{To: common.Address{0xAD}, Data: encode(o, index, root, count)}
}

// Address implements anchor.Relay.
func (l *ledger) Address() common.Address { return relayerAt }

// Occupancy implements anchor.Relay.
func (l *ledger) Occupancy(context.Context) (chain.Occupancy, error) {
	unlock, err := l.ask()
	defer unlock()
	if err != nil {
		return chain.Occupancy{}, err
	}
	next := l.top().nonce
	return chain.Occupancy{Next: next, Waiting: l.pool[next] != nil}, nil
}

// Prepare implements anchor.Relay.
func (l *ledger) Prepare(_ context.Context, c chain.Call, least chain.Fees) (*types.Transaction, error) {
	unlock, err := l.ask()
	defer unlock()
	if err != nil {
		return nil, err
	}
	o, index, _ := decode(c.Data)
	switch next := uint64(len(l.top().roots[o])); {
	case !l.allowed(o):
		return nil, &chain.RevertError{Name: "NotAnchorer", Value: &bindings.CredentialAuditNotAnchorer{Sender: relayerAt, Operator: o.Bytes()}}
	case index != next:
		return nil, &chain.RevertError{Name: "BatchIndexMismatch", Value: &bindings.CredentialAuditBatchIndexMismatch{Next: next, Given: index}}
	}
	tip, most := big.NewInt(l.price), big.NewInt(2*l.price)
	if least.Tip != nil && least.Tip.Cmp(tip) > 0 {
		tip = least.Tip
	}
	if least.Cap != nil && least.Cap.Cmp(most) > 0 {
		most = least.Cap
	}
	const gas = 80_000
	if most.Cmp(big.NewInt(500e9)) > 0 {
		return nil, chain.ErrFee
	}
	if new(big.Int).Mul(most, big.NewInt(gas)).Cmp(l.balance) > 0 {
		return nil, chain.ErrFunds
	}
	return types.NewTx(&types.DynamicFeeTx{ChainID: common.Big1, Nonce: l.top().nonce, To: &c.To, Data: c.Data, Gas: gas, GasTipCap: tip, GasFeeCap: most}), nil
}

// Send implements anchor.Relay.
func (l *ledger) Send(_ context.Context, tx *types.Transaction) error {
	unlock, err := l.ask()
	defer unlock()
	if err != nil {
		return err
	}
	old := l.pool[tx.Nonce()]
	switch {
	case tx.Nonce() < l.top().nonce:
		return fmt.Errorf("%w: too low", chain.ErrNonceUsed)
	case l.swallow:
		return nil
	case old != nil && old.Hash() == tx.Hash():
		return nil
	case old != nil && (tx.GasTipCap().Int64()*10 < old.GasTipCap().Int64()*11 || tx.GasFeeCap().Int64()*10 < old.GasFeeCap().Int64()*11):
		return fmt.Errorf("%w: replacement", chain.ErrUnderpriced)
	case old != nil:
		delete(l.all, old.Hash())
	}
	l.sent++
	l.pool[tx.Nonce()], l.all[tx.Hash()] = tx, tx
	return nil
}

// Lookup implements anchor.Relay.
func (l *ledger) Lookup(_ context.Context, hash common.Hash) (*types.Transaction, error) {
	unlock, err := l.ask()
	defer unlock()
	if err != nil {
		return nil, err
	}
	return l.all[hash], nil
}
