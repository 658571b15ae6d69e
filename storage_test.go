package main_test

import (
	"bytes"
	"crypto/rand"
	"os"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/devcloud/cloudtest"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// actor is an agent of a stack on some storage.
type actor struct {
	*client.Caller
	omni omni.Actor
}

// storageWorld is a stack with two agents of one operator and one of another,
// each with every right to two services and one namespace.
type storageWorld struct {
	*stack
	master, own, sibling, stranger actor
	github, gitlab, notes          service.Name
}

func newStorageWorld(t *testing.T, k cloudtest.Kind) *storageWorld {
	w := &storageWorld{stack: startStackOn(t, t.TempDir(), k.Gateway(t, time.Now))}
	for text, into := range map[string]*service.Name{"github": &w.github, "gitlab": &w.gitlab, "memory:notes": &w.notes} {
		var err error
		if *into, err = service.Parse(text); err != nil {
			t.Fatal(err)
		}
	}
	acme, globex := newKey(t), newKey(t)
	one, two := w.operator(acme), w.operator(globex)
	w.master.Caller = w.caller(acme)
	for _, p := range []struct {
		into *actor
		of   int
	}{{&w.own, 1}, {&w.sibling, 1}, {&w.stranger, 2}} {
		o := one
		if p.of == 2 {
			o = two
		}
		key, a := w.agent(o)
		*p.into = actor{w.caller(key), a}
		if _, err := o.SetScope(t.Context(), a, []chain.Grant{
			{Service: w.github, Ops: service.Read | service.Write | service.List | service.Delete},
			{Service: w.gitlab, Ops: service.Read | service.Write | service.List | service.Delete},
			{Service: w.notes, Ops: service.Read | service.Write | service.List | service.Delete},
		}); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// TestWorkersOnStorage is the product's own way to storage, with nothing made
// up: chain, broker, signer and worker, and the clouds that the environment
// names (see package cloudtest).
func TestWorkersOnStorage(t *testing.T) {
	for _, k := range cloudtest.Kinds(t, os.Getenv(cloudtest.Env)) {
		t.Run(k.Name, func(t *testing.T) {
			w := newStorageWorld(t, k)
			t.Run("before it is told of an actor", func(t *testing.T) { w.untold(t, k) })
			if err := w.Admit(t.Context(), w.own.omni, w.sibling.omni); err != nil {
				t.Fatal(err)
			}
			if err := w.Admit(t.Context(), w.stranger.omni); err != nil { // the first two stay
				t.Fatal(err)
			}
			t.Run("round trip", w.roundTrip)
			t.Run("another's session", w.foreignSessions)
			t.Run("moved and put back", w.rollback)
			t.Run("memories", w.memories)
			t.Run("a memory put back", w.memoryRollback)
			t.Run("re-encrypted", w.reencrypted)
		})
	}
}

// untold: RGW's policies name the actors.
func (w *storageWorld) untold(t *testing.T, k cloudtest.Kind) {
	want := map[string]apierr.Code{"rgw": apierr.StorageDenied}[k.Name]
	if _, err := w.own.StoreCredential(t.Context(), omni.Actor{}, w.github, secret.New([]byte("x"))); want == "" && err != nil || want != "" && apierr.CodeOf(err) != want {
		t.Errorf("%v, want %q", err, want)
	}
}

func (w *storageWorld) roundTrip(t *testing.T) {
	ctx, value := t.Context(), make([]byte, 1<<20)
	_, _ = rand.Read(value)
	if _, err := w.own.StoreCredential(ctx, omni.Actor{}, w.github, secret.New(value)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.master.StoreCredential(ctx, w.own.omni, w.gitlab, secret.New([]byte("provisioned"))); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name service.Name
		want []byte
	}{{w.github, value}, {w.gitlab, []byte("provisioned")}} {
		if got, err := w.own.FetchCredential(ctx, omni.Actor{}, c.name); err != nil || !bytes.Equal(got.Reveal(), c.want) {
			t.Errorf("%s: %v, or other bytes", c.name, err)
		}
	}
	list, err := w.own.ListCredentials(ctx, omni.Actor{})
	if err != nil || len(list.Credentials) != 2 || list.Credentials[0].Service != w.github || list.Credentials[1].Service != w.gitlab {
		t.Errorf("%+v %v", list, err)
	}
	if list, err := w.sibling.ListCredentials(ctx, omni.Actor{}); err != nil || len(list.Credentials) != 0 {
		t.Errorf("the sibling lists %+v %v", list, err)
	}
	for range 2 { // what is not there is no error
		if _, err := w.own.TeardownCredential(ctx, omni.Actor{}, w.github); err != nil {
			t.Error(err)
		}
	}
	if _, err := w.own.FetchCredential(ctx, omni.Actor{}, w.github); apierr.CodeOf(err) != apierr.NotFound {
		t.Errorf("what was torn down: %v", err)
	}
}

// foreignSessions: everything is the own agent's but the storage session.
func (w *storageWorld) foreignSessions(t *testing.T) {
	ctx := t.Context()
	if _, err := w.own.StoreCredential(ctx, omni.Actor{}, w.github, secret.New([]byte("mine"))); err != nil {
		t.Fatal(err)
	}
	call := func(mint, path, svc string, creds sts.Credentials) error {
		c, err := w.own.Mint(ctx, mint, api.CapRequest{Service: svc})
		if err != nil {
			t.Fatal(err)
		}
		kind, body := "", []byte(nil)
		if path == api.PathCredStore {
			kind, body = "application/octet-stream", []byte("theirs")
		}
		_, err = w.own.Worker(ctx, path, c.Token, creds, kind, body)
		return err
	}
	for who, a := range map[string]actor{"own": w.own, "sibling": w.sibling, "stranger": w.stranger} {
		creds, err := a.Storage(ctx, api.WebIdentityRequest{Class: service.Credentials, Access: "write"})
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range [][3]string{
			{api.PathCapCredStore, api.PathCredStore, "gitlab"},
			{api.PathCapCredFetch, api.PathCredFetch, "github"},
			{api.PathCapCredList, api.PathCredList, service.Any},
			{api.PathCapCredTeardown, api.PathCredTeardown, "gitlab"},
		} {
			err := call(op[0], op[1], op[2], creds)
			if who == "own" && err != nil || who != "own" && apierr.CodeOf(err) != apierr.StorageDenied {
				t.Errorf("%s with the session of %s: %v", op[1], who, err)
			}
		}
	}
	if got, err := w.own.FetchCredential(ctx, omni.Actor{}, w.github); err != nil || string(got.Reveal()) != "mine" {
		t.Errorf("%v, or other bytes", err)
	}
}

// rollback: what a holder of the agent's storage session can do to the agent's
// objects, and what comes of it.
func (w *storageWorld) rollback(t *testing.T) {
	ctx := t.Context()
	creds, err := w.own.Storage(ctx, api.WebIdentityRequest{Class: service.Credentials, Access: "write"})
	if err != nil {
		t.Fatal(err)
	}
	store, err := blob.New(blob.Config{Endpoint: w.Profile.Cloud.S3Endpoint, Region: w.Profile.Cloud.Region, Bucket: w.Profile.Cloud.VaultBucket})
	if err != nil {
		t.Fatal(err)
	}
	raw, at := store.Open(creds), func(n service.Name) blob.Key { return blob.CredentialKey(w.own.omni, n) }
	put := func(value string) []byte {
		t.Helper()
		if _, err := w.own.StoreCredential(ctx, omni.Actor{}, w.github, secret.New([]byte(value))); err != nil {
			t.Fatal(err)
		}
		sealed, err := raw.Get(ctx, at(w.github))
		if err != nil || bytes.Contains(sealed, []byte(value)) {
			t.Fatalf("what is stored: %v, or the plaintext", err)
		}
		return sealed
	}
	older, newer := put("older"), put("newer")
	flipped := bytes.Clone(newer)
	flipped[len(flipped)-1] ^= 1
	for _, c := range []struct {
		name   string
		at     service.Name
		object []byte
		want   apierr.Code
		value  string
	}{
		{"the newest", w.github, newer, "", "newer"},
		// Nothing names the version of a credential, so this is not seen.
		{"an older version", w.github, older, "", "older"},
		{"under another service", w.gitlab, newer, apierr.EnvelopeInvalid, ""},
		{"with one bit changed", w.github, flipped, apierr.EnvelopeInvalid, ""},
		{"cut short", w.github, newer[:40], apierr.EnvelopeInvalid, ""},
		{"empty", w.github, nil, apierr.EnvelopeInvalid, ""},
	} {
		if err := raw.Put(ctx, at(c.at), c.object); err != nil {
			t.Fatal(err)
		}
		got, err := w.own.FetchCredential(ctx, omni.Actor{}, c.at)
		if c.want != "" && apierr.CodeOf(err) != c.want || c.want == "" && (err != nil || string(got.Reveal()) != c.value) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
