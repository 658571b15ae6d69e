package devcloud_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/service"
)

// The product's own clients against the development cloud.

func TestOwnObjects(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	a, github := actor(t, 1), svc(t, "github")
	vault := s.store(t, vaultBucket)
	if err := vault.Reachable(t.Context()); err != nil {
		t.Error(err)
	}
	session := vault.Open(s.exchange(t, vaultRole, a, service.Credentials, "write"))
	key := blob.CredentialKey(a, github)
	if _, err := session.Get(t.Context(), key); apierr.CodeOf(err) != apierr.NotFound {
		t.Errorf("absent: %v", err)
	}
	big := bytes.Repeat([]byte("0123456789abcdef"), blob.MaxObject/16)
	for _, data := range [][]byte{[]byte("sealed"), {}, big} {
		if err := session.Put(t.Context(), key, data); err != nil {
			t.Fatal(err)
		}
		got, err := session.Get(t.Context(), key)
		if err != nil || !bytes.Equal(got, data) {
			t.Fatalf("%d bytes back, %v", len(got), err)
		}
		raw, err := s.cloud.RawObject(vaultBucket, key.String())
		if err != nil || !bytes.Equal(raw, data) {
			t.Fatalf("raw: %d bytes, %v", len(raw), err)
		}
	}
	if err := session.Put(t.Context(), key, append(big, 'x')); apierr.CodeOf(err) != apierr.BodyTooLarge {
		t.Error(err)
	}
	if err := session.Delete(t.Context(), key); err != nil {
		t.Error(err)
	}
	if err := session.Delete(t.Context(), key); err != nil {
		t.Errorf("delete twice: %v", err)
	}
	if _, err := s.cloud.RawObject(vaultBucket, key.String()); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	a, b := actor(t, 1), actor(t, 2)
	vault := s.store(t, vaultBucket)
	mine := vault.Open(s.exchange(t, vaultRole, a, service.Credentials, "write"))
	if err := vault.Open(s.exchange(t, vaultRole, b, service.Credentials, "write")).
		Put(t.Context(), blob.CredentialKey(b, svc(t, "theirs")), nil); err != nil {
		t.Fatal(err)
	}
	want := []string{"a", "a-b", "a.b", "ab", "x.enc"}
	for i, name := range want {
		if err := mine.Put(t.Context(), blob.CredentialKey(a, svc(t, name)), make([]byte, i)); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := mine.ListCredentials(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, e := range entries {
		got = append(got, e.Service.String())
		if e.Size != int64(i) || s.clock.Now().Sub(e.Modified).Abs().Minutes() > 1 {
			t.Errorf("%+v", e)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if empty, err := vault.Open(s.exchange(t, vaultRole, actor(t, 3), service.Credentials, "read")).
		ListCredentials(t.Context(), actor(t, 3)); err != nil || len(empty) != 0 {
		t.Error(empty, err)
	}
}

func TestListPages(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	a := actor(t, 1)
	mine := s.store(t, vaultBucket).Open(s.exchange(t, vaultRole, a, service.Credentials, "write"))
	const n = 1003 // two pages; the stub of package blob has more
	var failed error
	done := make(chan error, 32)
	for w := range cap(done) {
		go func() {
			var err error
			for i := w; i < n && err == nil; i += cap(done) {
				err = mine.Put(t.Context(), blob.CredentialKey(a, svc(t, fmt.Sprintf("s%04d", i))), []byte{1})
			}
			done <- err
		}()
	}
	for range cap(done) {
		failed = errors.Join(failed, <-done)
	}
	if failed != nil {
		t.Fatal(failed)
	}
	entries, err := mine.ListCredentials(t.Context(), a)
	if err != nil || len(entries) != n {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	for i, e := range entries {
		if e.Service.String() != fmt.Sprintf("s%04d", i) {
			t.Fatalf("entry %d is %s", i, e.Service)
		}
	}
}

// TestIsolation tries every pair of session and object.
func TestIsolation(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	a, b := actor(t, 1), actor(t, 2)
	github := svc(t, "github")
	vault, memory := s.store(t, vaultBucket), s.store(t, memoryBucket)
	for _, who := range []byte{1, 2} {
		own := vault.Open(s.exchange(t, vaultRole, actor(t, who), service.Credentials, "write"))
		if err := own.Put(t.Context(), blob.CredentialKey(actor(t, who), github), []byte{who}); err != nil {
			t.Fatal(err)
		}
	}
	const ok, absent, denied = apierr.Code(""), apierr.NotFound, apierr.StorageDenied
	for _, c := range []struct {
		name                    string
		store                   *blob.Store
		role                    string
		class                   service.Class
		access                  string
		object                  byte
		get, none, put, rm, lst apierr.Code
	}{
		{"read", vault, vaultRole, service.Credentials, "read", 1, ok, absent, denied, denied, ok},
		{"write", vault, vaultRole, service.Credentials, "write", 1, ok, absent, ok, ok, ok},
		{"provision", vault, provRole, service.Credentials, "provision", 1, denied, absent, ok, ok, ok},
		{"read other", vault, vaultRole, service.Credentials, "read", 2, denied, denied, denied, denied, denied},
		{"write other", vault, vaultRole, service.Credentials, "write", 2, denied, denied, denied, denied, denied},
		{"provision other", vault, provRole, service.Credentials, "provision", 2, denied, denied, denied, denied, denied},
		{"memory session, vault", vault, memoryRole, service.Memory, "write", 1, denied, denied, denied, denied, denied},
		{"vault session, memory", memory, vaultRole, service.Credentials, "write", 1, denied, denied, denied, denied, denied},
	} {
		t.Run(c.name, func(t *testing.T) {
			session := c.store.Open(s.exchange(t, c.role, a, c.class, c.access))
			owner := a
			if c.object == 2 {
				owner = b
			}
			check := func(what string, err error, want apierr.Code) {
				t.Helper()
				if got := apierr.CodeOf(err); got != want || (want == ok) != (err == nil) {
					t.Errorf("%s: %q, want %q (%v)", what, got, want, err)
				}
			}
			_, err := session.Get(t.Context(), blob.CredentialKey(owner, github))
			check("get", err, c.get)
			_, err = session.Get(t.Context(), blob.CredentialKey(owner, svc(t, "absent")))
			check("get absent", err, c.none)
			_, err = session.ListCredentials(t.Context(), owner)
			check("list", err, c.lst)
			check("put", session.Put(t.Context(), blob.CredentialKey(owner, svc(t, "new")), []byte("x")), c.put)
			check("delete", session.Delete(t.Context(), blob.CredentialKey(owner, svc(t, "new"))), c.rm)
		})
	}
	for _, who := range []byte{1, 2} {
		raw, err := s.cloud.RawObject(vaultBucket, blob.CredentialKey(actor(t, who), github).String())
		if err != nil || !bytes.Equal(raw, []byte{who}) {
			t.Errorf("object of %d: %q %v", who, raw, err)
		}
	}
}
