package chain_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/bindings"
)

const fakeChainID = 99

// fake is a chain whose blocks a test makes by hand.
type fake struct {
	url string

	mu     sync.Mutex // guards everything below
	id     uint64
	blocks []fakeBlock
	// orphans were reorganised away; they answer only who does not insist on
	// the canonical chain.
	orphans []fakeBlock
	hidden  int         // newest blocks not shown as latest
	missing []fakeBlock // newest blocks that it has not got yet
	serial  uint64
	calls   map[string]int
	// middle, if set, runs in the middle of a read, without the mutex.
	middle func()
	// damage, if set, changes what a call answers.
	damage   func(method string, out []byte) []byte
	anyBlock bool // answer calls at unknown blocks from the newest
	noLogs   bool // answer no logs, whatever the blocks have
	noBloom  bool // leave the bloom filter empty
}

type fakeBlock struct {
	frozen bool
	hash   common.Hash
	time   time.Time
	touch  bool   // it has a log of the scope contract
	epoch  uint64 // what the contracts say at it
	nonce  uint64
	device bindings.DeviceEntry
	grants []bindingsGrant
	// maintainer may be zero; governance is fakeGovernance.
	maintainer common.Address
}

// fakeGovernance governs the epoch of every fake.
var fakeGovernance = common.Address{18: 0x60, 19: 1}

type bindingsGrant = bindings.Grant

func fakeContracts() chain.Contracts {
	a := func(b byte) common.Address { return common.Address{18: 0xC0, 19: b} }
	return chain.Contracts{P256Verifier: a(1), P256Router: a(2), K11Verifier: a(3), Registry: a(4), Scope: a(5), Epoch: a(6), Audit: a(7)}
}

func newFake(t *testing.T) (*fake, chain.Profile) {
	t.Helper()
	f := &fake{id: fakeChainID, calls: map[string]int{}}
	f.blocks = []fakeBlock{{hash: common.Hash{1}, time: time.Now(), epoch: 1}}
	s := rpc.NewServer()
	if err := s.RegisterName("eth", &fakeEth{f}); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	f.url = srv.URL
	return f, chain.Profile{
		Name: "fake", ChainID: fakeChainID, RPC: []string{srv.URL}, MaxHeadAge: chain.MinHeadAge,
		PollInterval: time.Hour, Contracts: fakeContracts(),
	}
}

// mine appends a block like the last one, as change makes it.
func (f *fake) mine(change func(*fakeBlock)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	b := f.blocks[len(f.blocks)-1]
	f.serial++
	b.hash, b.touch = common.Hash{2}, false
	binary.BigEndian.PutUint64(b.hash[24:], f.serial)
	b.time = time.Now()
	if change != nil {
		change(&b)
	}
	f.blocks = append(f.blocks, b)
}

// reorg forgets the newest n blocks.
func (f *fake) reorg(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at := len(f.blocks) - n
	f.orphans = append(f.orphans, f.blocks[at:]...)
	f.blocks = f.blocks[:at:at]
}

// cut lets the endpoint lag by n blocks until uncut.
func (f *fake) cut(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at := len(f.blocks) - n
	f.missing = f.blocks[at:]
	f.blocks = f.blocks[:at:at]
}

func (f *fake) uncut() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.blocks = append(f.blocks, f.missing...)
	f.missing = nil
}

