package main_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
)

// TestTheMemoryLoop is what an agent does with its memory, on real parts, and what
// whoever holds the bucket can do to it.
func TestTheMemoryLoop(t *testing.T) {
	s := startStack(t, t.TempDir())
	ctx := t.Context()
	wallet := newKey(t)
	acme := s.operator(wallet)
	key, actor := s.agent(acme)
	notes, err1 := service.Parse("memory:notes")
	entry, err2 := service.ParseMemoryKey("Plan.md")
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if _, err := acme.SetScope(ctx, actor, []chain.Grant{{Service: notes, Ops: service.AllOps &^ service.Delete}}); err != nil {
		t.Fatal(err)
	}
	agent := s.caller(key)
	agent.Versions = s.versions(key)
	put := func(value []byte, when client.Condition) (api.MemoryStored, error) {
		return agent.PutMemory(ctx, notes, entry, secret.New(value), when)
	}

	value := make([]byte, 1<<20)
	_, _ = rand.Read(value)
	first, err := put(value, client.Condition{Absent: true})
	if err != nil {
		t.Fatal(err)
	}
	got, version, err := agent.GetMemory(ctx, notes, entry, client.GetOptions{})
	if err != nil || version != first.Version || !bytes.Equal(got.Reveal(), value) {
		t.Fatal("the bytes or the version differ", version, err)
	}
	name := "bots/" + actor.Key() + "/memory/notes/Plan.md.enc"
	old, err := s.Cloud.RawObject(s.Profile.Cloud.MemoryBucket, name)
	if err != nil || bytes.Contains(old, value[:32]) {
		t.Errorf("storage holds the plaintext, or nothing: %v", err)
	}
	second, err := put([]byte("second"), client.Condition{Version: first.Version})
	if err != nil || second.Version <= first.Version {
		t.Fatal(second, err)
	}
	if _, err := put([]byte("x"), client.Condition{Version: first.Version}); apierr.CodeOf(err) != apierr.PreconditionFailed {
		t.Errorf("a version that was replaced: %v", err)
	}
	page, err := agent.ListMemory(ctx, notes, client.ListOptions{})
	if err != nil || len(page.Entries) != 1 || page.Entries[0].Key != entry || page.Next != "" || len(page.Missing) != 0 {
		t.Errorf("%+v %v", page, err)
	}
	if _, err := agent.TeardownMemory(ctx, notes, entry, 0); apierr.CodeOf(err) != apierr.ServiceNotInScope {
		t.Errorf("torn down without a grant to: %v", err)
	}
	master := s.caller(wallet)
	if _, _, err := master.GetMemory(ctx, notes, entry, client.GetOptions{}); apierr.CodeOf(err) != apierr.ServiceNotInScope {
		t.Errorf("the operator, for itself: %v", err)
	}

	// The older one is put back: who saw the newer one is told, and gets nothing.
	s.plant(agent, actor, notes, entry, old)
	if got, _, err := agent.GetMemory(ctx, notes, entry, client.GetOptions{}); apierr.CodeOf(err) != apierr.MemoryRolledBack || got.Len() != 0 {
		t.Errorf("a rollback was not seen: %v", err)
	}
	if _, _, err := agent.GetMemory(ctx, notes, entry, client.GetOptions{Version: second.Version}); apierr.CodeOf(err) != apierr.PreconditionFailed {
		t.Errorf("an expected version: %v", err)
	}
	newcomer := s.caller(key) // remembers nothing: it cannot know
	if _, version, err := newcomer.GetMemory(ctx, notes, entry, client.GetOptions{}); err != nil || version != first.Version {
		t.Errorf("%d %v", version, err)
	}
	got, version, err = agent.GetMemory(ctx, notes, entry, client.GetOptions{AcceptRollback: true})
	if err != nil || version != first.Version || !bytes.Equal(got.Reveal(), value) {
		t.Errorf("accepted: %d %v", version, err)
	}
	if _, _, err := agent.GetMemory(ctx, notes, entry, client.GetOptions{}); err != nil {
		t.Errorf("after it was accepted: %v", err)
	}

	// A removal that is undone is seen as well.
	if _, err := acme.SetScope(ctx, actor, []chain.Grant{{Service: notes, Ops: service.AllOps}}); err != nil {
		t.Fatal(err)
	}
	s.eventually("the agent tears down", "", func() error {
		_, err := agent.TeardownMemory(ctx, notes, entry, 0)
		return err
	})
	s.plant(agent, actor, notes, entry, old)
	if _, _, err := agent.GetMemory(ctx, notes, entry, client.GetOptions{}); apierr.CodeOf(err) != apierr.MemoryRolledBack {
		t.Errorf("a removal that was undone: %v", err)
	}
	third, err := put([]byte("anew"), client.Condition{})
	if err != nil || third.Version <= second.Version {
		t.Errorf("%+v %v", third, err)
	}

	// One that is taken away is told apart from one that was never there, until that
	// is accepted.
	gone := func(what string, want apierr.Code, missing int, o client.GetOptions) {
		t.Helper()
		if _, _, err := agent.GetMemory(ctx, notes, entry, o); apierr.CodeOf(err) != want {
			t.Errorf("%s: %v", what, err)
		}
		page, err := agent.ListMemory(ctx, notes, client.ListOptions{})
		if err != nil || len(page.Missing) != missing || missing == 1 && page.Missing[0] != (client.Missing{Key: entry, Seen: third.Version}) {
			t.Errorf("%s: %+v %v", what, page, err)
		}
	}
	gone("it is there", "", 0, client.GetOptions{})
	s.remove(agent, actor, notes, entry)
	gone("taken away", apierr.MemoryGone, 1, client.GetOptions{})
	gone("and looked at again", apierr.MemoryGone, 1, client.GetOptions{})
	if _, _, err := newcomer.GetMemory(ctx, notes, entry, client.GetOptions{}); apierr.CodeOf(err) != apierr.NotFound {
		t.Errorf("who never saw it: %v", err)
	}
	gone("accepted", apierr.NotFound, 0, client.GetOptions{AcceptRollback: true})
	gone("after it was accepted", apierr.NotFound, 0, client.GetOptions{})
	s.plant(agent, actor, notes, entry, old)
	gone("an older one in its place", apierr.MemoryRolledBack, 0, client.GetOptions{})
	if _, err := put([]byte("again"), client.Condition{}); err != nil {
		t.Fatal(err)
	}
	gone("a new one in its place", "", 0, client.GetOptions{})

	if _, err := acme.RevokeAgent(ctx, omni.DeviceKeyOfAddress(crypto.PubkeyToAddress(key.PublicKey))); err != nil {
		t.Fatal(err)
	}
	s.eventually("a revoked agent reads its memory", apierr.DeviceRevoked, func() error {
		_, _, err := agent.GetMemory(ctx, notes, entry, client.GetOptions{})
		return err
	})
}

