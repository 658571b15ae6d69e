package isolation_test

import (
	"bytes"
	"crypto/ecdsa"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/pkg/sts"
)

// verdict is what a cell must answer: no code for allowed.
type verdict struct {
	code  apierr.Code
	layer apierr.Layer
	// gave is what an allowed answer gave, in words of this package.
	gave string
}

func (v verdict) String() string {
	out := "allowed"
	if v.code != "" {
		out = string(v.code) + " by " + string(v.layer)
	}
	if v.gave != "" {
		out += fmt.Sprintf(", giving %q", v.gave)
	}
	return out
}

// by is a refusal.
func by(l apierr.Layer, c apierr.Code) verdict { return verdict{code: c, layer: l} }

// of is the verdict of an error that carries a code, such as storage's own.
func of(err error) verdict {
	if err == nil {
		return verdict{}
	}
	p := apierr.From(err).Problem("", "", "")
	return by(p.Layer, p.Code)
}

// call is one request before it is sent.
type call struct {
	url, method string
	// token goes into the header Authorization under scheme; both empty: none.
	scheme, token string
	prover        *ecdsa.PrivateKey // nil: no proof
	proof         dpop.Request      // what differs from the request itself
	objects       []string
	session       *sts.Credentials
	body          []byte
	media         string
	edit          func(*http.Request)
}

// answer is what came back.
type answer struct {
	verdict
	status int
	header http.Header
	body   []byte
}

// signed is the request with its proof.
func (c call) signed(w *world) *http.Request {
	w.t.Helper()
	req := must[*http.Request](w.t)(http.NewRequestWithContext(w.t.Context(), c.method, c.url, bytes.NewReader(c.body)))
	if c.session != nil {
		sts.SetHeaders(req.Header, *c.session)
	}
	if c.media != "" {
		req.Header.Set("Content-Type", c.media)
	}
	if c.scheme != "" {
		req.Header.Set("Authorization", c.scheme+c.token)
	}
	if c.prover != nil {
		req.Header.Set("DPoP", c.prove(w))
	}
	if c.edit != nil {
		c.edit(req)
	}
	return req
}

func (c call) prove(w *world) string {
	w.t.Helper()
	p := dpop.Request{Method: c.method, URL: c.url, Token: c.token, Body: c.body, Objects: c.objects, Now: time.Now()}
	if c.proof.Method != "" {
		p.Method = c.proof.Method
	}
	if c.proof.URL != "" {
		p.URL = c.proof.URL
	}
	if c.proof.Token != "" {
		p.Token = c.proof.Token
	}
	if c.proof.Body != nil {
		p.Body = c.proof.Body
	}
	return must[string](w.t)(dpop.Sign(c.prover, p))
}

// send sends a call. Of a stream, the header is the answer.
func (w *world) send(c call) answer {
	w.t.Helper()
	return w.do(c.signed(w))
}

func (w *world) do(req *http.Request) answer {
	w.t.Helper()
	resp, err := w.own.caller.API.HTTP.Do(req)
	if err != nil {
		w.t.Fatalf("%s: %v", req.URL, err)
	}
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode, header: resp.Header}
	if resp.Header.Get("Content-Type") == "text/event-stream" {
		return a
	}
	a.body = must[[]byte](w.t)(io.ReadAll(resp.Body))
	if a.status/100 == 2 {
		return a
	}
	var p apierr.Problem
	if err := strictjson.DecodeAnswer(a.body, &p); err != nil {
		w.t.Fatalf("%s: status %d without problem details: %s", req.URL, a.status, a.body)
	}
	if d, ok := apierr.Lookup(p.Code); !ok || d.Status != a.status || p.Status != a.status || p.RequestID == "" || p.Detail == "" {
		w.t.Errorf("%s: status %d with %+v", req.URL, a.status, p)
	}
	a.verdict = by(p.Layer, p.Code)
	return a
}

// url is the address of a route.
func (w *world) url(r httpd.Route) string {
	if r.Admin {
		return w.AdminURL + r.Path
	}
	if r.Role == "process" {
		return w.Profile.Hosts["broker"] + r.Path
	}
	return w.Profile.Hosts[r.Role] + r.Path
}

// with is a call of the route under a token, proven by a key.
func (w *world) with(r httpd.Route, token string, prover *ecdsa.PrivateKey) call {
	return call{url: w.url(r), method: r.Method, scheme: api.Scheme, token: token, prover: prover}
}

// json gives the call a body.
func (c call) json(w *world, v any) call {
	w.t.Helper()
	c.body, c.media = must[[]byte](w.t)(strictjson.Encode(v)), "application/json"
	return c
}
