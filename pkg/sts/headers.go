package sts

import (
	"net/http"
	"strings"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/secret"
)

// The headers in which a session travels to a worker.
const (
	HeaderAccessKeyID     = "X-Aws-Access-Key-Id"
	HeaderSecretAccessKey = "X-Aws-Secret-Access-Key"
	HeaderSessionToken    = "X-Aws-Session-Token"
)

// ParseHeaders reads the session of a request. All three headers must be
// there, each exactly once and well formed; anything else is
// sts_headers_incomplete. Only h counts: trailers are another map, and a name
// that differs in case is the same name.
func ParseHeaders(h http.Header) (Credentials, error) {
	var c Credentials
	for _, p := range []struct {
		name string
		set  func(string)
	}{
		{HeaderAccessKeyID, func(v string) { c.AccessKeyID = v }},
		{HeaderSecretAccessKey, func(v string) { c.SecretAccessKey = secret.New([]byte(v)) }},
		{HeaderSessionToken, func(v string) { c.SessionToken = secret.New([]byte(v)) }},
	} {
		values := all(h, p.name)
		if len(values) != 1 {
			return Credentials{}, apierr.New(apierr.STSHeadersIncomplete, "%s must be there exactly once, it is there %d times", p.name, len(values))
		}
		p.set(values[0])
	}
	if err := c.check(); err != nil {
		return Credentials{}, apierr.New(apierr.STSHeadersIncomplete, "%s", err)
	}
	return c, nil
}

// SetHeaders puts the session into a request's headers, replacing what is there.
func SetHeaders(h http.Header, c Credentials) {
	h.Set(HeaderAccessKeyID, c.AccessKeyID)
	h.Set(HeaderSecretAccessKey, string(c.SecretAccessKey.Reveal()))
	h.Set(HeaderSessionToken, string(c.SessionToken.Reveal()))
}

// all is every value of a header under any spelling of its name: a map that
// was not read by net/http may hold several.
func all(h http.Header, name string) []string {
	var out []string
	for k, v := range h {
		if strings.EqualFold(k, name) {
			out = append(out, v...)
		}
	}
	return out
}
