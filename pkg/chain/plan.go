package chain

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/litentry/agentkeys/solidity"
)

// ErrOrphans: contracts that are there would have to be given up.
var ErrOrphans = errors.New("contracts would be orphaned")

// Step makes one contract: the transaction with this nonce and no other.
type Step struct {
	Name     string         `json:"contract"`
	Address  common.Address `json:"address"`
	Nonce    uint64         `json:"nonce"`
	Calldata hexutil.Bytes  `json:"calldata"`
	Gas      uint64         `json:"gas"`
	// Done: an earlier run that did not end made it.
	Done bool `json:"already_done"`
}

// Plan is what a deployment will do. Every contract is bound to a nonce of the
// wallet, so that whatever happens to answers and processes, none is made twice.
type Plan struct {
	Wallet common.Address
	// Have is what the chain shows at the addresses of the profile.
	Have []ContractReport
	// Steps make what is missing, in order. None: everything is there.
	Steps []Step
	// Contracts are the addresses as they will be.
	Contracts Contracts
	// Orphans are contracts that are there and will no longer be named.
	Orphans []ContractReport
	// Cost is the most that the steps which are not done can take, and Balance
	// what the wallet has.
	Gas           uint64
	Cost, Balance *big.Int
}

// Pending tells how many transactions the plan will send.
func (p *Plan) Pending() int {
	n := 0
	for _, s := range p.Steps {
		if !s.Done {
			n++
		}
	}
	return n
}

// makes tells whether the plan makes a contract, by the name of its artifact.
func (p *Plan) makes(artifact string) bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool {
		a, err := Artifact(s.Name)
		return err == nil && a == artifact
	})
}

// Affordable refuses, with figures, what the wallet cannot pay.
func (p *Plan) Affordable() error {
	if p.Pending() == 0 || p.Cost.Cmp(p.Balance) <= 0 {
		return nil
	}
	return fmt.Errorf("%w: wallet %s has %s, the deployment takes up to %s (%d gas); nothing was sent", ErrFunds, p.Wallet, Ether(p.Balance), Ether(p.Cost), p.Gas)
}

// Ether is an amount of wei for people: 10^18 are one, whatever the chain's
// currency is called.
func Ether(wei *big.Int) string {
	f := new(big.Rat).SetFrac(wei, big.NewInt(params.Ether))
	s := f.FloatString(9)
	if wei.Sign() != 0 && strings.Trim(s, "0.") == "" {
		return wei.String() + " wei"
	}
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") + " ether"
}

// Plan finds out what is missing of the inspected profile's contracts, and what
// making it takes. What is there and sound stays. A contract with other code,
// or one that names what must be made anew, is given up with redeploy only;
// otherwise the error is ErrOrphans and the plan names them. Nothing is sent.
func (i *Inspector) Plan(ctx context.Context, wallet common.Address, d Deployment, redeploy bool) (*Plan, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	have, err := i.survey(ctx, i.p.Contracts)
	if err != nil {
		return nil, err
	}
	p := &Plan{Wallet: wallet, Have: have, Contracts: i.p.Contracts, Cost: new(big.Int), Balance: new(big.Int)}
	places := missing(have)
	for _, m := range places {
		if have[m].State != StateAbsent {
			p.Orphans = append(p.Orphans, have[m])
		}
	}
	if len(p.Orphans) > 0 && !redeploy {
		var names []string
		for _, o := range p.Orphans {
			names = append(names, fmt.Sprintf("%s at %s (%s)", o.Name, o.Address, orphanedBecause(o)))
		}
		return p, fmt.Errorf("%w: %s", ErrOrphans, strings.Join(names, ", "))
	}
	if len(places) == 0 {
		return p, nil
	}
	nonce, err := i.settledNonce(ctx, wallet)
	if err != nil {
		return p, err
	}
	if err := i.resume(ctx, p, places, nonce, d); err != nil {
		return p, err
	}
	return p, i.price(ctx, p)
}

