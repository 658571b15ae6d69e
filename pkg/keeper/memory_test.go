package keeper_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/keeper"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
)

func memoryKey(t testing.TB, s string) service.MemoryKey {
	t.Helper()
	return must[service.MemoryKey](t)(service.ParseMemoryKey(s))
}

// TestMemoriesAreMoved to the new epoch with their versions, and only then may the
// old one be destroyed.
func TestMemoriesAreMoved(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.maintain()
	a := k.agent(k.operator(), "memory:notes", "github")
	notes, todo := serviceNamed(t, "memory:notes"), memoryKey(t, "Todo.md")
	stored, err := a.PutMemory(t.Context(), notes, todo, secret.New([]byte("buy milk")), client.Condition{})
	check(t, err)
	a.put("github", "token")
	raw := func() []byte {
		return must[[]byte](t)(k.Cloud.RawObject(k.Profile.Cloud.MemoryBucket, "bots/"+a.actor.Key()+"/memory/notes/Todo.md.enc"))
	}
	before := raw()
	k.rotateTo(2, k.dial(nil))

	d := keeper.Destruction{Signers: []*keeper.Signer{k.dial(nil)}, Buckets: k.buckets()}
	if _, err := d.Run(t.Context(), 1); !errors.Is(err, keeper.ErrNeeded) {
		t.Errorf("two objects need it: %v", err)
	}
	// Credentials alone are moved: the memory needs the key still.
	if out := run(t, k.reencryption(nil)); out.Moved != 1 {
		t.Errorf("credentials: %+v", out)
	}
	c, err := d.Run(t.Context(), 1)
	if !errors.Is(err, keeper.ErrNeeded) || c.Objects[1] != 1 || c.Objects[2] != 1 {
		t.Errorf("a memory needs it: %v %+v", err, c)
	}
	uncovered := keeper.Destruction{Signers: d.Signers, Buckets: d.Buckets[:1]}
	if _, err := uncovered.Run(t.Context(), 1); !errors.Is(err, keeper.ErrUncovered) {
		t.Errorf("memory was not looked at: %v", err)
	}

	all := k.reencryption(nil)
	all.Buckets = k.buckets()
	if out := run(t, all); out.Moved != 1 || out.Current != 1 || out.Failed+out.Strange != 0 {
		t.Errorf("all: %+v", out)
	}
	after := raw()
	if e, err := envelope.Epoch(after); err != nil || e != 2 || !bytes.Equal(after[74:], before[74:]) {
		t.Error(e, err)
	}
	value, version, err := a.GetMemory(t.Context(), notes, todo, client.GetOptions{Version: stored.Version})
	if err != nil || version != stored.Version || string(value.Reveal()) != "buy milk" {
		t.Error(string(value.Reveal()), version, err)
	}
	// What was moved is still the version that a caller expects to replace.
	if _, err := a.PutMemory(t.Context(), notes, todo, secret.New([]byte("milk is there")), client.Condition{Version: version}); err != nil {
		t.Error(err)
	}
}
