package cloudtest_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/devcloud/cloudtest"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/service"
)

// conditionRows: conditional writes of the own object, and removals.
func conditionRows(t *testing.T, w *world) (out []row) {
	me := w.people[0]
	target := cloudtest.VaultBucket + "/" + object(me, service.Credentials)
	body := content(me, service.Credentials)
	put := func(name, want string, p person, access oidc.Access, header map[string]string) {
		q := wire{
			method: "PUT", target: cloudtest.VaultBucket + "/" + object(p, service.Credentials), body: body, header: header,
			creds: w.session(me, service.Credentials, access),
		}
		out = append(out, row{name, want, func(t testing.TB) string { return q.send(t, w.Cloud) }})
	}
	tag := func(t testing.TB) string {
		t.Helper()
		resp, err := http.DefaultTransport.RoundTrip(wire{method: "GET", target: target, creds: w.session(me, service.Credentials, oidc.AccessRead)}.request(t, w.Cloud))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.Header.Get("ETag")
	}(t)
	const another = `"00000000000000000000000000000000"`
	put("if it is that version", "200", me, oidc.AccessWrite, map[string]string{"If-Match": tag})
	put("if it is that version, named without quotes", "200", me, oidc.AccessWrite, map[string]string{"If-Match": strings.Trim(tag, `"`)})
	put("if it is another version", "412 PreconditionFailed", me, oidc.AccessWrite, map[string]string{"If-Match": another})
	put("if there is none, but there is", "412 PreconditionFailed", me, oidc.AccessWrite, map[string]string{"If-None-Match": "*"})
	put("of another, if it is that version", denied, w.people[1], oidc.AccessWrite, map[string]string{"If-Match": tag})
	put("of another, if it is another version", denied, w.people[1], oidc.AccessWrite, map[string]string{"If-Match": another})
	put("of another, if there is none", denied, w.people[1], oidc.AccessWrite, map[string]string{"If-None-Match": "*"})
	put("by who may not read", denied, me, oidc.AccessProvision, map[string]string{"If-Match": tag})
	put("by who may not write", denied, me, oidc.AccessRead, map[string]string{"If-Match": tag})
	// The checksum of a whole object, by which the archive knows what storage has.
	sum := sha256.Sum256(body)
	right, wrong := base64.StdEncoding.EncodeToString(sum[:]), base64.StdEncoding.EncodeToString(make([]byte, len(sum)))
	put("of other bytes than its checksum says", "400 BadDigest", me, oidc.AccessWrite, map[string]string{"X-Amz-Checksum-Sha256": wrong})
	out = append(out, row{"of what its checksum says, and the answer says so", "proven", func(t testing.TB) string {
		q := wire{method: "PUT", target: target, body: body, header: map[string]string{"X-Amz-Checksum-Sha256": right}, creds: w.session(me, service.Credentials, oidc.AccessWrite)}
		resp, err := http.DefaultTransport.RoundTrip(q.request(t, w.Cloud))
		if err != nil || resp.Body.Close() != nil || resp.StatusCode != http.StatusOK {
			t.Fatal("storing:", err)
		}
		if resp.Header.Get("X-Amz-Checksum-Sha256") == right {
			return "proven"
		}
		return "unproven"
	}})
	gone := wire{method: "PUT", target: cloudtest.VaultBucket + "/bots/" + me.actor.Key() + "/credentials/gone.enc", body: body, creds: w.session(me, service.Credentials, oidc.AccessWrite)}
	once := gone
	once.header = map[string]string{"If-None-Match": "*"}
	gone.header = map[string]string{"If-Match": another}
	out = append(out,
		row{"what is not there, if it is that version", "404 NoSuchKey", func(t testing.TB) string { return gone.send(t, w.Cloud) }},
		row{"what is not there, if there is none", "200", func(t testing.TB) string { return once.send(t, w.Cloud) }},
		row{"what is there by now, if there is none", "412 PreconditionFailed", func(t testing.TB) string { return once.send(t, w.Cloud) }},
	)
	// What was stored there has the bytes of the own object, and so its version.
	remove := func(name, want, version string) {
		q := wire{method: "DELETE", target: gone.target, creds: gone.creds, header: map[string]string{"If-Match": version}}
		out = append(out, row{name, want, func(t testing.TB) string { return q.send(t, w.Cloud) }})
	}
	remove("remove it, if it is another version", "412 PreconditionFailed", another)
	remove("remove it, if it is that version", "204", tag)
	return out
}
