package chain_test

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/bindings"
)

// Revert data comes from whatever contract is at an address.
func FuzzRevert(f *testing.F) {
	f.Add([]byte{})
	f.Add(common.FromHex("0x08c379a0"))
	for _, e := range bindings.NewSidecarRegistry().GetABI().Errors {
		f.Add(append(e.ID.Bytes()[:4], make([]byte, 96)...))
		f.Add(e.ID.Bytes()[:4])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if e := chain.DecodeRevert(data); e == nil || e.Error() == "" || (e.Value != nil && e.Name == "") {
			t.Fatalf("%+v", e)
		}
	})
}

// Whatever bytes an endpoint answers, they are refused or make sense.
func FuzzAnswers(f *testing.F) {
	a := bindings.NewSidecarRegistry().GetABI()
	device, err := a.Methods["getDevice"].Outputs.Pack(bindings.DeviceEntry{OperatorOmni: [32]byte{1}, ActorOmni: [32]byte{2}, K11PubX: common.Big1, K11PubY: common.Big1, RegisteredAt: 1})
	if err != nil {
		f.Fatal(err)
	}
	scopeABI := bindings.NewAgentKeysScope().GetABI()
	scope, err := scopeABI.Methods["getScope"].Outputs.Pack([]bindings.Grant{{Service: "openai", Ops: 1}, {Service: "memory:notes", Ops: 3, ExpiresAt: 9}})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{{}, device, scope, {31: 1, 63: 1, 95: 1, 127: 1}, scope[:len(scope)-1], append(device, 0)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, out []byte) {
		if chain.CheckDevice(out) == nil && len(out) != len(device) {
			t.Fatalf("a device of %d bytes", len(out))
		}
		if got, err := chain.CheckScope(out); err == nil {
			for _, g := range got {
				if g.Service.IsZero() {
					t.Fatal("a grant without a service")
				}
			}
		}
		if id, err := chain.CheckIdentity(out); err == nil && (id.Status == chain.Active) != (id.Kind != chain.None && id.Status == chain.Active && !id.Operator.IsZero() && !id.Actor.IsZero()) {
			t.Fatalf("%+v", id)
		}
	})
}
