package chain_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/bindings"
)

// world is a chain and its endpoints in memory, of which some lie. All that it
// does follows from its seed.
type world struct {
	mu    sync.Mutex // guards everything below
	rnd   *rand.Rand
	clock time.Time
	// canonical is the chain as it is; real are all blocks that ever were in it.
	canonical []*block
	real      map[common.Hash]*block
	serial    uint64
	nodes     []*node
}

// block with what the contracts say at it.
type block struct {
	number       uint64
	hash, parent common.Hash
	time         time.Time
	touch        bool
	active       bool // the one device
	nonce, epoch uint64
}

// node is an endpoint, which has seen so much of the chain.
type node struct {
	w       *world
	view    []*block
	rnd     *rand.Rand
	lies    map[lie]bool // nil: honest
	often   float64      // how often it lies
	dropped bool         // an honest one loses an answer, but not two in a row
}

type lie int

const (
	lieActive lie = iota // the device is never revoked
	lieEpoch             // the epoch is 1
	lieChain
	lieStale    // the head lies some blocks back
	lieForged   // a block on top that does not exist
	lieBranch   // the last two blocks are others
	lieTime     // the head is of now
	lieBloom    // no logs according to the header
	lieNoLogs   // no logs according to the list
	lieLogs     // logs that do not exist
	lieOldState // answers at the block before the one that was asked for
	lieTruncated
	lieNull
	lieError
	lieDrop
	lieSwap // another block than the one that was asked for
	lies
)

func newWorld(seed uint64, n int) *world {
	w := &world{rnd: rand.New(rand.NewPCG(seed, 1)), clock: time.Unix(1_700_000_000, 0), real: map[common.Hash]*block{}}
	for range 8 {
		w.mine(func(b *block) { b.active, b.epoch = true, 1 })
	}
	for i := range n {
		w.nodes = append(w.nodes, &node{w: w, view: w.canonical, rnd: rand.New(rand.NewPCG(seed, uint64(i)+2))})
	}
	return w
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

// mine appends a block like the last one, as change makes it.
func (w *world) mine(change func(*block)) {
	w.serial++
	b := block{epoch: 1}
	if n := len(w.canonical); n > 0 {
		b = *w.canonical[n-1]
		b.number, b.parent = b.number+1, b.hash
	}
	b.hash, b.touch, b.time = common.Hash{1}, false, w.clock
	binary.BigEndian.PutUint64(b.hash[24:], w.serial)
	change(&b)
	w.canonical = append(w.canonical[:len(w.canonical):len(w.canonical)], &b)
	w.real[b.hash] = &b
}

func (n *node) BatchCallContext(_ context.Context, elems []rpc.BatchElem) error {
	n.w.mu.Lock()
	defer n.w.mu.Unlock()
	if n.lies == nil {
		n.dropped = !n.dropped && n.rnd.IntN(10) == 0
		if n.dropped {
			return errors.New("connection reset")
		}
	}
	if n.tells(lieDrop) {
		return errors.New("connection reset")
	}
	for i := range elems {
		elems[i].Error = n.answer(&elems[i])
	}
	return nil
}

func (n *node) Close() {}

func (n *node) tells(l lie) bool { return n.lies[l] && n.rnd.Float64() < n.often }

// seen is the chain that it shows. All liars forge the same blocks, so that
// they agree with each other.
func (n *node) seen() []*block {
	v := n.view
	if n.tells(lieStale) {
		v = v[:len(v)-min(3, len(v)-1)]
	}
	if n.lies[lieBranch] {
		v = append(v[:len(v)-2:len(v)-2], forged(v[len(v)-2]), forged(v[len(v)-1]))
		v[len(v)-1].parent = v[len(v)-2].hash
	}
	if n.lies[lieForged] {
		top := forged(v[len(v)-1])
		top.number, top.parent = top.number+1, v[len(v)-1].hash
		v = append(v[:len(v):len(v)], top)
	}
	return v
}

// forged is a block that was never there, on which the device is active.
func forged(b *block) *block {
	f := *b
	f.hash[0] ^= 0x80
	f.active, f.touch = true, false
	return &f
}

func (n *node) answer(e *rpc.BatchElem) error {
	switch {
	case n.tells(lieError):
		return fmt.Errorf("no")
	case n.tells(lieNull):
		return json.Unmarshal([]byte("null"), e.Result)
	}
	switch e.Method {
	case "eth_chainId":
		id := uint64(fakeChainID)
		if n.tells(lieChain) {
			id++
		}
		return set(e, hexutil.EncodeUint64(id))
	case "eth_getBlockByNumber":
		return n.header(e)
	case "eth_getLogs":
		return n.logs(e)
	case "eth_call":
		return n.call(e)
	}
	return fmt.Errorf("no method %s", e.Method)
}

func set(e *rpc.BatchElem, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, e.Result)
}

