package cloudtest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/devcloud/cloudtest"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/service"
)

// signatureRows: one fault each, on a read of the own object.
func signatureRows(_ *testing.T, w *world) (out []row) {
	me := w.people[0]
	target := cloudtest.VaultBucket + "/" + object(me, service.Credentials)
	ask := func(name, want string, edit func(q *wire)) {
		q := wire{method: "GET", target: target, creds: w.session(me, service.Credentials, oidc.AccessWrite)}
		edit(&q)
		out = append(out, row{name, want, func(t testing.TB) string { return q.send(t, w.Cloud) }})
	}
	other := w.session(w.people[1], service.Credentials, oidc.AccessWrite)
	body := content(me, service.Credentials)
	ask("honest", "200", func(*wire) {})
	ask("unsigned", denied, func(q *wire) { q.unsent = true })
	ask("an hour old", "403 RequestTimeTooSkewed", func(q *wire) { q.at = time.Now().Add(-time.Hour) })
	ask("an hour ahead", "403 RequestTimeTooSkewed", func(q *wire) { q.at = time.Now().Add(time.Hour) })
	ask("another region", "400 AuthorizationHeaderMalformed", func(q *wire) { q.region = "eu-central-1" })
	ask("another service", "400 AuthorizationHeaderMalformed", func(q *wire) { q.service = "sqs" })
	ask("another's secret", "403 SignatureDoesNotMatch", func(q *wire) { q.creds.SecretAccessKey = other.SecretAccessKey })
	ask("another's token", "400 InvalidToken", func(q *wire) { q.creds.SessionToken = other.SessionToken })
	ask("another's access key", "400 InvalidToken", func(q *wire) { q.creds.AccessKeyID = other.AccessKeyID })
	ask("another path than was signed", "403 SignatureDoesNotMatch", func(q *wire) {
		q.tamper = func(r *http.Request) {
			r.URL.Path = "/" + cloudtest.VaultBucket + "/" + object(w.people[1], service.Credentials)
		}
	})
	ask("a method other than was signed", "403 SignatureDoesNotMatch", func(q *wire) { q.tamper = func(r *http.Request) { r.Method = "DELETE" } })
	ask("no token", denied, func(q *wire) { q.tamper = func(r *http.Request) { r.Header.Del("X-Amz-Security-Token") } })
	ask("presigned", "200", func(q *wire) { q.presign = time.Minute })
	ask("presigned and expired", denied, func(q *wire) { q.presign, q.at = time.Minute, time.Now().Add(-10*time.Minute) })
	ask("presigned, another's object", denied, func(q *wire) {
		q.presign, q.target = time.Minute, cloudtest.VaultBucket+"/"+object(w.people[1], service.Credentials)
	})
	put := func(q *wire) { q.method, q.body = "PUT", body }
	ask("payload unsigned", "200", func(q *wire) { put(q); q.hash = "UNSIGNED-PAYLOAD" })
	ask("payload of another hash", "400 XAmzContentSHA256Mismatch", func(q *wire) { put(q); q.hash = strings.Repeat("0", 64) })
	return out
}
