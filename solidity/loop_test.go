package solidity_test

import (
	"context"
	"crypto/ecdsa"
	"math/big"
	"reflect"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"

	"github.com/litentry/agentkeys/pkg/chain/bindings"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/passkey/software"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/typeddata"
	"github.com/litentry/agentkeys/solidity"
)

const (
	now      = 1_790_000_000
	deadline = now + 600
)

var governance = common.Address{0x90}

// world is a London EVM with all contracts, as one account would deploy them.
type world struct {
	*machine
	registry, scope, audit, epoch common.Address
}

func newWorld(t testing.TB) *world {
	t.Helper()
	m := newMachine(t, london())
	m.cfg.Time = now
	w := &world{machine: m}
	nonce := m.cfg.State.GetNonce(m.cfg.Origin)
	later, audit := crypto.CreateAddress(m.cfg.Origin, nonce+1), crypto.CreateAddress(m.cfg.Origin, nonce+2)
	w.registry = m.deploy(t, solidity.SidecarRegistry, m.k11.Bytes(), later.Bytes(), audit.Bytes(), big.NewInt(48*3600).Bytes())
	w.scope = m.deploy(t, solidity.AgentKeysScope, w.registry.Bytes())
	w.audit = m.deploy(t, solidity.CredentialAudit, w.registry.Bytes())
	w.epoch = m.deploy(t, solidity.K3EpochCounter, governance.Bytes())
	if w.scope != later || w.audit != audit {
		t.Fatalf("scope and audit are at %s and %s, the registry was told %s and %s", w.scope, w.audit, later, audit)
	}
	return w
}

// send calls as sender; refusal is nil or the custom error of a contract on
// the way.
func (w *world) send(t testing.TB, sender, to common.Address, input []byte) (gas uint64, refusal any) {
	t.Helper()
	w.cfg.Origin = sender
	out, gas, err := w.call(to, input)
	if err == nil {
		return gas, nil
	}
	unpackers := []func([]byte) (any, error){bindings.NewSidecarRegistry().UnpackError, bindings.NewK11Verifier().UnpackError}
	if to == w.scope { // shares errors with the registry
		unpackers = append([]func([]byte) (any, error){bindings.NewAgentKeysScope().UnpackError}, unpackers...)
	}
	for _, unpack := range unpackers {
		if e, unknown := unpack(out); unknown == nil {
			return gas, e
		}
	}
	t.Fatalf("reverted without a named error: %v %x", err, out)
	return 0, nil
}

func (w *world) must(t testing.TB, what string, sender, to common.Address, input []byte) {
	t.Helper()
	gas, refusal := w.send(t, sender, to, input)
	if refusal != nil {
		t.Fatalf("%s: %T %+v", what, refusal, refusal)
	}
	t.Logf("%-28s %7d gas in the call", what, gas)
}

func (w *world) refuse(t testing.TB, what string, sender, to common.Address, input []byte, want any) {
	t.Helper()
	before := w.cfg.State.IntermediateRoot(params.Rules{})
	if _, got := w.send(t, sender, to, input); !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %T %+v, want %T %+v", what, got, got, want, want)
	}
	if w.cfg.State.IntermediateRoot(params.Rules{}) != before {
		t.Errorf("%s: a refused call changed the state", what)
	}
}

