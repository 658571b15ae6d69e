package cloudtest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/devcloud/cloudtest"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/service"
)

// versionRows: a bucket with versioning, as AWS is given it. An older version
// is there, and no session of ours reads it, lists it or destroys it. It is the
// last table, for what it changes stays changed.
func versionRows(t *testing.T, w *world) (out []row) {
	w.Version(t, service.Memory)
	me := w.people[0]
	creds := w.session(me, service.Memory, oidc.AccessWrite)
	target := cloudtest.MemoryBucket + "/" + object(me, service.Memory)
	put := func(body string) string {
		resp, err := http.DefaultTransport.RoundTrip(wire{method: "PUT", target: target, body: []byte(body), creds: creds}.request(t, w.Cloud))
		if err != nil || resp.Body.Close() != nil || resp.StatusCode != http.StatusOK {
			t.Fatal("storing a version:", err)
		}
		return resp.Header.Get("X-Amz-Version-Id")
	}
	old := put("old")
	w.restore(t, me, service.Memory)
	ask := func(name, want, method, target string) {
		q := wire{method: method, target: target, creds: creds}
		out = append(out, row{name, want, func(t testing.TB) string { return q.send(t, w.Cloud) }})
	}
	ask("get the newest", "200", "GET", target)
	ask("get the older", denied, "GET", target+"?versionId="+old)
	ask("head the older", "403", "HEAD", target+"?versionId="+old)
	ask("delete the older", denied, "DELETE", target+"?versionId="+old)
	ask("list versions", denied, "GET", cloudtest.MemoryBucket+"?prefix=bots%2F"+me.actor.Key()+"%2Fmemory%2F&versions=")
	// What the conditions are worth there; both puts are of what was there before.
	conditional := func(name, want string, header func(t testing.TB) map[string]string) {
		out = append(out, row{name, want, func(t testing.TB) string {
			return wire{method: "PUT", target: target, body: content(me, service.Memory), creds: creds, header: header(t)}.send(t, w.Cloud)
		}})
	}
	conditional("put if there is none, but there is", "412 PreconditionFailed", func(testing.TB) map[string]string { return map[string]string{"If-None-Match": "*"} })
	conditional("put if it is that version, in the form that the cloud knows", "200", func(t testing.TB) map[string]string {
		resp, err := http.DefaultTransport.RoundTrip(wire{method: "GET", target: target, creds: creds}.request(t, w.Cloud))
		if err != nil || resp.Body.Close() != nil {
			t.Fatal("reading:", err)
		}
		tag := resp.Header.Get("ETag")
		if w.Name == "rgw" {
			tag = strings.Trim(tag, `"`)
		}
		return map[string]string{"If-Match": tag}
	})
	ask("delete the newest", "204", "DELETE", target)
	ask("get what is deleted", denied, "GET", target)
	out = append(out, row{"put it again", "restored", func(t testing.TB) string { w.restore(t, me, service.Memory); return "restored" }})
	return out
}
