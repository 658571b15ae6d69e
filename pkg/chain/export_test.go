package chain

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/ethdb"

	"github.com/litentry/agentkeys/pkg/chain/bindings"
)

// DecodeRevert is what turns revert data into a RevertError.
func DecodeRevert(data []byte) *RevertError { return decodeRevert(data) }

// CheckDevice, CheckScope and CheckIdentity put an answer through everything
// that the reader does with it.
func CheckDevice(out []byte) error {
	r := newReader(nil, Profile{})
	var e DeviceEntry
	return r.deviceView(e.Key, &e).check(out)
}

func CheckScope(out []byte) (got []Grant, err error) {
	r := newReader(nil, Profile{})
	v := view{abi: r.scopeABI, method: "getScope", accept: into(r.scope.UnpackGetScope, func(g []bindings.Grant) (err error) { got, err = grants(g); return })}
	return got, v.check(out)
}

func CheckIdentity(out []byte) (id Identity, err error) {
	r := newReader(nil, Profile{})
	return id, r.resolveView([20]byte{}, &id).check(out)
}

// FixedErrors are the custom errors for which there is something to type.
func FixedErrors() []string { return slices.Sorted(maps.Keys(fixes())) }

// Caller is what an endpoint is spoken to with.
type Caller = caller

// InMemory puts callers in the place of connections, without any pauses.
func (o *Options) InMemory(dial func(url string) Caller) {
	o.spacing = 1
	o.dial = func(_ context.Context, url string, timeout time.Duration, _ int64) (*endpoint, error) {
		return &endpoint{client: dial(url), timeout: timeout, backoff: 1}, nil
	}
}

// NodeList takes the nodes of a proof into p.
func NodeList(p *ReceiptProof) ethdb.KeyValueWriter { return (*nodeList)(p) }

// Rebuild encodes a header so that it hashes to what is wanted.
func Rebuild(shown *types.Header, want common.Hash) ([]byte, error) { return rebuild(shown, want) }
