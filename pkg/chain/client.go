package chain

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/litentry/agentkeys/pkg/chain/bindings"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// Client asks single questions at the newest block, for people and for those
// who are about to sign: it keeps nothing. What the contracts say must be the
// same from as many endpoints as the profile's quorum: who signs what one of
// them made up would make it true. Who decides about others uses a View.
type Client struct {
	ep *endpoint // the first, for balances, prices and estimates
	q  *quorum
	r  *reader
	p  Profile
}

// NewClient opens the profile's endpoints, without asking them anything.
func NewClient(p Profile) (*Client, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	q, err := dialQuorum(context.Background(), p, Options{})
	if err != nil {
		return nil, err
	}
	return &Client{ep: q.eps[0], q: q, r: newQuorumReader(q, p), p: p}, nil
}

// Close releases the connections.
func (c *Client) Close() error {
	c.q.close()
	return nil
}

// RegistryDomain is what operations for the registry are signed for.
func (c *Client) RegistryDomain() typeddata.Domain {
	return typeddata.Domain{ChainID: c.p.ChainID, Contract: c.p.Contracts.Registry}
}

// ScopeDomain is what operations for the scope contract are signed for.
func (c *Client) ScopeDomain() typeddata.Domain {
	return typeddata.Domain{ChainID: c.p.ChainID, Contract: c.p.Contracts.Scope}
}

// Head is the newest block.
func (c *Client) Head(ctx context.Context) (BlockRef, error) {
	h, err := c.r.latest(ctx)
	return h.BlockRef, err
}

// newest asks one question at the newest block.
func newest[T any](ctx context.Context, c *Client, v func(out *T) view) (T, error) {
	h, err := c.r.latest(ctx)
	if err != nil {
		var none T
		return none, err
	}
	return at(ctx, c.r, h.Hash, v)
}

func at[T any](ctx context.Context, r *reader, block common.Hash, v func(out *T) view) (T, error) {
	var out, none T
	if err := r.read(ctx, map[common.Hash][]view{block: {v(&out)}}); err != nil {
		return none, err
	}
	return out, nil
}

func keep[T any](out *T) func(T) error {
	return func(t T) error { *out = t; return nil }
}

// OperatorNonce is the nonce that the next single-master operation must carry.
func (c *Client) OperatorNonce(ctx context.Context, op omni.Operator) (uint64, error) {
	return newest(ctx, c, func(out *uint64) view {
		return view{c.r.at.Registry, c.r.registryABI, "operatorNonce", c.r.registry.PackOperatorNonce(op.Bytes()), into(c.r.registry.UnpackOperatorNonce, keep(out))}
	})
}

// MasterWallet is the wallet that speaks for an operator; zero without one.
func (c *Client) MasterWallet(ctx context.Context, op omni.Operator) (common.Address, error) {
	return newest(ctx, c, func(out *common.Address) view {
		return view{c.r.at.Registry, c.r.registryABI, "masterWallet", c.r.registry.PackMasterWallet(op.Bytes()), into(c.r.registry.UnpackMasterWallet, keep(out))}
	})
}

// Resolve asks the registry who an address is.
func (c *Client) Resolve(ctx context.Context, a common.Address) (Identity, error) {
	return newest(ctx, c, func(out *Identity) view { return c.r.resolveView(a, out) })
}

// State reads the facts of q.
func (c *Client) State(ctx context.Context, q Query) (State, error) {
	h, err := c.r.latest(ctx)
	if err != nil {
		return State{}, err
	}
	p, err := c.r.states(ctx, q, h.BlockRef, h.BlockRef)
	return p.Newest, err
}

// Scope is what an operator granted to an actor, and the nonce that the next
// change must carry, both at one block.
func (c *Client) Scope(ctx context.Context, op omni.Operator, actor omni.Actor) (granted []Grant, nonce uint64, err error) {
	h, err := c.r.latest(ctx)
	if err != nil {
		return nil, 0, err
	}
	return c.r.scopeAt(ctx, h.Hash, op, actor)
}

func (r *reader) scopeAt(ctx context.Context, block common.Hash, op omni.Operator, actor omni.Actor) (granted []Grant, nonce uint64, err error) {
	err = r.read(ctx, map[common.Hash][]view{block: {
		{
			r.at.Scope, r.scopeABI, "getScope", r.scope.PackGetScope(op.Bytes(), actor.Bytes()),
			into(r.scope.UnpackGetScope, func(g []bindings.Grant) (err error) { granted, err = grants(g); return }),
		},
		{r.at.Scope, r.scopeABI, "scopeNonce", r.scope.PackScopeNonce(op.Bytes(), actor.Bytes()), into(r.scope.UnpackScopeNonce, keep(&nonce))},
	}})
	if err != nil {
		return nil, 0, err
	}
	return granted, nonce, nil
}

// Passkey is what the registry keeps of a master's K11. It is zero for agents.
type Passkey struct {
	CredentialID, RPIDHash, OriginHash [32]byte
	X, Y                               [32]byte
}

