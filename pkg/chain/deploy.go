package chain

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/litentry/agentkeys/pkg/chain/bindings"
	"github.com/litentry/agentkeys/solidity"
)

// ContractsVersion is the version of the contracts that this program carries: 1
// had no quorum operations and no audit contract.
const ContractsVersion = 2

// Deployment says what is fixed when the contracts are made.
type Deployment struct {
	// Governance may advance the K3 epoch.
	Governance common.Address
	// RecoveryDelay is how long a newcomer's RECOVERY matures: 48 h in
	// production.
	RecoveryDelay time.Duration
	// Made, if set, is told of each contract when it is there.
	Made func(name string, at common.Address)
}

// Deploy makes all contracts by seven consecutive transactions of t's wallet,
// and returns their addresses once their code, their wiring and their answers
// to known signatures are right. The wallet must send nothing else meanwhile.
func Deploy(ctx context.Context, t *Transactor, d Deployment) (Contracts, error) {
	if d.Governance == (common.Address{}) {
		return Contracts{}, errors.New("deploying: governance must be an address")
	}
	if d.RecoveryDelay < minRecoveryDelay || d.RecoveryDelay > maxRecoveryDelay {
		return Contracts{}, fmt.Errorf("deploying: a recovery delay of %s is not between %s and %s", d.RecoveryDelay, minRecoveryDelay, maxRecoveryDelay)
	}
	base, err := t.settledNonce(ctx)
	if err != nil {
		return Contracts{}, err
	}
	at := func(i uint64) common.Address { return crypto.CreateAddress(t.Address(), base+i) }
	c := Contracts{P256Verifier: at(0), P256Router: at(1), K11Verifier: at(2), Registry: at(3), Scope: at(4), Audit: at(5), Epoch: at(6)}
	arguments := constructors(c, d)
	r := newReader(t.ep, Profile{ChainID: t.id.Uint64(), Contracts: c})
	for i, name := range solidity.DeployOrder() {
		block, err := t.create(ctx, name, arguments[name], at(uint64(i)))
		if err != nil {
			return Contracts{}, fmt.Errorf("deploying %s: %w", name, err)
		}
		if name == solidity.P256Router {
			// Before anything is built on a precompile that lies.
			if err := r.checkP256(ctx, block); err != nil {
				return Contracts{}, fmt.Errorf("deploying %s: %w", name, err)
			}
		}
		if d.Made != nil {
			d.Made(name, at(uint64(i)))
		}
	}
	return c, r.checkDeployment(ctx, d)
}

// constructors are the encoded constructor arguments of every contract that
// takes some, by the name of its artifact. c holds every address that a
// constructor is told, also of contracts that do not exist yet.
func constructors(c Contracts, d Deployment) map[string][]byte {
	return map[string][]byte{
		solidity.P256Router:      bindings.NewP256Router().PackConstructor(c.P256Verifier),
		solidity.K11Verifier:     bindings.NewK11Verifier().PackConstructor(c.P256Router),
		solidity.SidecarRegistry: bindings.NewSidecarRegistry().PackConstructor(c.K11Verifier, c.Scope, c.Audit, uint64(d.RecoveryDelay/time.Second)),
		solidity.AgentKeysScope:  bindings.NewAgentKeysScope().PackConstructor(c.Registry),
		solidity.CredentialAudit: bindings.NewCredentialAudit().PackConstructor(c.Registry),
		solidity.K3EpochCounter:  bindings.NewK3EpochCounter().PackConstructor(d.Governance),
	}
}

func (t *Transactor) create(ctx context.Context, name string, arguments []byte, want common.Address) (common.Hash, error) {
	a, err := solidity.Load(name)
	if err != nil {
		return common.Hash{}, err
	}
	receipt, err := t.Send(ctx, nil, append(a.Bytecode[:len(a.Bytecode):len(a.Bytecode)], arguments...))
	if err != nil {
		return common.Hash{}, err
	}
	if receipt.ContractAddress != want {
		return common.Hash{}, fmt.Errorf("it came to %s instead of %s: the wallet sent something in between", receipt.ContractAddress, want)
	}
	return receipt.BlockHash, nil
}

// settledNonce is the wallet's next nonce when nothing of it is pending.
func (t *Transactor) settledNonce(ctx context.Context) (uint64, error) {
	var id *hexutil.Big
	var mined, pending *hexutil.Uint64
	if err := t.ep.batch(ctx, []rpc.BatchElem{
		{Method: "eth_chainId", Result: &id},
		{Method: "eth_getTransactionCount", Args: []any{t.Address(), "latest"}, Result: &mined},
		{Method: "eth_getTransactionCount", Args: []any{t.Address(), "pending"}, Result: &pending},
	}); err != nil {
		return 0, Unavailable(err, "the wallet's nonce could not be read")
	}
	if err := sameChain(id, t.id.Uint64()); err != nil {
		return 0, err
	}
	if mined == nil || pending == nil {
		return 0, Unavailable(errors.New("null"), "the wallet's nonce could not be read")
	}
	if *mined != *pending {
		return 0, fmt.Errorf("deploying: wallet %s has transactions pending; wait until they are in a block", t.Address())
	}
	return uint64(*mined), nil
}

func (r *reader) checkDeployment(ctx context.Context, d Deployment) error {
	h, err := r.latest(ctx)
	if err != nil {
		return err
	}
	if err := r.checkContracts(ctx, h.Hash); err != nil {
		return err
	}
	return r.read(ctx, map[common.Hash][]view{h.Hash: {
		{
			r.at.Epoch, r.epochABI, "signerGovernance", r.epoch.PackSignerGovernance(),
			into(r.epoch.UnpackSignerGovernance, func(a common.Address) error { return same(a, d.Governance) }),
		},
		{
			r.at.Epoch, r.epochABI, "currentEpoch", r.epoch.PackCurrentEpoch(),
			into(r.epoch.UnpackCurrentEpoch, func(e uint64) error { return same(e, 1) }),
		},
		{
			r.at.Registry, r.registryABI, "recoveryDelay", r.registry.PackRecoveryDelay(),
			into(r.registry.UnpackRecoveryDelay, func(s uint64) error { return same(s, uint64(d.RecoveryDelay/time.Second)) }),
		},
	}})
}

func same[T comparable](got, want T) error {
	if got != want {
		return fmt.Errorf("%v instead of %v", got, want)
	}
	return nil
}
