package chain

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/litentry/agentkeys/pkg/passkey/p256"
	"github.com/litentry/agentkeys/solidity"
)

// What can be wrong with a contract. None of them is ever the consequence of
// an endpoint that does not answer: that is chain_unavailable.
var (
	// ErrNoCode: the chain says that there is no contract at the address.
	ErrNoCode = errors.New("no contract at this address")
	// ErrOtherCode: the contract is not the one that this binary carries.
	ErrOtherCode = errors.New("another contract than this version's")
	// ErrWiring: the contracts do not name each other.
	ErrWiring = errors.New("the contracts do not belong together")
)

// What the registry's constructor allows.
const (
	minRecoveryDelay = time.Second
	maxRecoveryDelay = 30 * 24 * time.Hour
)

// CheckContracts asks the profile's endpoints whether they serve the profile's
// chain and whether this version's contracts are there, belong together, and
// verify passkeys correctly. It reports everything that is wrong at once.
func CheckContracts(ctx context.Context, p Profile) error {
	if err := p.Check(); err != nil {
		return err
	}
	q, err := dialQuorum(ctx, p, Options{})
	if err != nil {
		return err
	}
	defer q.close()
	r := newQuorumReader(q, p)
	h, err := r.latest(ctx)
	if err != nil {
		return err
	}
	return r.checkContracts(ctx, h.Hash)
}

func (r *reader) checkContracts(ctx context.Context, block common.Hash) error {
	if err := r.checkCode(ctx, block); err != nil {
		return err // the other questions need the code
	}
	return errors.Join(r.checkWiring(ctx, block), r.checkP256(ctx, block))
}

// expected pairs an address with the contract that must be there and the
// words that its constructor may have filled in.
type expected struct {
	namedAddress
	artifact string
	fills    func(word common.Hash) bool
}

func (r *reader) expected() []expected {
	is := func(as ...common.Address) func(common.Hash) bool {
		return func(w common.Hash) bool {
			for _, a := range as {
				if w == common.BytesToHash(a[:]) {
					return true
				}
			}
			return false
		}
	}
	names := r.at.named()
	registryLinks := is(r.at.K11Verifier, r.at.Scope, r.at.Audit)
	delay := func(w common.Hash) bool {
		b := w.Big()
		return b.IsUint64() && b.Uint64() >= uint64(minRecoveryDelay/time.Second) && b.Uint64() <= uint64(maxRecoveryDelay/time.Second)
	}
	return []expected{
		{names[0], solidity.P256Verifier, is()},
		{names[1], solidity.P256Router, is(r.at.P256Verifier)},
		{names[2], solidity.K11Verifier, is(r.at.P256Router)},
		{names[3], solidity.SidecarRegistry, func(w common.Hash) bool { return registryLinks(w) || delay(w) }},
		{names[4], solidity.AgentKeysScope, is(r.at.Registry)},
		{names[5], solidity.CredentialAudit, is(r.at.Registry)},
		{names[6], solidity.K3EpochCounter, is()},
	}
}

// checkCode compares the code at each address with the artifact, and the
// constructor's words in it with the other addresses.
func (r *reader) checkCode(ctx context.Context, block common.Hash) error {
	want := r.expected()
	elems := make([]rpc.BatchElem, len(want))
	for i, e := range want {
		elems[i] = rpc.BatchElem{
			Method: "eth_getCode",
			Args:   []any{e.addr, map[string]any{"blockHash": block, "requireCanonical": true}},
			Result: new(*hexutil.Bytes),
		}
	}
	if err := r.ep.batch(ctx, elems); err != nil {
		return Unavailable(err, "the contracts' code could not be read")
	}
	var problems []error
	for i, e := range want {
		code := *elems[i].Result.(**hexutil.Bytes)
		if code == nil {
			return Unavailable(errors.New("null"), "the code of %s could not be read", e.name)
		}
		if err := e.check(*code); err != nil {
			problems = append(problems, fmt.Errorf("contract %s at %s: %w", e.name, e.addr, err))
		}
	}
	return errors.Join(problems...)
}

func (e expected) check(code []byte) error {
	if len(code) == 0 {
		return ErrNoCode
	}
	a, err := solidity.Load(e.artifact)
	if err != nil {
		return err
	}
	if !a.Matches(code) {
		return ErrOtherCode
	}
	for _, s := range a.Immutables {
		if !e.fills(common.BytesToHash(code[s.Start : s.Start+s.Length])) {
			return ErrWiring
		}
	}
	return nil
}

// checkWiring asks the registry and its consumers for each other.
func (r *reader) checkWiring(ctx context.Context, block common.Hash) error {
	var k11, scope, audit, ofScope, ofAudit common.Address
	set := func(a *common.Address) func(common.Address) error {
		return func(b common.Address) error { *a = b; return nil }
	}
	err := r.read(ctx, map[common.Hash][]view{block: {
		{r.at.Registry, r.registryABI, "k11Verifier", r.registry.PackK11Verifier(), into(r.registry.UnpackK11Verifier, set(&k11))},
		{r.at.Registry, r.registryABI, "scope", r.registry.PackScope(), into(r.registry.UnpackScope, set(&scope))},
		{r.at.Registry, r.registryABI, "audit", r.registry.PackAudit(), into(r.registry.UnpackAudit, set(&audit))},
		{r.at.Scope, r.scopeABI, "registry", r.scope.PackRegistry(), into(r.scope.UnpackRegistry, set(&ofScope))},
		{r.at.Audit, r.auditABI, "registry", r.audit.PackRegistry(), into(r.audit.UnpackRegistry, set(&ofAudit))},
	}})
	if err != nil {
		return err
	}
	if k11 != r.at.K11Verifier || scope != r.at.Scope || audit != r.at.Audit || ofScope != r.at.Registry || ofAudit != r.at.Registry {
		return ErrWiring
	}
	return nil
}

// checkP256 puts signatures to the router whose answers are known. A wrong
// answer is p256.ErrWrongAnswer.
func (r *reader) checkP256(ctx context.Context, block common.Hash) error {
	questions, err := p256.KnownAnswers()
	if err != nil {
		return err
	}
	elems := make([]rpc.BatchElem, len(questions))
	for i, q := range questions {
		elems[i] = rpc.BatchElem{
			Method: "eth_call",
			Args: []any{
				map[string]any{"to": r.at.P256Router, "data": hexutil.Bytes(q.Input[:])},
				map[string]any{"blockHash": block, "requireCanonical": true},
			},
			Result: new(*hexutil.Bytes),
		}
	}
	// In parts: a verification is the dearest call there is, and one request
	// must end within its time also at a busy endpoint.
	for part := range slices.Chunk(elems, 4) {
		if err := r.ep.batch(ctx, part); err != nil {
			return Unavailable(err, "the P-256 router could not be asked")
		}
	}
	var problems []error
	for i, q := range questions {
		out := *elems[i].Result.(**hexutil.Bytes)
		if out == nil {
			return Unavailable(errors.New("null"), "the P-256 router could not be asked")
		}
		if !bytes.Equal(*out, q.Word()) {
			problems = append(problems, fmt.Errorf("%w: %s", p256.ErrWrongAnswer, q.Name))
		}
	}
	return errors.Join(problems...)
}