func (f *fake) set(change func(*fake)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

func (f *fake) count(method string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[method]
}

// fakeEth is the eth namespace.
type fakeEth struct{ f *fake }

func (e *fakeEth) ChainId() hexutil.Uint64 { //nolint:revive // the method's name is eth_chainId
	e.f.mu.Lock()
	defer e.f.mu.Unlock()
	return hexutil.Uint64(e.f.id)
}

func (e *fakeEth) GetBlockByNumber(n rpc.BlockNumber, _ bool) (map[string]any, error) {
	f := e.f
	f.mu.Lock()
	defer f.mu.Unlock()
	i := len(f.blocks) - 1 - f.hidden
	if n >= 0 {
		i = int(n)
	}
	if i < 0 || i >= len(f.blocks) {
		return nil, nil
	}
	b := f.blocks[i]
	var parent common.Hash
	if i > 0 {
		parent = f.blocks[i-1].hash
	}
	var bloom types.Bloom
	if b.touch && !f.noBloom {
		bloom.Add(fakeContracts().Scope.Bytes())
	}
	return map[string]any{
		"number": hexutil.Uint64(i), "hash": b.hash, "parentHash": parent,
		"timestamp": hexutil.Uint64(b.time.Unix()), "logsBloom": bloom,
	}, nil
}

func (e *fakeEth) GetLogs(q struct {
	BlockHash common.Hash      `json:"blockHash"`
	Address   []common.Address `json:"address"`
},
) ([]*types.Log, error) {
	f := e.f
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls["getLogs"]++
	for _, b := range f.blocks {
		if b.hash == q.BlockHash {
			if b.touch && !f.noLogs {
				return []*types.Log{{Address: fakeContracts().Scope, BlockHash: b.hash, Topics: []common.Hash{}}}, nil
			}
			return []*types.Log{}, nil
		}
	}
	return nil, fmt.Errorf("unknown block")
}

func (e *fakeEth) Call(msg struct {
	To   common.Address `json:"to"`
	Data hexutil.Bytes  `json:"data"`
}, at rpc.BlockNumberOrHash,
) (hexutil.Bytes, error) {
	f := e.f
	f.mu.Lock()
	f.calls["call"]++
	middle := f.middle
	f.middle = nil
	f.mu.Unlock()
	if middle != nil {
		middle()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, b := range f.blocks {
		if b.hash == *at.BlockHash {
			return f.answer(b, msg.To, msg.Data)
		}
	}
	for _, b := range f.orphans {
		if b.hash == *at.BlockHash && !at.RequireCanonical {
			return f.answer(b, msg.To, msg.Data)
		}
	}
	if f.anyBlock {
		return f.answer(f.blocks[len(f.blocks)-1], msg.To, msg.Data)
	}
	return nil, fmt.Errorf("header not found")
}

func (f *fake) answer(b fakeBlock, to common.Address, data []byte) (hexutil.Bytes, error) {
	c := fakeContracts()
	a := map[common.Address]abi.ABI{c.Registry: bindings.NewSidecarRegistry().GetABI(), c.Scope: bindings.NewAgentKeysScope().GetABI(), c.Epoch: bindings.NewK3EpochCounter().GetABI()}[to]
	m, err := a.MethodById(data)
	if err != nil {
		return nil, err
	}
	if b.device.K11PubX == nil {
		b.device.K11PubX, b.device.K11PubY = common.Big0, common.Big0
	}
	values := map[string][]any{
		"getDevice":    {b.device},
		"actorOwner":   {[32]byte{}},
		"frozen":       {b.frozen},
		"getScope":     {append([]bindings.Grant{}, b.grants...)},
		"scopeNonce":   {b.nonce},
		"currentEpoch": {b.epoch},
		"resolve":      {uint8(0), [32]byte{}, [32]byte{}, uint8(0)},

		"signerGovernance":  {fakeGovernance},
		"pendingGovernance": {common.Address{}},
		"maintainer":        {b.maintainer},
	}[m.Name]
	out, err := m.Outputs.Pack(values...)
	if err != nil {
		return nil, err
	}
	if f.damage != nil {
		out = f.damage(m.Name, out)
	}
	return out, nil
}

// faulty stands between a client and a good endpoint. do returns false to let
// a request through.
type faulty struct {
	mu sync.Mutex // guards do
	do func(w http.ResponseWriter, r *http.Request) bool
}

func newFaulty(t *testing.T, target string) (*faulty, string) {
	t.Helper()
	p := &faulty{}
	proxy := forward(t, target)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		do := p.do
		p.mu.Unlock()
		if do != nil {
			// A server notices that its client left only after the body.
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			if do(w, r) {
				return
			}
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	return p, srv.URL
}

func (p *faulty) set(do func(http.ResponseWriter, *http.Request) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.do = do
}