func orphanedBecause(o ContractReport) string {
	if o.State == StateOK {
		return "it names a contract that must be made anew"
	}
	return string(o.State)
}

func (d Deployment) check() error {
	if d.Governance == (common.Address{}) {
		return errors.New("deploying: governance must be an address")
	}
	if d.RecoveryDelay < minRecoveryDelay || d.RecoveryDelay > maxRecoveryDelay || d.RecoveryDelay%time.Second != 0 {
		return fmt.Errorf("deploying: a recovery delay of %s is not a whole number of seconds between %s and %s", d.RecoveryDelay, minRecoveryDelay, maxRecoveryDelay)
	}
	return nil
}

// missing are the places, in the order of deployment, of what must be made: what
// is absent or unsound, and everything whose constructor was told its address.
// Contracts that name each other are so made together or not at all.
func missing(have []ContractReport) []int {
	need := map[int]bool{}
	for changed := true; changed; {
		changed = false
		for i, h := range have {
			anew := h.State != StateOK
			for j := range have {
				anew = anew || need[j] && names(i, j)
			}
			if anew && !need[i] {
				need[i], changed = true, true
			}
		}
	}
	var out []int
	for i := range have {
		if need[i] {
			out = append(out, i)
		}
	}
	return out
}

// names tells whether the constructor of contract i is told the address of
// contract j: whether its code may hold it.
func names(i, j int) bool {
	var c Contracts
	for n, x := range c.named() {
		c.set(x.name, probe(n))
	}
	r := newReader(nil, Profile{Contracts: c})
	return r.expected()[i].fills(common.BytesToHash(probe(j).Bytes()))
}

// probe is an address that stands for a contract's place. No recovery delay
// looks like it.
func probe(n int) common.Address {
	a := common.Address{0: 0xff}
	binary.BigEndian.PutUint64(a[12:], uint64(n))
	return a
}

// set gives the contract with a name of [Contracts.named] its address.
func (c *Contracts) set(name string, a common.Address) {
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		if tag, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); tag == name {
			v.Field(i).Set(reflect.ValueOf(a))
		}
	}
}

// settledNonce waits until nothing of the wallet is pending: what an earlier run
// sent without hearing of it shows then.
func (i *Inspector) settledNonce(ctx context.Context, wallet common.Address) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, i.patience.Block)
	defer cancel()
	for {
		mined, pending, err := i.nonces(ctx, wallet)
		if err != nil {
			return 0, err
		}
		if mined == pending {
			return mined, nil
		}
		if !pause(ctx, jitter(max(i.p.PollInterval, receiptPoll))) {
			return 0, fmt.Errorf("deploying: wallet %s has %d transactions pending since %s: wait until they are in a block, or replace them", wallet, pending-mined, i.patience.Block)
		}
	}
}

func (i *Inspector) nonces(ctx context.Context, wallet common.Address) (mined, pending uint64, err error) {
	type pair struct{ mined, pending *hexutil.Uint64 }
	n, err := again(ctx, i.patience, func(ctx context.Context) (n pair, err error) {
		var id *hexutil.Big
		if err := i.eps[0].batch(ctx, []rpc.BatchElem{
			{Method: "eth_chainId", Result: &id},
			{Method: "eth_getTransactionCount", Args: []any{wallet, "latest"}, Result: &n.mined},
			{Method: "eth_getTransactionCount", Args: []any{wallet, "pending"}, Result: &n.pending},
		}); err != nil {
			return n, Unavailable(err, "the wallet's nonce could not be read")
		}
		if err := sameChain(id, i.p.ChainID); err != nil {
			return n, err
		}
		if n.mined == nil || n.pending == nil {
			return n, Unavailable(errors.New("null"), "the wallet's nonce could not be read")
		}
		return n, nil
	})
	if err != nil {
		return 0, 0, err
	}
	// An endpoint that does not know its own pool answers less for pending.
	return uint64(*n.mined), max(uint64(*n.mined), uint64(*n.pending)), nil
}

