package devcloud

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// maxSkew is how far a request's date may be from the clock, either way.
const maxSkew = 15 * time.Minute

const amzDate = "20060102T150405Z"

var authorization = regexp.MustCompile(`^AWS4-HMAC-SHA256 Credential=([A-Za-z0-9]{16,128})/([0-9]{8})/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request, ?SignedHeaders=([a-z0-9-]+(?:;[a-z0-9-]+)*), ?Signature=([0-9a-f]{64})$`)

// scheme is how one of the services wants its requests signed, and how it
// refuses.
type scheme struct {
	service string
	// hashHeader says that the payload's hash stands in a header of its own,
	// as S3 wants it; the others hash what came.
	hashHeader                                      bool
	missing, malformed, signature, skewed, mismatch *fault
}

var s3Scheme = scheme{
	service: "s3", hashHeader: true, missing: faultAccessDenied, malformed: faultAuthHeader,
	signature: faultSignature, skewed: faultSkewed, mismatch: faultPayload,
}

// authenticate checks the signature of a request to S3 and returns who signed
// it. body is the whole payload.
func (c *Cloud) authenticate(r *http.Request, body []byte) (principal, error) {
	var s session
	id, err := c.verify(r, body, s3Scheme, func(id, token string) (secret string, err error) {
		u := c.users[id]
		switch {
		case token != "":
			s, err = c.openSession(token, id)
			return s.Secret, err
		case !u.stores() && !u.administers: // nobody, or somebody who has nothing to do here
			return "", faultAccessDenied
		}
		return string(u.SecretAccessKey.Reveal()), nil
	})
	if err != nil {
		return principal{}, err
	}
	if s.Role == "" {
		u := c.users[id]
		return principal{arn: u.arn(partitionOf(c.region), c.account), policies: u.policies, administers: u.administers}, nil
	}
	role, ok := c.made.role(s.Role)
	if !ok {
		return principal{}, faultInvalidToken // a role of an earlier configuration
	}
	return principal{arn: role.arn, policies: role.policies, tags: s.Tags}, nil
}

// verify checks that r was signed with the secret that find knows for the
// access key id and the session token (empty when there is none, or several),
// and returns that id. body is the whole payload.
func (c *Cloud) verify(r *http.Request, body []byte, sch scheme, find func(id, token string) (string, error)) (string, error) {
	if len(r.Header.Values("Authorization")) == 0 {
		return "", sch.missing
	}
	// What is not there exactly once is empty and fails below.
	date, m := one(r.Header, "X-Amz-Date"), authorization.FindStringSubmatch(one(r.Header, "Authorization"))
	if m == nil {
		return "", sch.malformed
	}
	id, day, region, svc, names, signature := m[1], m[2], m[3], m[4], strings.Split(m[5], ";"), m[6]
	at, err := time.Parse(amzDate, date)
	if err != nil || at.Format("20060102") != day || region != c.region || svc != sch.service || !mustBeSigned(r.Header, names) {
		return "", sch.malformed
	}
	token := one(r.Header, "X-Amz-Security-Token")
	secret, err := find(id, token)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(body)
	came := hex.EncodeToString(sum[:])
	hash := came
	if sch.hashHeader {
		hash = one(r.Header, "X-Amz-Content-Sha256")
	}
	// A signer of its own for every request: the SDK's remembers derived
	// keys by access key id.
	want, err := sign(r, names, aws.Credentials{AccessKeyID: id, SecretAccessKey: secret, SessionToken: token}, hash, svc, region, at)
	if err != nil {
		return "", err
	}
	if subtle.ConstantTimeCompare([]byte(want), []byte(signature)) != 1 {
		return "", sch.signature
	}
	if skew := c.now().Sub(at); skew > maxSkew || skew < -maxSkew {
		return "", sch.skewed
	}
	if hash != came {
		return "", sch.mismatch
	}
	return id, nil
}

// mustBeSigned reports whether names are in order, each once, all there, and
// hold host, every x-amz-* header, and, as far as they are there, content-type,
// the conditions and the range. (S3 itself does not insist on the last two;
// without them a condition could be taken out on the way.)
func mustBeSigned(h http.Header, names []string) bool {
	for i, n := range names {
		if i > 0 && names[i-1] >= n || n != "host" && n != "content-length" && len(h.Values(n)) == 0 {
			return false
		}
	}
	for k := range h {
		k = strings.ToLower(k)
		if (strings.HasPrefix(k, "x-amz-") || strings.HasPrefix(k, "if-") || k == "content-type" || k == "range") && !slices.Contains(names, k) {
			return false
		}
	}
	return slices.Contains(names, "host")
}

// sign makes the signature that creds give to exactly the named headers of r.
func sign(r *http.Request, names []string, creds aws.Credentials, payloadHash, svc, region string, at time.Time) (string, error) {
	again := &http.Request{
		Method: r.Method, Host: r.Host, Header: http.Header{},
		URL: &url.URL{Scheme: "http", Host: r.Host, Path: r.URL.Path, RawQuery: r.URL.RawQuery},
	}
	if r.TLS != nil {
		again.URL.Scheme = "https"
	}
	for _, n := range names {
		switch n {
		case "host":
		case "content-length":
			again.ContentLength = r.ContentLength
		default:
			again.Header[textproto.CanonicalMIMEHeaderKey(n)] = slices.Clone(r.Header.Values(n))
		}
	}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	if err := signer.SignHTTP(context.Background(), creds, again, payloadHash, svc, region, at); err != nil {
		return "", err
	}
	m := authorization.FindStringSubmatch(again.Header.Get("Authorization"))
	if m == nil {
		return "", errors.New("the signer wrote a header that we do not read")
	}
	// The signer leaves out user-agent and the like: whoever named them as
	// signed gets another signature.
	return m[6], nil
}

// one is the value of a header that is there exactly once, or empty.
func one(h http.Header, name string) string {
	if v := h.Values(name); len(v) == 1 {
		return v[0]
	}
	return ""
}