// DeviceEntry is everything that the registry says of a device.
type DeviceEntry struct {
	Key omni.DeviceKey
	Device
	Passkey       Passkey
	RecoveryFrom  time.Time // zero without RECOVERY
	LastSignCount uint32
}

// Devices are an operator's devices, masters first, revoked ones included.
func (c *Client) Devices(ctx context.Context, op omni.Operator) ([]DeviceEntry, error) {
	h, err := c.r.latest(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := at(ctx, c.r, h.Hash, func(out *[][32]byte) view {
		return view{c.r.at.Registry, c.r.registryABI, "getOperatorDevices", c.r.registry.PackGetOperatorDevices(op.Bytes()), into(c.r.registry.UnpackGetOperatorDevices, keep(out))}
	})
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	out := make([]DeviceEntry, len(keys))
	views := make([]view, len(keys))
	for i, b := range keys {
		if out[i].Key, err = omni.DeviceKeyFromBytes(b); err != nil {
			return nil, Unavailable(err, "the registry lists a device that cannot be")
		}
		views[i] = c.r.deviceView(out[i].Key, &out[i])
	}
	if err := c.r.readInParts(ctx, h.Hash, views); err != nil {
		return nil, err
	}
	return out, nil
}

// partSize is how many views one request asks for at most, so that it stays
// within every endpoint's limits.
const partSize = 50

// readInParts reads any number of views at one block.
func (r *reader) readInParts(ctx context.Context, block common.Hash, views []view) error {
	for part := range slices.Chunk(views, partSize) {
		if err := r.read(ctx, map[common.Hash][]view{block: part}); err != nil {
			return err
		}
	}
	return nil
}

// Device is everything that the registry says of one device key.
func (c *Client) Device(ctx context.Context, key omni.DeviceKey) (DeviceEntry, error) {
	return newest(ctx, c, func(out *DeviceEntry) view { return c.r.deviceView(key, out) })
}

func (r *reader) deviceView(key omni.DeviceKey, out *DeviceEntry) view {
	return view{r.at.Registry, r.registryABI, "getDevice", r.registry.PackGetDevice(key.Bytes()), into(r.registry.UnpackGetDevice, func(e bindings.DeviceEntry) (err error) {
		out.Key = key
		if out.Device, err = device(e); err != nil {
			return err
		}
		out.Passkey = Passkey{e.K11CredId, e.K11RpIdHash, e.K11OriginHash, common.BigToHash(e.K11PubX), common.BigToHash(e.K11PubY)}
		if e.RecoveryFrom > 0 {
			out.RecoveryFrom = time.Unix(int64(min(e.RecoveryFrom, 1<<62)), 0)
		}
		out.LastSignCount = e.LastSignCount
		return nil
	})}
}

// Balance is what an account holds, in wei.
func (c *Client) Balance(ctx context.Context, a common.Address) (*big.Int, error) {
	var id, have *hexutil.Big
	if err := c.ep.batch(ctx, []rpc.BatchElem{
		{Method: "eth_chainId", Result: &id},
		{Method: "eth_getBalance", Args: []any{a, "latest"}, Result: &have},
	}); err != nil {
		return nil, Unavailable(err, "the balance could not be read")
	}
	if err := sameChain(id, c.p.ChainID); err != nil {
		return nil, err
	}
	if have == nil {
		return nil, Unavailable(errors.New("null"), "the balance could not be read")
	}
	return have.ToInt(), nil
}

// Sent is how many transactions an account has sent: its nonce at the newest
// block.
func (c *Client) Sent(ctx context.Context, a common.Address) (uint64, error) {
	var id *hexutil.Big
	var nonce *hexutil.Uint64
	if err := c.ep.batch(ctx, []rpc.BatchElem{
		{Method: "eth_chainId", Result: &id},
		{Method: "eth_getTransactionCount", Args: []any{a, "latest"}, Result: &nonce},
	}); err != nil {
		return 0, Unavailable(err, "the nonce could not be read")
	}
	if err := sameChain(id, c.p.ChainID); err != nil {
		return 0, err
	}
	if nonce == nil {
		return 0, Unavailable(errors.New("null"), "the nonce could not be read")
	}
	return uint64(*nonce), nil
}

// FundFromFaucet asks a development chain's faucet for money and returns the
// balance. Other chains do not know the method.
func FundFromFaucet(ctx context.Context, p Profile, a common.Address) (*big.Int, error) {
	if len(p.RPC) == 0 {
		return nil, errors.New("chain: no RPC endpoint")
	}
	ep, err := dialEndpoint(ctx, p.RPC[0], DefaultCallTimeout, DefaultMaxResponse)
	if err != nil {
		return nil, err
	}
	defer ep.close()
	var have *hexutil.Big
	elem := []rpc.BatchElem{{Method: "dev_fund", Args: []any{a}, Result: &have}}
	if err := ep.request(ctx, elem); err != nil {
		return nil, Unavailable(err, "the faucet could not be asked")
	}
	if err := elem[0].Error; err != nil {
		return nil, fmt.Errorf("the faucet refused: %w", err)
	}
	if have == nil {
		return nil, Unavailable(errors.New("null"), "the faucet gave no answer")
	}
	return have.ToInt(), nil
}