// resume binds what is missing to nonces of the wallet. What it made last is
// looked at first: an earlier run that did not end, or that ended before
// anybody wrote down the addresses, is continued and not repeated.
func (i *Inspector) resume(ctx context.Context, p *Plan, places []int, nonce uint64, d Deployment) error {
	for done := int(min(uint64(len(places)), nonce)); done >= 0; done-- {
		c := i.p.Contracts
		c.bind(p.Wallet, places, nonce-uint64(done))
		if done > 0 {
			fits, err := i.made(ctx, c, places[:done], d)
			if err != nil {
				return err
			}
			if !fits {
				continue
			}
		}
		p.Contracts = c
		return p.steps(places, nonce-uint64(done), done, d)
	}
	return nil // done reaches 0 above
}

// bind gives the missing contracts the addresses that consecutive nonces make.
func (c *Contracts) bind(wallet common.Address, missing []int, base uint64) {
	named := c.named()
	for n, m := range missing {
		c.set(named[m].name, crypto.CreateAddress(wallet, base+uint64(n)))
	}
}

// made tells whether the chain shows these contracts at these addresses, made
// with exactly these constructor arguments.
func (i *Inspector) made(ctx context.Context, c Contracts, places []int, d Deployment) (bool, error) {
	have, err := i.survey(ctx, c)
	if err != nil {
		return false, err
	}
	for _, m := range places {
		if have[m].State != StateOK {
			return false, nil
		}
		if artifact, err := Artifact(have[m].Name); err != nil || artifact != solidity.SidecarRegistry {
			continue
		}
		same, err := i.delayIs(ctx, c, d.RecoveryDelay)
		if err != nil || !same {
			return false, err
		}
	}
	return true, nil
}

func (i *Inspector) delayIs(ctx context.Context, c Contracts, want time.Duration) (bool, error) {
	p := i.p
	p.Contracts = c
	r := newReader(i.eps[0], p)
	seconds, err := again(ctx, i.patience, func(ctx context.Context) (uint64, error) {
		h, err := r.latest(ctx)
		if err != nil {
			return 0, err
		}
		return at(ctx, r, h.Hash, func(out *uint64) view { return r.delayView(out) })
	})
	return seconds == uint64(want/time.Second), err
}

func (p *Plan) steps(missing []int, base uint64, done int, d Deployment) error {
	arguments := constructors(p.Contracts, d)
	named := p.Contracts.named()
	for n, m := range missing {
		artifact, err := Artifact(named[m].name)
		if err != nil {
			return err
		}
		a, err := solidity.Load(artifact)
		if err != nil {
			return err
		}
		data := append(a.Bytecode[:len(a.Bytecode):len(a.Bytecode)], arguments[artifact]...)
		p.Steps = append(p.Steps, Step{
			Name: named[m].name, Address: named[m].addr, Nonce: base + uint64(n), Calldata: hexutil.Bytes(data),
			Gas: creationGas(data, len(a.DeployedBytecode)), Done: n < done,
		})
	}
	return nil
}

// creationGas is what making a contract costs under London rules: the
// transaction, its data, 200 gas for each byte of code, and enough for the
// constructors of this system, which write two words of storage at most.
func creationGas(data []byte, code int) uint64 {
	const constructor = 80_000
	gas := uint64(params.TxGasContractCreation + constructor)
	for _, b := range data {
		if b == 0 {
			gas += params.TxDataZeroGas
		} else {
			gas += params.TxDataNonZeroGasEIP2028
		}
	}
	return gas + uint64(code)*params.CreateDataGas
}

// NamedContract is one contract of a deployment.
type NamedContract struct {
	Name    string
	Address common.Address
}

// List is the contracts in the order of deployment.
func (c Contracts) List() []NamedContract {
	var out []NamedContract
	for _, n := range c.named() {
		out = append(out, NamedContract{n.name, n.addr})
	}
	return out
}
