package chain

import (
	"context"
	"errors"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
)

// Census is what a registry and a scope contract hold, by their logs.
type Census struct {
	Masters int `json:"masters"`
	Agents  int `json:"agents"`
	// Scopes is how many agents have grants.
	Scopes int `json:"scopes"`
}

// ErrCensus: the chain did not tell what the contracts hold.
var ErrCensus = errors.New("what they hold could not be counted")

// Census counts the active devices and the scopes of the inspected contracts,
// whatever version they are: events keep their names. Endpoints may refuse to
// list the logs of a whole chain; that is ErrCensus, and no fault.
func (i *Inspector) Census(ctx context.Context) (Census, error) {
	var n Census
	c := i.p.Contracts
	r := newReader(i.eps[0], i.p)
	if c.Registry == (common.Address{}) || c.Scope == (common.Address{}) {
		return n, ErrCensus
	}
	var logs *[]types.Log
	if err := i.eps[0].batch(ctx, []rpc.BatchElem{{
		Method: "eth_getLogs",
		Args:   []any{map[string]any{"fromBlock": "0x0", "toBlock": "latest", "address": []common.Address{c.Registry, c.Scope}}},
		Result: &logs,
	}}); err != nil || logs == nil {
		return n, errors.Join(ErrCensus, err)
	}
	tiers, scopes, known := map[[32]byte]uint8{}, map[[2][32]byte]bool{}, false
	for l := range *logs {
		log := &(*logs)[l]
		if e, err := r.registry.UnpackDeviceRegisteredEvent(log); err == nil {
			tiers[e.DeviceKeyHash], known = e.Tier, true
		}
		if e, err := r.registry.UnpackDeviceRevokedEvent(log); err == nil {
			delete(tiers, e.DeviceKeyHash)
		}
		if e, err := r.scope.UnpackScopeSetEvent(log); err == nil {
			scopes[[2][32]byte{e.Operator, e.Actor}] = true
		}
		if e, err := r.scope.UnpackScopeRevokedEvent(log); err == nil {
			delete(scopes, [2][32]byte{e.Operator, e.Actor})
		}
	}
	if len(*logs) > 0 && !known {
		return n, ErrCensus // the events of another version
	}
	for _, tier := range tiers {
		if tier == 1 {
			n.Masters++
		} else {
			n.Agents++
		}
	}
	n.Scopes = len(scopes)
	return n, nil
}