func (w *world) view(t testing.TB, to common.Address, input []byte) []byte {
	t.Helper()
	out, _, err := w.call(to, input)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (w *world) onRegistry() typeddata.Domain {
	return typeddata.Domain{ChainID: london().ChainID.Uint64(), Contract: w.registry}
}

func (w *world) onScope() typeddata.Domain {
	return typeddata.Domain{ChainID: london().ChainID.Uint64(), Contract: w.scope}
}

// person is an operator with a wallet and a passkey that really signs.
type person struct {
	wallet     common.Address
	operator   omni.Operator
	device     omni.DeviceKey
	passkeys   *software.Authenticator
	credential passkey.Credential
}

func newPerson(t testing.TB) person {
	t.Helper()
	_, wallet := newKey(t)
	auth, err := software.New(software.Environment)
	if err != nil {
		t.Fatal(err)
	}
	cred, err := auth.Enroll(context.Background(), passkey.EnrollRequest{
		RPID: "localhost", Origin: "http://localhost:8095", UserName: "operator", UserID: []byte{1}, Challenge: [32]byte{1},
	})
	if err != nil {
		t.Fatal(err)
	}
	return person{wallet, omni.OperatorOfWallet(wallet), omni.DeviceKeyOfAddress(wallet), auth, cred}
}

func newKey(t testing.TB) (*ecdsa.PrivateKey, common.Address) {
	t.Helper()
	key, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return key, crypto.PubkeyToAddress(key.PublicKey)
}

// touch is the passkey's answer to op, in the contract's form.
func (p person) touch(t testing.TB, op typeddata.Operation, d typeddata.Domain) bindings.K11Assertion {
	t.Helper()
	a, err := p.passkeys.Assert(context.Background(), passkey.AssertRequest{
		Credential: p.credential, Challenge: typeddata.Digest(op, d), Words: []string{typeddata.Name(op)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return bindings.K11Assertion{AuthenticatorData: a.AuthenticatorData, ClientDataJSON: a.ClientDataJSON, R: a.R, S: a.S}
}

func (p person) approve(t testing.TB, op typeddata.Operation, d typeddata.Domain) bindings.MasterAssertion {
	t.Helper()
	return bindings.MasterAssertion{DeviceKeyHash: p.device.Bytes(), Assertion: p.touch(t, op, d)}
}

func (p person) firstMaster() typeddata.RegisterFirstMaster {
	return typeddata.RegisterFirstMaster{
		Operator: p.operator, Wallet: p.wallet, K11CredID: p.credential.IDHash(), K11RPIDHash: p.credential.RPIDHash(),
		K11OriginHash: p.credential.OriginHash(), K11PubX: p.credential.X, K11PubY: p.credential.Y, Deadline: deadline,
	}
}

func registerCall(o typeddata.RegisterFirstMaster, a bindings.K11Assertion) []byte {
	return bindings.NewSidecarRegistry().PackRegisterFirstMasterDevice(bindings.RegisterFirstMaster{
		Operator: o.Operator.Bytes(), Wallet: o.Wallet, K11CredId: o.K11CredID, K11RpIdHash: o.K11RPIDHash,
		K11OriginHash: o.K11OriginHash, K11PubX: new(big.Int).SetBytes(o.K11PubX[:]), K11PubY: new(big.Int).SetBytes(o.K11PubY[:]),
		Nonce: o.Nonce, Deadline: o.Deadline,
	}, a)
}

func bindCall(o typeddata.BindAgent, c bindings.ConsentSignature, a bindings.MasterAssertion) []byte {
	return bindings.NewSidecarRegistry().PackRegisterAgentDevice(bindings.BindAgent{
		Operator: o.Operator.Bytes(), Actor: o.Actor.Bytes(), Agent: o.Agent, Nonce: o.Nonce, Deadline: o.Deadline,
	}, c, a)
}

func setCall(o typeddata.SetScope, a bindings.MasterAssertion) []byte {
	grants := make([]bindings.Grant, len(o.Grants))
	for i, g := range o.Grants {
		grants[i] = bindings.Grant{
			Service: g.Service.String(), Ops: uint32(g.Ops), MaxPerPeriod: g.MaxPerPeriod, PeriodSeconds: g.PeriodSeconds,
			MaxTotal: g.MaxTotal, ExpiresAt: g.ExpiresAt,
		}
	}
	return bindings.NewAgentKeysScope().PackSetScopeWithWebauthn(bindings.SetScope{
		Operator: o.Operator.Bytes(), Actor: o.Actor.Bytes(), Grants: grants, Nonce: o.Nonce, Deadline: o.Deadline,
	}, a)
}

func revokeCall(o typeddata.RevokeAgent, a bindings.MasterAssertion) []byte {
	return bindings.NewSidecarRegistry().PackRevokeAgentDeviceWithWebauthn(bindings.RevokeAgent{
		Operator: o.Operator.Bytes(), DeviceKeyHash: o.DeviceKey.Bytes(), Deadline: o.Deadline,
	}, a)
}

func consent(t testing.TB, key *ecdsa.PrivateKey, o typeddata.AgentConsent, d typeddata.Domain) bindings.ConsentSignature {
	t.Helper()
	digest := typeddata.Digest(o, d)
	raw, err := crypto.Sign(digest[:], key)
	if err != nil {
		t.Fatal(err)
	}
	s, err := typeddata.DecodeSignature(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := typeddata.VerifyConsent(o, d, s); err != nil {
		t.Fatal(err)
	}
	return bindings.ConsentSignature{Deadline: o.Deadline, V: s.V, R: s.R, S: s.S}
}

func someGrants(t testing.TB) []typeddata.Grant {
	t.Helper()
	github, err := service.Parse("github")
	if err != nil {
		t.Fatal(err)
	}
	notes, err := service.Parse("memory:notes")
	if err != nil {
		t.Fatal(err)
	}
	return []typeddata.Grant{
		{Service: github, Ops: service.Read, MaxPerPeriod: 100, PeriodSeconds: 3600, ExpiresAt: now + 86400},
		{Service: notes, Ops: service.Read | service.Write},
	}
}

// TestLoop is the approval half of the product's loop with real signatures: an
// operator, an agent, a scope, and the end of both.
func TestLoop(t *testing.T) {
	t.Parallel()
	w, p := newWorld(t), newPerson(t)
	registry, scope := bindings.NewSidecarRegistry(), bindings.NewAgentKeysScope()

	first := p.firstMaster()
	w.must(t, "register first master", p.wallet, w.registry, registerCall(first, p.touch(t, first, w.onRegistry())))

	key, agent := newKey(t)
	actor, device := omni.ActorOfWallet(agent), omni.DeviceKeyOfAddress(agent)
	bind := typeddata.BindAgent{Operator: p.operator, Actor: actor, Agent: agent, Nonce: 1, Deadline: deadline}
	agreed := consent(t, key, typeddata.AgentConsent{Operator: p.operator, Actor: actor, Agent: agent, Deadline: now + 7*86400}, w.onRegistry())
	w.must(t, "bind agent", p.wallet, w.registry, bindCall(bind, agreed, p.approve(t, bind, w.onRegistry())))

	set := typeddata.SetScope{Operator: p.operator, Actor: actor, Grants: someGrants(t), Deadline: deadline}
	if err := set.Check(); err != nil {
		t.Fatal(err)
	}
	w.must(t, "set scope of 2 grants", p.wallet, w.scope, setCall(set, p.approve(t, set, w.onScope())))

	for address, want := range map[common.Address]bindings.ResolveOutput{
		p.wallet: {Kind: 1, OperatorOmni: p.operator.Bytes(), ActorOmni: p.operator.Bytes(), Status: 1},
		agent:    {Kind: 2, OperatorOmni: p.operator.Bytes(), ActorOmni: actor.Bytes(), Status: 1},
		w.scope:  {},
	} {
		if got, err := registry.UnpackResolve(w.view(t, w.registry, registry.PackResolve(address))); err != nil || got != want {
			t.Errorf("resolve(%s) = %+v, %v", address, got, err)
		}
	}
	entry, err := registry.UnpackGetDevice(w.view(t, w.registry, registry.PackGetDevice(p.device.Bytes())))
	if err != nil || entry.LastSignCount == 0 || entry.Roles != 7 || entry.K11CredId != p.credential.IDHash() {
		t.Errorf("the master's entry: %+v, %v", entry, err)
	}
	github := someGrants(t)[0]
	got, err := scope.UnpackGrantOf(w.view(t, w.scope, scope.PackGrantOf(p.operator.Bytes(), actor.Bytes(), github.Service.Hash())))
	if err != nil || !got.Found || got.Grant.Service != "github" || got.Grant.Ops != 1 || got.Grant.ExpiresAt != github.ExpiresAt {
		t.Errorf("the grant: %+v, %v", got, err)
	}

	w.must(t, "advance epoch", governance, w.epoch, bindings.NewK3EpochCounter().PackAdvanceEpoch(1))

	revoke := typeddata.RevokeAgent{Operator: p.operator, DeviceKey: device, Deadline: deadline}
	w.must(t, "revoke agent by assertion", agent, w.registry, revokeCall(revoke, p.approve(t, revoke, w.onRegistry())))
	active, err := registry.UnpackIsActive(w.view(t, w.registry, registry.PackIsActive(device.Bytes())))
	if err != nil || active {
		t.Errorf("the revoked agent is active: %t, %v", active, err)
	}
}

// TestTheFirstMasterIsOnesOwn: nobody registers what is another's.
func TestTheFirstMasterIsOnesOwn(t *testing.T) {
	t.Parallel()
	w, p, thief := newWorld(t), newPerson(t), newPerson(t)
	first := p.firstMaster()
	call := registerCall(first, p.touch(t, first, w.onRegistry()))

	w.refuse(t, "calldata taken from another's transaction", thief.wallet, w.registry, call,
		&bindings.SidecarRegistrySenderNotWallet{Sender: thief.wallet, Wallet: p.wallet})
	claim := thief.firstMaster()
	claim.Operator = p.operator
	w.refuse(t, "another's omni", thief.wallet, w.registry, registerCall(claim, thief.touch(t, claim, w.onRegistry())),
		&bindings.SidecarRegistryOmniMismatch{Expected: thief.operator.Bytes(), Given: p.operator.Bytes()})
	w.refuse(t, "another's passkey", p.wallet, w.registry, registerCall(first, thief.touch(t, first, w.onRegistry())),
		&bindings.K11VerifierSignatureInvalid{})
	w.refuse(t, "an assertion over the other domain", p.wallet, w.registry, registerCall(first, p.touch(t, first, w.onScope())),
		&bindings.K11VerifierChallengeMismatch{})

	w.must(t, "register first master", p.wallet, w.registry, call)
	w.refuse(t, "the same again", p.wallet, w.registry, call,
		&bindings.SidecarRegistryDeviceAlreadyRegistered{DeviceKeyHash: p.device.Bytes()})
}

// TestAnAgentIsBoundAsItself: omni, consent and assertion must all be right.
func TestAnAgentIsBoundAsItself(t *testing.T) {
	t.Parallel()
	w, p, other := newWorld(t), newPerson(t), newPerson(t)
	for _, o := range []person{p, other} {
		first := o.firstMaster()
		w.must(t, "register first master", o.wallet, w.registry, registerCall(first, o.touch(t, first, w.onRegistry())))
	}
	key, agent := newKey(t)
	actor := omni.ActorOfWallet(agent)
	agree := func(k *ecdsa.PrivateKey, o typeddata.BindAgent) bindings.ConsentSignature {
		return consent(t, k, typeddata.AgentConsent{Operator: o.Operator, Actor: o.Actor, Agent: crypto.PubkeyToAddress(k.PublicKey), Deadline: now + 60}, w.onRegistry())
	}
	bind := typeddata.BindAgent{Operator: p.operator, Actor: actor, Agent: agent, Nonce: 1, Deadline: deadline}

	stolen := bind
	stolen.Actor = omni.ActorOfWallet(common.Address{7})
	w.refuse(t, "another's omni", p.wallet, w.registry, bindCall(stolen, agree(key, stolen), p.approve(t, stolen, w.onRegistry())),
		&bindings.SidecarRegistryOmniMismatch{Expected: actor.Bytes(), Given: stolen.Actor.Bytes()})

	highS := agree(key, bind)
	n := crypto.S256().Params().N
	new(big.Int).Sub(n, new(big.Int).SetBytes(highS.S[:])).FillBytes(highS.S[:])
	highS.V ^= 27 ^ 28
	w.refuse(t, "a consent with high s", p.wallet, w.registry, bindCall(bind, highS, p.approve(t, bind, w.onRegistry())),
		&bindings.SidecarRegistryK10SignatureSTooHigh{})

	approval, agreed := p.approve(t, bind, w.onRegistry()), agree(key, bind)
	theirs := bind
	theirs.Operator = other.operator
	w.refuse(t, "by another operator, with consent and approval for the first", other.wallet, w.registry, bindCall(theirs, agreed, approval),
		&bindings.SidecarRegistryConsentNotByAgent{Recovered: recovered(t, theirs, agreed, w), Agent: agent})
	w.refuse(t, "approved by another operator's master", p.wallet, w.registry, bindCall(bind, agreed, other.approve(t, bind, w.onRegistry())),
		&bindings.SidecarRegistryDeviceOfOtherOperator{DeviceKeyHash: other.device.Bytes(), Operator: other.operator.Bytes()})
	w.must(t, "bind agent", p.wallet, w.registry, bindCall(bind, agreed, approval))
}

// recovered is who the signature makes the signer of a consent it is not for.
func recovered(t testing.TB, o typeddata.BindAgent, c bindings.ConsentSignature, w *world) common.Address {
	t.Helper()
	digest := typeddata.Digest(typeddata.AgentConsent{Operator: o.Operator, Actor: o.Actor, Agent: o.Agent, Deadline: c.Deadline}, w.onRegistry())
	key, err := crypto.SigToPub(digest[:], append(append(append([]byte{}, c.R[:]...), c.S[:]...), c.V-27))
	if err != nil {
		t.Fatal(err)
	}
	return crypto.PubkeyToAddress(*key)
}

// TestAssertionsAreUsedOnceAndInOrder: nonces, and the authenticator's own count.
func TestAssertionsAreUsedOnceAndInOrder(t *testing.T) {
	t.Parallel()
	w, p := newWorld(t), newPerson(t)
	first := p.firstMaster()
	w.must(t, "register first master", p.wallet, w.registry, registerCall(first, p.touch(t, first, w.onRegistry())))
	self := omni.Self(p.operator)
	set := typeddata.SetScope{Operator: p.operator, Actor: self, Grants: someGrants(t), Deadline: deadline}
	older := p.approve(t, set, w.onScope())
	newer := p.approve(t, set, w.onScope())
	w.must(t, "set scope", p.wallet, w.scope, setCall(set, newer))
	w.refuse(t, "the same again", p.wallet, w.scope, setCall(set, newer), &bindings.AgentKeysScopeStaleNonce{Current: 1, Signed: 0})

	// A revocation has no nonce: the count alone tells the older assertion.
	key, agent := newKey(t)
	bind := typeddata.BindAgent{Operator: p.operator, Actor: omni.ActorOfWallet(agent), Agent: agent, Nonce: 1, Deadline: deadline}
	agreed := consent(t, key, typeddata.AgentConsent{Operator: p.operator, Actor: bind.Actor, Agent: agent, Deadline: deadline}, w.onRegistry())
	revoke := typeddata.RevokeAgent{Operator: p.operator, DeviceKey: omni.DeviceKeyOfAddress(agent), Deadline: deadline}
	before := p.approve(t, revoke, w.onRegistry())
	w.must(t, "bind agent", p.wallet, w.registry, bindCall(bind, agreed, p.approve(t, bind, w.onRegistry())))
	last := older.Assertion.AuthenticatorData[36] // small numbers: one byte tells
	w.refuse(t, "an assertion older than the last one", p.wallet, w.registry, revokeCall(revoke, before),
		&bindings.SidecarRegistrySignCountNotIncreased{DeviceKeyHash: p.device.Bytes(), Last: uint32(last) + 3, Given: uint32(last) + 2})
	w.must(t, "revoke agent", agent, w.registry, revokeCall(revoke, p.approve(t, revoke, w.onRegistry())))
}