func (n *node) header(e *rpc.BatchElem) error {
	v := n.seen()
	b := v[len(v)-1]
	if at := e.Args[0].(string); at != "latest" {
		i, err := hexutil.DecodeUint64(at)
		if err != nil || i >= uint64(len(v)) {
			return json.Unmarshal([]byte("null"), e.Result)
		}
		b = v[i]
	}
	if n.tells(lieSwap) {
		b = v[n.rnd.IntN(len(v))]
	}
	t := b.time
	if n.tells(lieTime) {
		t = n.w.clock
	}
	var bloom types.Bloom
	if b.touch && !n.tells(lieBloom) {
		bloom.Add(fakeContracts().Scope.Bytes())
	}
	return set(e, map[string]any{
		"number": hexutil.Uint64(b.number), "hash": b.hash, "parentHash": b.parent,
		"timestamp": hexutil.Uint64(t.Unix()), "logsBloom": bloom,
	})
}

func (n *node) logs(e *rpc.BatchElem) error {
	b := n.block(e.Args[0].(map[string]any)["blockHash"])
	if b == nil {
		return errors.New("unknown block")
	}
	some := (b.touch && !n.tells(lieNoLogs)) || n.tells(lieLogs)
	out := []types.Log{}
	if some {
		out = append(out, types.Log{Address: fakeContracts().Scope, BlockHash: b.hash, Topics: []common.Hash{}})
	}
	return set(e, out)
}

func (n *node) block(hash any) *block {
	v := n.seen()
	i := slices.IndexFunc(v, func(b *block) bool { return b.hash == hash })
	if i < 0 {
		// Who lies has an answer also at a block that it does not show.
		if n.lies != nil {
			return n.w.real[hash.(common.Hash)]
		}
		return nil
	}
	return v[i]
}

func (n *node) call(e *rpc.BatchElem) error {
	b := n.block(e.Args[1].(map[string]any)["blockHash"])
	if b == nil {
		return errors.New("header not found")
	}
	if n.tells(lieOldState) && n.w.real[b.parent] != nil {
		b = n.w.real[b.parent]
	}
	active, epoch := b.active, b.epoch
	if n.tells(lieActive) {
		active = true
	}
	if n.tells(lieEpoch) {
		epoch = 1
	}
	out := encode(e.Args[0].(map[string]any)["data"].(hexutil.Bytes), active, b.nonce, epoch)
	if n.tells(lieTruncated) {
		out = out[:len(out)-32]
	}
	*e.Result.(**hexutil.Bytes) = &out
	return nil
}

// contractAnswers remembers encodings: packing is the dearest part of a run.
type contractAnswers struct {
	mu   sync.Mutex // guards done
	done map[string]hexutil.Bytes
	abis []abi.ABI
}

var answers = contractAnswers{done: map[string]hexutil.Bytes{}, abis: []abi.ABI{
	bindings.NewSidecarRegistry().GetABI(), bindings.NewAgentKeysScope().GetABI(), bindings.NewK3EpochCounter().GetABI(),
}}

// maintainerOf is the maintainer while the device is active; then there is none.
func maintainerOf(active bool) (a common.Address) {
	if active {
		a[0] = 0x3a
	}
	return a
}

func encode(data []byte, active bool, nonce, epoch uint64) hexutil.Bytes {
	answers.mu.Lock()
	defer answers.mu.Unlock()
	key := fmt.Sprint(data[:4], active, nonce, epoch)
	if out, ok := answers.done[key]; ok {
		return out
	}
	d := bindings.DeviceEntry{OperatorOmni: [32]byte{1}, ActorOmni: [32]byte{2}, K11PubX: common.Big0, K11PubY: common.Big0, RegisteredAt: 5, Roles: 1, Tier: 2, Revoked: !active}
	for _, a := range answers.abis {
		m, err := a.MethodById(data)
		if err != nil {
			continue
		}
		out, err := m.Outputs.Pack(map[string][]any{
			"getDevice": {d}, "frozen": {!active}, "actorOwner": {[32]byte{1}}, "getScope": {[]bindings.Grant{}}, "scopeNonce": {nonce}, "currentEpoch": {epoch},
			"resolve": {uint8(0), [32]byte{}, [32]byte{}, uint8(0)}, "signerGovernance": {fakeGovernance}, "maintainer": {maintainerOf(active)},
		}[m.Name]...)
		if err != nil {
			panic(err)
		}
		answers.done[key] = out
		return out
	}
	panic("no such method")
}

func (w *world) cache(quorum int, confirmations uint64) (*chain.Cache, error) {
	p := chain.Profile{
		Name: "world", ChainID: fakeChainID, Quorum: quorum, Confirmations: confirmations,
		MaxHeadAge: chain.MinHeadAge, PollInterval: time.Hour, Contracts: fakeContracts(),
	}
	byURL := map[string]chain.Caller{}
	for i, n := range w.nodes {
		u := fmt.Sprintf("http://node-%d.example", i)
		p.RPC, byURL[u] = append(p.RPC, u), n
	}
	o := chain.Options{Now: w.now}
	o.InMemory(func(u string) chain.Caller { return byURL[u] })
	return chain.NewCache(p, o)
}
