package chain

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/litentry/agentkeys/pkg/chain/bindings"
)

// reader reads what the contracts say at one block, named by its hash.
type reader struct {
	ep       *quorum // one endpoint, or several that must agree
	chainID  uint64
	at       Contracts
	registry *bindings.SidecarRegistry
	scope    *bindings.AgentKeysScope
	audit    *bindings.CredentialAudit
	epoch    *bindings.K3EpochCounter

	registryABI, scopeABI, auditABI, epochABI abi.ABI
}

// newReader reads from one endpoint.
func newReader(ep *endpoint, p Profile) *reader {
	return newQuorumReader(newQuorum([]*endpoint{ep}, 1), p)
}

func newQuorumReader(q *quorum, p Profile) *reader {
	r := &reader{
		ep: q, chainID: p.ChainID, at: p.Contracts,
		registry: bindings.NewSidecarRegistry(), scope: bindings.NewAgentKeysScope(),
		audit: bindings.NewCredentialAudit(), epoch: bindings.NewK3EpochCounter(),
	}
	r.registryABI, r.scopeABI, r.auditABI, r.epochABI = r.registry.GetABI(), r.scope.GetABI(), r.audit.GetABI(), r.epoch.GetABI()
	return r
}

// watched are the contracts whose logs empty the cache.
func (r *reader) watched() []common.Address {
	return []common.Address{r.at.Registry, r.at.Scope, r.at.Epoch}
}

// view is one call of a view function.
type view struct {
	to     common.Address
	abi    abi.ABI
	method string
	input  []byte
	accept func(out []byte) error
}

// read makes all calls of all blocks in one request. Either every answer is
// well formed and was accepted, or there is an error with a code.
func (r *reader) read(ctx context.Context, calls map[common.Hash][]view) error {
	var elems []rpc.BatchElem
	var views []view
	for block, vs := range calls {
		for _, v := range vs {
			views = append(views, v)
			elems = append(elems, rpc.BatchElem{
				Method: "eth_call",
				Args: []any{
					map[string]any{"to": v.to, "data": hexutil.Bytes(v.input)},
					// EIP-1898. A block that was reorganised away is no answer.
					map[string]any{"blockHash": block, "requireCanonical": true},
				},
				Result: new(*hexutil.Bytes),
			})
		}
	}
	if err := r.ep.batch(ctx, elems); err != nil {
		return Unavailable(err, "the contracts could not be read")
	}
	for i, v := range views {
		out := *elems[i].Result.(**hexutil.Bytes)
		if out == nil {
			return Unavailable(errors.New("null"), "the contracts gave no answer to %s", v.method)
		}
		if err := v.check(*out); err != nil {
			return Unavailable(err, "the contracts' answer to %s is malformed: the endpoint is faulty, or the addresses are not those of this version's contracts", v.method)
		}
	}
	return nil
}

// check accepts only the one encoding of the values that it decodes to, so
// that neither a short nor an over-long answer passes.
func (v view) check(out []byte) error {
	args := v.abi.Methods[v.method].Outputs
	values, err := args.Unpack(out)
	if err != nil {
		return fmt.Errorf("decoding: %w", err)
	}
	again, err := args.Pack(values...)
	if err != nil {
		return fmt.Errorf("encoding again: %w", err)
	}
	if !bytes.Equal(again, out) {
		return fmt.Errorf("%d bytes are not the canonical encoding of %d bytes", len(out), len(again))
	}
	return v.accept(out)
}

// into makes an accept function of a binding's unpack function.
func into[T any](unpack func([]byte) (T, error), use func(T) error) func([]byte) error {
	return func(out []byte) error {
		t, err := unpack(out)
		if err != nil {
			return err
		}
		return use(t)
	}
}
