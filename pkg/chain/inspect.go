package chain

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/solidity"
)

// ContractState is what the chain shows at the address of a contract.
type ContractState string

// The states. NoAnswer is none of the chain's: an endpoint that does not
// answer never reads as Absent.
const (
	StateOK       ContractState = "ok"
	StateAbsent   ContractState = "absent"
	StateOther    ContractState = "different code"
	StateWiring   ContractState = "names other contracts"
	StateNoAnswer ContractState = "no answer"
)

// ContractReport is one contract of a deployment, as the chain shows it.
type ContractReport struct {
	Name     string         `json:"contract"`
	Address  common.Address `json:"address,omitzero"` // zero: the profile names none
	State    ContractState  `json:"state"`
	CodeHash common.Hash    `json:"code_hash,omitzero"` // Keccak-256 of the code, zero without code
}

// Facts are what a deployment says of itself.
type Facts struct {
	Epoch      uint64         `json:"epoch"`
	Governance common.Address `json:"governance"`
	// PendingGovernance is to whom governance is offered; zero if it is not.
	PendingGovernance common.Address `json:"pending_governance,omitzero"`
	// Maintainer may have data keys re-wrapped; zero if nobody may.
	Maintainer    common.Address `json:"maintainer,omitzero"`
	RecoveryDelay time.Duration  `json:"-"`
}

// Inspector asks every endpoint of a profile about its contracts, whose
// addresses may be absent. All of them must agree, or the profile's quorum: one
// that lags behind, or lies, must not make somebody deploy twice. What is sent
// goes through the first.
type Inspector struct {
	p        Profile
	patience Patience
	now      func() time.Time
	eps      []*endpoint
}

// NewInspector opens the profile's endpoints, without asking them anything.
func NewInspector(p Profile, patience Patience, now func() time.Time) (*Inspector, error) {
	if p.ChainID == 0 || len(p.RPC) == 0 || p.MaxHeadAge < MinHeadAge {
		return nil, errors.New("chain: a chain id, an RPC endpoint and a greatest head age are required")
	}
	if err := CheckQuorum(p.Quorum, len(p.RPC)); err != nil {
		return nil, err
	}
	i := &Inspector{p: p, patience: patience, now: now}
	for _, u := range p.RPC {
		ep, err := dialEndpoint(context.Background(), u, DefaultCallTimeout, DefaultMaxResponse)
		if err != nil {
			return nil, errors.Join(err, i.Close())
		}
		i.eps = append(i.eps, ep)
	}
	return i, nil
}

// Close releases the connections.
func (i *Inspector) Close() error {
	for _, ep := range i.eps {
		ep.close()
	}
	return nil
}

// Profile is the inspected one.
func (i *Inspector) Profile() Profile { return i.p }

// Head is the newest block of one endpoint, by its place in the profile. One
// that is too old is chain_stale.
func (i *Inspector) Head(ctx context.Context, endpoint int) (BlockRef, error) {
	return again(ctx, i.patience, func(ctx context.Context) (BlockRef, error) { return i.head(ctx, endpoint) })
}

func (i *Inspector) head(ctx context.Context, endpoint int) (BlockRef, error) {
	h, err := newReader(i.eps[endpoint], i.p).latest(ctx)
	if err != nil {
		return BlockRef{}, err
	}
	if age := i.now().Sub(h.Time); age > i.p.MaxHeadAge {
		return h.BlockRef, Stale("the newest block is %s old, the profile allows %s", age.Round(time.Second), i.p.MaxHeadAge)
	}
	return h.BlockRef, nil
}

// Contracts reports what the endpoints agree on, in the order of deployment.
// An error says that there is no such agreement; the reports then say which
// contracts were answered for.
func (i *Inspector) Contracts(ctx context.Context) ([]ContractReport, error) {
	return i.survey(ctx, i.p.Contracts)
}

func (i *Inspector) survey(ctx context.Context, c Contracts) ([]ContractReport, error) {
	return again(ctx, i.patience, func(ctx context.Context) ([]ContractReport, error) { return i.surveyAll(ctx, c) })
}

// surveyAll asks every endpoint once. What as many as must agree show stands;
// silence and an old head are no vote.
func (i *Inspector) surveyAll(ctx context.Context, c Contracts) ([]ContractReport, error) {
	type view struct {
		reports []ContractReport
		votes   int
	}
	var views []view
	var unheard []ContractReport
	var fault error
	for n := range i.eps {
		have, err := i.surveyOne(ctx, n, c)
		if err != nil {
			unheard, fault = have, err
			continue
		}
		at := slices.IndexFunc(views, func(v view) bool { return slices.Equal(v.reports, have) })
		if at < 0 {
			at = len(views)
			views = append(views, view{reports: have})
		}
		if views[at].votes++; views[at].votes >= i.Must() {
			return have, nil
		}
	}
	switch {
	case len(views) > 1:
		return views[0].reports, Unavailable(nil, "the RPC endpoints of the profile disagree about the contracts")
	case fault == nil: // less endpoints than must agree, which no profile has
		return nil, Unavailable(nil, "too few RPC endpoints answer for the contracts")
	}
	return unheard, fault
}

// Must is how many endpoints must agree.
func (i *Inspector) Must() int {
	if i.p.Quorum > 0 {
		return i.p.Quorum
	}
	return len(i.eps)
}

func (i *Inspector) surveyOne(ctx context.Context, endpoint int, c Contracts) ([]ContractReport, error) {
	p := i.p
	p.Contracts = c
	r := newReader(i.eps[endpoint], p)
	out := make([]ContractReport, 0, len(r.expected()))
	for _, e := range r.expected() {
		out = append(out, ContractReport{Name: e.name, Address: e.addr, State: StateNoAnswer})
	}
	h, err := i.head(ctx, endpoint)
	if err != nil {
		return out, err
	}
	return r.reports(ctx, i.eps[endpoint], h.Hash, out)
}

