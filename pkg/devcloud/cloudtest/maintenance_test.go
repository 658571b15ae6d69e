package cloudtest_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/devcloud/cloudtest"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// maintenanceRows: a user of the account takes the role, walks over everybody's
// objects, and replaces what is still as it was read; and who else would like to.
func maintenanceRows(t *testing.T, w *world) (out []row) {
	ctx, me := t.Context(), w.people[0]
	taken := map[service.Class]sts.Credentials{}
	for _, class := range classes {
		creds, err := w.Maintain(ctx, class)
		if err != nil {
			t.Fatal(err)
		}
		taken[class] = creds
	}
	vault, memory := taken[service.Credentials], taken[service.Memory]
	ask := func(name, want, method, target string, creds sts.Credentials) {
		q := wire{method: method, target: target, creds: creds}
		if method == "PUT" {
			q.body = content(me, service.Credentials)
		}
		out = append(out, row{name, want, func(t testing.TB) string { return q.send(t, w.Cloud) }})
	}
	const list = "?list-type=2&prefix="
	mine := cloudtest.VaultBucket + "/" + object(me, service.Credentials)
	ask("list everybody's", "200", "GET", cloudtest.VaultBucket+list+"bots%2F", vault)
	ask("list the root", denied, "GET", cloudtest.VaultBucket+list, vault)
	ask("read", "200", "GET", mine, vault)
	ask("replace", "200", "PUT", mine, vault)
	ask("delete", denied, "DELETE", mine, vault)
	ask("delete a version", denied, "DELETE", mine+"?versionId=null", vault)
	ask("write in another class's folder", denied, "PUT", cloudtest.VaultBucket+"/"+object(me, service.Memory), vault)
	ask("write above the actors", denied, "PUT", cloudtest.VaultBucket+"/bots/x.enc", vault)
	for _, c := range []struct {
		name   string
		bucket string
		class  service.Class
		creds  sts.Credentials
	}{
		{"credentials' at the bucket of memory", cloudtest.MemoryBucket, service.Memory, vault},
		{"memory's at the bucket of credentials", cloudtest.VaultBucket, service.Credentials, memory},
	} {
		ask("list, "+c.name, denied, "GET", c.bucket+list+"bots%2F", c.creds)
		ask("read, "+c.name, denied, "GET", c.bucket+"/"+object(me, c.class), c.creds)
		ask("write, "+c.name, denied, "PUT", c.bucket+"/"+object(me, c.class), c.creds)
	}
	keeper := sts.Credentials{AccessKeyID: w.Keeper.AccessKeyID, SecretAccessKey: w.Keeper.SecretAccessKey}
	ask("read with the user's own keys", denied, "GET", mine, keeper)
	ask("list with the user's own keys", denied, "GET", cloudtest.VaultBucket+list+"bots%2F", keeper)
	out = append(out, w.moved(t, vault)...)
	return append(out, w.takers(ctx)...)
}

// moved is what re-encrypting does, by the product's own client.
func (w *world) moved(t *testing.T, creds sts.Credentials) []row {
	ctx, s, me := t.Context(), w.Store(t, service.Credentials).Open(creds), w.people[0]
	name, err := service.Parse("x")
	if err != nil {
		t.Fatal(err)
	}
	key, stale := blob.CredentialKey(me.actor, name), ""
	code := func(err error) string {
		if err != nil {
			return string(apierr.CodeOf(err))
		}
		return "ok"
	}
	return []row{
		{"walk over everybody's", "ok", func(t testing.TB) string {
			var met []string
			strange, err := s.Walk(ctx, blob.Scope{Class: service.Credentials}, func(o blob.Object) error {
				met = append(met, o.Actor.Key())
				return nil
			})
			var want []string
			for _, p := range w.people {
				want = append(want, p.actor.Key())
			}
			if slices.Sort(want); strange != 0 || !slices.Equal(slices.Compact(met), want) {
				t.Errorf("met %v, and %d strange", met, strange)
			}
			return code(err)
		}},
		{"replace what is as it was read", "ok", func(t testing.TB) string {
			data, etag, err := s.GetVersion(ctx, key)
			if err != nil || !bytes.Equal(data, content(me, service.Credentials)) {
				t.Errorf("%q %v", data, err)
			}
			stale = etag
			_, err = s.PutIfMatch(ctx, key, []byte("moved"), etag)
			return code(err)
		}},
		{"replace what is not", "precondition_failed", func(testing.TB) string {
			_, err := s.PutIfMatch(ctx, key, []byte("overtaken"), stale)
			return code(err)
		}},
		{"of four who replace one version", "one", func(t testing.TB) string { return w.race(t, creds, key) }},
		{"and what was moved is there", "restored", func(t testing.TB) string {
			if data, err := s.Get(ctx, key); err != nil || string(data) != "moved at last" {
				t.Errorf("%q %v", data, err)
			}
			w.restore(t, me, service.Credentials)
			return "restored"
		}},
	}
}

