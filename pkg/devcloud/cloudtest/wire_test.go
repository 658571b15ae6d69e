package cloudtest_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/litentry/agentkeys/pkg/devcloud/cloudtest"
	"github.com/litentry/agentkeys/pkg/sts"
)

// wire is one request as it goes to storage, honest unless a row changes it.
type wire struct {
	method, target string // target begins with the bucket
	body           []byte
	header         map[string]string
	creds          sts.Credentials

	at      time.Time // zero: now
	region  string    // empty: the cloud's
	service string    // empty: s3
	hash    string    // of the payload; empty: the right one
	unsent  bool      // the signature stays at home
	presign time.Duration
	tamper  func(*http.Request) // after signing
}

// send is what storage answers: status and code. A HEAD has no code.
func (w wire) send(t testing.TB, c *cloudtest.Cloud) string {
	t.Helper()
	answer, body := w.fetch(t, c)
	_ = body
	return answer
}

// fetch is send with the body of the answer. A connection that ends without an
// answer is tried again: RGW may close one whose payload it did not read.
func (w wire) fetch(t testing.TB, c *cloudtest.Cloud) (string, []byte) {
	t.Helper()
	for try := 1; ; try++ {
		resp, err := http.DefaultTransport.RoundTrip(w.request(t, c))
		if err != nil {
			if try < 4 {
				continue
			}
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		return describe(resp.StatusCode, body), body
	}
}

func describe(status int, body []byte) string {
	text := fmt.Sprint(status)
	if _, rest, ok := strings.Cut(string(body), "<Code>"); ok && status >= 300 {
		code, _, _ := strings.Cut(rest, "</Code>")
		text += " " + code
	}
	return text
}

func (w wire) request(t testing.TB, c *cloudtest.Cloud) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), w.method, c.Endpoint+"/"+w.target, bytes.NewReader(w.body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range w.header {
		r.Header.Set(k, v)
	}
	sum := sha256.Sum256(w.body)
	hash := hex.EncodeToString(sum[:])
	if w.hash != "" {
		hash = w.hash
	}
	at, region, service := w.at, cloudtest.Region, "s3"
	if at.IsZero() {
		at = time.Now()
	}
	if w.region != "" {
		region = w.region
	}
	if w.service != "" {
		service = w.service
	}
	creds := aws.Credentials{
		AccessKeyID: w.creds.AccessKeyID, SecretAccessKey: string(w.creds.SecretAccessKey.Reveal()), SessionToken: string(w.creds.SessionToken.Reveal()),
	}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	switch {
	case w.unsent:
	case w.presign > 0:
		q := r.URL.Query()
		q.Set("X-Amz-Expires", fmt.Sprint(int(w.presign/time.Second)))
		r.URL.RawQuery = q.Encode()
		text, _, err := signer.PresignHTTP(t.Context(), creds, r, "UNSIGNED-PAYLOAD", service, region, at)
		if err != nil {
			t.Fatal(err)
		}
		if r.URL, err = url.Parse(text); err != nil {
			t.Fatal(err)
		}
	default:
		r.Header.Set("X-Amz-Content-Sha256", hash)
		if err := signer.SignHTTP(t.Context(), creds, r, hash, service, region, at); err != nil {
			t.Fatal(err)
		}
	}
	if w.tamper != nil {
		w.tamper(r)
	}
	return r
}