// reports fills in what one block says. Every contract that was answered for
// has its state, also with an error.
func (r *reader) reports(ctx context.Context, ep *endpoint, block common.Hash, out []ContractReport) ([]ContractReport, error) {
	want := r.expected()
	codes, err := ep.codes(ctx, block, want)
	var unanswered error
	for i, e := range want {
		if out[i].Address == (common.Address{}) {
			out[i].State = StateAbsent
			continue
		}
		if err != nil || codes[i] == nil {
			unanswered = Unavailable(err, "the code of contract %s could not be read", e.name)
			continue
		}
		switch err := e.check(*codes[i]); {
		case err == nil:
			out[i].State = StateOK
		case errors.Is(err, ErrNoCode):
			out[i].State = StateAbsent
		case errors.Is(err, ErrOtherCode):
			out[i].State = StateOther
		case errors.Is(err, ErrWiring):
			out[i].State = StateWiring
		default:
			return out, err
		}
		if len(*codes[i]) > 0 {
			out[i].CodeHash = crypto.Keccak256Hash(*codes[i])
		}
	}
	return out, unanswered
}

// codes asks for the code at every address that there is. A nil entry had no
// answer.
func (e *endpoint) codes(ctx context.Context, block common.Hash, want []expected) ([]*hexutil.Bytes, error) {
	out := make([]*hexutil.Bytes, len(want))
	var elems []rpc.BatchElem
	for i, w := range want {
		if w.addr == (common.Address{}) {
			continue
		}
		elems = append(elems, rpc.BatchElem{
			Method: "eth_getCode",
			Args:   []any{w.addr, map[string]any{"blockHash": block, "requireCanonical": true}},
			Result: &out[i],
		})
	}
	if len(elems) == 0 {
		return out, nil
	}
	if err := e.request(ctx, elems); err != nil {
		return nil, err
	}
	for _, el := range elems {
		if el.Error != nil {
			*el.Result.(**hexutil.Bytes) = nil
		}
	}
	return out, nil
}

// Verify asks whether the contracts, which are all there, name each other and
// answer known signatures correctly: as many endpoints as must agree say so. A
// wrong answer of any of them is an error all the same.
func (i *Inspector) Verify(ctx context.Context) error {
	_, err := again(ctx, i.patience, func(ctx context.Context) (struct{}, error) { return struct{}{}, i.verifyAll(ctx) })
	return err
}

func (i *Inspector) verifyAll(ctx context.Context) error {
	sound := 0
	var fault error
	for n := range i.eps {
		switch err := i.verifyOne(ctx, n); {
		case err == nil:
			sound++
		case !silent(err) && !isStale(err):
			if len(i.eps) > 1 {
				return fmt.Errorf("endpoint %d: %w", n+1, err)
			}
			return err
		default:
			fault = err
		}
	}
	if sound >= i.Must() {
		return nil
	}
	return fault
}

func (i *Inspector) verifyOne(ctx context.Context, endpoint int) error {
	h, err := i.head(ctx, endpoint)
	if err != nil {
		return err
	}
	return newReader(i.eps[endpoint], i.p).checkContracts(ctx, h.Hash)
}

func isStale(err error) bool { return apierr.CodeOf(err) == apierr.ChainStale }

// Facts reads what the contracts, which are all there, say of themselves.
func (i *Inspector) Facts(ctx context.Context) (Facts, error) {
	h, err := i.Head(ctx, 0)
	if err != nil {
		return Facts{}, err
	}
	r := newReader(i.eps[0], i.p)
	return again(ctx, i.patience, func(ctx context.Context) (f Facts, err error) {
		var seconds uint64
		err = r.read(ctx, map[common.Hash][]view{h.Hash: {
			{r.at.Epoch, r.epochABI, "signerGovernance", r.epoch.PackSignerGovernance(), into(r.epoch.UnpackSignerGovernance, keep(&f.Governance))},
			{r.at.Epoch, r.epochABI, "pendingGovernance", r.epoch.PackPendingGovernance(), into(r.epoch.UnpackPendingGovernance, keep(&f.PendingGovernance))},
			{r.at.Epoch, r.epochABI, "maintainer", r.epoch.PackMaintainer(), into(r.epoch.UnpackMaintainer, keep(&f.Maintainer))},
			{r.at.Epoch, r.epochABI, "currentEpoch", r.epoch.PackCurrentEpoch(), into(r.epoch.UnpackCurrentEpoch, keep(&f.Epoch))},
			r.delayView(&seconds),
		}})
		f.RecoveryDelay = time.Duration(min(seconds, uint64(maxRecoveryDelay/time.Second))) * time.Second
		return f, err
	})
}

func (r *reader) delayView(out *uint64) view {
	return view{r.at.Registry, r.registryABI, "recoveryDelay", r.registry.PackRecoveryDelay(), into(r.registry.UnpackRecoveryDelay, keep(out))}
}

// Artifact is the name of the Solidity contract behind a name of the profile.
func Artifact(name string) (string, error) {
	for _, e := range newReader(nil, Profile{}).expected() {
		if e.name == name {
			return e.artifact, nil
		}
	}
	return "", fmt.Errorf("there is no contract %q", name)
}

// ExpectedCodeHash is the Keccak-256 of this version's code of a contract, with
// zeros where its constructor's words go.
func ExpectedCodeHash(name string) (common.Hash, error) {
	artifact, err := Artifact(name)
	if err != nil {
		return common.Hash{}, err
	}
	a, err := solidity.Load(artifact)
	if err != nil {
		return common.Hash{}, err
	}
	return crypto.Keccak256Hash(a.DeployedBytecode), nil
}
