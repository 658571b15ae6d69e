package main_test

import (
	"bytes"
	"crypto/rand"
	"testing"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
)

func memoryKey(t *testing.T, s string) service.MemoryKey {
	t.Helper()
	k, err := service.ParseMemoryKey(s)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// memories: put, replaced under a condition, read, listed and removed.
func (w *storageWorld) memories(t *testing.T) {
	ctx, value := t.Context(), make([]byte, 1<<20)
	_, _ = rand.Read(value)
	entry, plan := memoryKey(t, "plan.md"), memoryKey(t, "plan")
	first, err := w.own.PutMemory(ctx, w.notes, entry, secret.New([]byte("first")), client.Condition{Absent: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.own.PutMemory(ctx, w.notes, entry, secret.New([]byte("twice")), client.Condition{Absent: true}); apierr.CodeOf(err) != apierr.PreconditionFailed {
		t.Errorf("put where something is: %v", err)
	}
	second, err := w.own.PutMemory(ctx, w.notes, entry, secret.New(value), client.Condition{Version: first.Version})
	if err != nil || second.Version <= first.Version {
		t.Fatalf("%+v after %+v: %v", second, first, err)
	}
	if _, err := w.own.PutMemory(ctx, w.notes, entry, secret.New([]byte("late")), client.Condition{Version: first.Version}); apierr.CodeOf(err) != apierr.PreconditionFailed {
		t.Errorf("put over a version that is gone: %v", err)
	}
	if _, err := w.own.PutMemory(ctx, w.notes, plan, secret.New([]byte("plan")), client.Condition{}); err != nil {
		t.Fatal(err)
	}
	got, version, err := w.own.GetMemory(ctx, w.notes, entry, client.GetOptions{})
	if err != nil || version != second.Version || !bytes.Equal(got.Reveal(), value) {
		t.Errorf("version %d, %v, or other bytes", version, err)
	}
	page, err := w.own.ListMemory(ctx, w.notes, client.ListOptions{Limit: 1})
	if err != nil || len(page.Entries) != 1 || page.Entries[0].Key != plan || page.Next == "" {
		t.Fatalf("%+v %v", page, err)
	}
	if page, err = w.own.ListMemory(ctx, w.notes, client.ListOptions{After: page.Next, Limit: 1}); err != nil || len(page.Entries) != 1 || page.Entries[0].Key != entry || page.Next != "" {
		t.Errorf("%+v %v", page, err)
	}
	if page, err := w.sibling.ListMemory(ctx, w.notes, client.ListOptions{}); err != nil || len(page.Entries) != 0 {
		t.Errorf("the sibling lists %+v %v", page, err)
	}
	if _, _, err := w.stranger.GetMemory(ctx, w.notes, entry, client.GetOptions{}); apierr.CodeOf(err) != apierr.NotFound {
		t.Errorf("another operator's agent: %v", err)
	}
	if _, err := w.own.TeardownMemory(ctx, w.notes, entry, 0); err != nil {
		t.Error(err)
	}
	if _, _, err := w.own.GetMemory(ctx, w.notes, entry, client.GetOptions{}); apierr.CodeOf(err) != apierr.NotFound {
		t.Errorf("what was torn down: %v", err)
	}
}

// memoryRollback: a holder of the agent's storage session puts an older value back.
func (w *storageWorld) memoryRollback(t *testing.T) {
	ctx, k := t.Context(), memoryKey(t, "seen")
	creds, err := w.own.Storage(ctx, api.WebIdentityRequest{Class: service.Memory, Access: "write"})
	if err != nil {
		t.Fatal(err)
	}
	store, err := blob.New(blob.Config{Endpoint: w.Profile.Cloud.S3Endpoint, Region: w.Profile.Cloud.Region, Bucket: w.Profile.Cloud.MemoryBucket})
	if err != nil {
		t.Fatal(err)
	}
	raw, at := store.Open(creds), blob.MemoryKey(w.own.omni, w.notes, k)
	var sealed [2][]byte
	var version [2]uint64
	for i, text := range []string{"older", "newer"} {
		m, err := w.own.PutMemory(ctx, w.notes, k, secret.New([]byte(text)), client.Condition{})
		if err != nil {
			t.Fatal(err)
		}
		version[i] = m.Version
		if sealed[i], err = raw.Get(ctx, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := raw.Put(ctx, at, sealed[0]); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.own.GetMemory(ctx, w.notes, k, client.GetOptions{Version: version[1]}); apierr.CodeOf(err) != apierr.PreconditionFailed {
		t.Errorf("with the version that is expected: %v", err)
	}
	// The same call for what is there shows that nothing else refused it.
	if got, _, err := w.own.GetMemory(ctx, w.notes, k, client.GetOptions{Version: version[0], AcceptRollback: true}); err != nil || string(got.Reveal()) != "older" {
		t.Errorf("%v, or other bytes", err)
	}
}
