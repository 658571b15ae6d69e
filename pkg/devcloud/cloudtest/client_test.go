package cloudtest_test

import (
	"bytes"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/service"
)

// clientRows: the product's own client, and what it makes of the answers.
func clientRows(t *testing.T, w *world) (out []row) {
	me, other := w.people[0], w.people[1]
	store := w.Store(t, service.Credentials)
	open := func(a oidc.Access) *blob.Session { return store.Open(w.session(me, service.Credentials, a)) }
	read, write, provision := open(oidc.AccessRead), open(oidc.AccessWrite), open(oidc.AccessProvision)
	name, err := service.Parse("github")
	if err != nil {
		t.Fatal(err)
	}
	mine, theirs := blob.CredentialKey(me.actor, name), blob.CredentialKey(other.actor, name)
	ctx, data := t.Context(), bytes.Repeat([]byte{7}, 1<<20)
	add := func(name, want string, do func() error) {
		out = append(out, row{name, want, func(testing.TB) string {
			if err := do(); err != nil {
				return string(apierr.CodeOf(err))
			}
			return "ok"
		}})
	}
	etag := ""
	add("the bucket answers", "ok", func() error { return store.Reachable(ctx) })
	add("get what is missing", "not_found", func() error { _, err := write.Get(ctx, mine); return err })
	add("put for reading", "storage_denied", func() error { return read.Put(ctx, mine, data) })
	add("put", "ok", func() error { return write.Put(ctx, mine, data) })
	add("put for provisioning", "ok", func() error { return provision.Put(ctx, mine, data) })
	add("get", "ok", func() error {
		got, tag, err := read.GetVersion(ctx, mine)
		if err == nil && !bytes.Equal(got, data) {
			t.Error("got other bytes than were put")
		}
		etag = tag
		return err
	})
	add("get for provisioning", "storage_denied", func() error { _, err := provision.Get(ctx, mine); return err })
	add("the first bytes", "ok", func() error {
		got, err := read.Head(ctx, mine, 75)
		if err == nil && !bytes.Equal(got, data[:75]) {
			t.Errorf("%d bytes, or other ones", len(got))
		}
		return err
	})
	add("list", "ok", func() error {
		list, err := read.ListCredentials(ctx, me.actor)
		if err == nil && (len(list) == 0 || list[0].Service != name || list[0].Size != 1<<20) {
			t.Errorf("listed %v", list)
		}
		return err
	})
	add("replace that version", "ok", func() error { _, err := write.PutIfMatch(ctx, mine, []byte("new"), etag); return err })
	add("replace it again", "precondition_failed", func() error { _, err := write.PutIfMatch(ctx, mine, []byte("newer"), etag); return err })
	add("get another's", "storage_denied", func() error { _, err := write.Get(ctx, theirs); return err })
	add("put another's", "storage_denied", func() error { return write.Put(ctx, theirs, data) })
	add("delete another's", "storage_denied", func() error { return write.Delete(ctx, theirs) })
	add("list another's", "storage_denied", func() error { _, err := write.ListCredentials(ctx, other.actor); return err })
	add("delete for reading", "storage_denied", func() error { return read.Delete(ctx, mine) })
	add("delete", "ok", func() error { return write.Delete(ctx, mine) })
	add("delete again", "ok", func() error { return write.Delete(ctx, mine) })
	add("get what was deleted", "not_found", func() error { _, err := write.Get(ctx, mine); return err })
	memory := w.Store(t, service.Memory).Open(w.session(me, service.Credentials, oidc.AccessWrite))
	add("the other class's bucket", "storage_denied", func() error { _, err := memory.Get(ctx, mine); return err })
	return out
}