// race has four clients replace one version at the same moment, again and again: one
// wins, and the others are told that it was changed. To some of them RGW says 500
// first, which the client asks again.
func (w *world) race(t testing.TB, creds sts.Credentials, key blob.Key) string {
	ctx, clients := t.Context(), [4]*blob.Session{}
	for i := range clients {
		clients[i] = w.Store(t, service.Credentials).Open(creds)
	}
	_, etag, err := clients[0].GetVersion(ctx, key)
	if err != nil {
		t.Fatal(err)
	}
	for round := range 10 {
		var won atomic.Int32
		var next atomic.Value
		g, start := new(errgroup.Group), make(chan struct{})
		for who, s := range clients {
			g.Go(func() error {
				<-start
				got, err := s.PutIfMatch(ctx, key, fmt.Appendf(nil, "round %d, %d", round, who), etag)
				switch {
				case err == nil:
					won.Add(1)
					next.Store(got)
				case apierr.CodeOf(err) != apierr.PreconditionFailed:
					return err
				}
				return nil
			})
		}
		close(start)
		if err := g.Wait(); err != nil {
			return fmt.Sprint(round, err)
		}
		if won.Load() != 1 {
			return fmt.Sprint(won.Load())
		}
		etag = next.Load().(string)
	}
	if _, err := clients[0].PutIfMatch(ctx, key, []byte("moved at last"), etag); err != nil {
		return fmt.Sprint("the last: ", err)
	}
	return "one"
}

// takers are who would take a role with other keys, or say other things about
// themselves.
func (w *world) takers(ctx context.Context) (out []row) {
	me := w.people[0]
	tags := map[string]string{"agentkeys_class": "credentials", "agentkeys_access": "maintenance"}
	take := func(name, want, role string, keys sts.StaticKeys, tags map[string]string) {
		out = append(out, row{name, want, func(t testing.TB) string {
			_, err := w.STS.AssumeRole(ctx, sts.AssumeRequest{RoleARN: cloudtest.RoleARN(role), SessionName: "maintenance", Keys: keys, Tags: tags})
			switch apierr.CodeOf(err) {
			case apierr.StorageDenied:
				return "refused"
			case "":
				if err != nil {
					t.Fatal(err)
				}
				return "session"
			}
			return fmt.Sprint(err)
		}})
	}
	agent := w.session(me, service.Credentials, oidc.AccessWrite)
	take("taken", "session", cloudtest.MaintenanceRole, w.Keeper, tags)
	take("taken by another user", "refused", cloudtest.MaintenanceRole, w.Other, tags)
	take("taken by an agent's session", "refused", cloudtest.MaintenanceRole, sts.StaticKeys{AccessKeyID: agent.AccessKeyID, SecretAccessKey: agent.SecretAccessKey, SessionToken: agent.SessionToken}, tags)
	take("a role of agents, taken by the user", "refused", cloudtest.VaultRole, w.Keeper, tags)
	take("taken without tags", "refused", cloudtest.MaintenanceRole, w.Keeper, nil)
	take("taken with the tags of another class", "refused", cloudtest.MaintenanceRole, w.Keeper, map[string]string{"agentkeys_class": "memory", "agentkeys_access": "maintenance"})
	for name, access := range map[string]string{"taken with a web identity": "write", "taken with a web identity that says so": "maintenance"} {
		out = append(out, row{name, "refused", func(t testing.TB) string {
			c := w.claims()
			c[oidc.TagsClaim].(jsonObject)["principal_tags"].(jsonObject)[oidc.TagAccess] = []string{access}
			return w.assume(t, w.K2.Token(w.K2.Header(oidc.Type), encode(t, c)), cloudtest.MaintenanceRole)
		}})
	}
	return out
}