// versions is what the agent remembers on a machine of its own.
func (s *stack) versions(key *ecdsa.PrivateKey) client.Versions {
	s.t.Helper()
	d, err := home.Open(filepath.Join(s.t.TempDir(), "home"), time.Now)
	if err != nil {
		s.t.Fatal(err)
	}
	v, err := d.Versions(home.Identity{Name: "bot", Kind: home.KindAgent, Device: omni.DeviceKeyOfAddress(crypto.PubkeyToAddress(key.PublicKey))}, s.Profile)
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

// plant puts bytes in the place of a memory, as the product never does.
func (s *stack) plant(a *client.Caller, actor omni.Actor, space service.Name, k service.MemoryKey, data []byte) {
	s.t.Helper()
	if err := s.bucket(a, actor).Put(s.t.Context(), blob.MemoryKey(actor, space, k), data); err != nil {
		s.t.Fatal(err)
	}
}

// remove takes a memory away behind the agent's back.
func (s *stack) remove(a *client.Caller, actor omni.Actor, space service.Name, k service.MemoryKey) {
	s.t.Helper()
	if err := s.bucket(a, actor).Delete(s.t.Context(), blob.MemoryKey(actor, space, k)); err != nil {
		s.t.Fatal(err)
	}
}

// bucket is that of memories, with an agent's own session.
func (s *stack) bucket(a *client.Caller, actor omni.Actor) *blob.Session {
	s.t.Helper()
	creds, err := a.Storage(s.t.Context(), api.WebIdentityRequest{Class: service.Memory, Actor: actor, Access: "write"})
	if err != nil {
		s.t.Fatal(err)
	}
	cloud := s.Profile.Cloud
	store, err := blob.New(blob.Config{Endpoint: cloud.S3Endpoint, Region: cloud.Region, Bucket: cloud.MemoryBucket})
	if err != nil {
		s.t.Fatal(err)
	}
	return store.Open(creds)
}
