package workertest

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/pkg/sts"
)

// Secret is what the ops of a suite store; no refusal repeats it.
const Secret = "s3cret-value"

// Op is one route of a worker.
type Op struct {
	Path    string
	Action  service.Action
	Service string
	Key     string // named in the path and in the proof; empty where none is
	Body    []byte
	Media   string // of the body; empty: none is told
}

// URL is the path that is asked for.
func (o Op) URL() string {
	if o.Key == "" {
		return o.Path
	}
	return o.Path + "/" + o.Key
}

// Of is the op on another service and key.
func (o Op) Of(svc, key string) Op {
	o.Service, o.Key = svc, key
	return o
}

// Objects are what the proof names.
func (o Op) Objects() []string {
	if o.Key == "" {
		return nil
	}
	return []string{o.Key}
}

// Call is one request before it is sent; a fault changes one thing in it.
type Call struct {
	W      *World
	Who    *Person
	Op     Op
	Cap    captoken.Request
	At     time.Time                // of the mint
	Forge  func(good string) string // nil: the token as it was minted
	Proof  dpop.Request             // of the token that is sent, unless it names another
	Creds  sts.Credentials
	Edit   func(*http.Request) // before it is sent
	Server *httpd.Server       // who is asked; nil: the world's
	Reply  []byte              // what was answered when it succeeded
	// Receipt and ETag came with the answer, whatever it was.
	Receipt, ETag string
}

// Call is a call that succeeds.
func (w *World) Call(p *Person, o Op) *Call {
	return &Call{
		W: w, Who: p, Op: o, At: w.Now(), Creds: p.Session,
		Cap: captoken.Request{
			Operator: p.Operator, Actor: p.Actor, Service: o.Service, Action: o.Action, Device: p.Device,
			JKT: dpop.Thumbprint(&p.Key.PublicKey), Epoch: 1,
		},
		Proof: dpop.Request{Method: http.MethodPost, URL: w.URL + o.URL(), Body: o.Body, Objects: o.Objects(), Now: w.Now()},
	}
}

// Send mints, signs and sends. The proof covers the token unless a fault has
// put another one there.
func (c *Call) Send() error {
	token := c.W.Mint(c.Cap, c.At)
	if c.Forge != nil {
		token = c.Forge(token)
	}
	return c.Present(token)
}

// Present signs and sends with a token. A refusal is an api.RemoteError, whose status
// is that of its code.
func (c *Call) Present(token string) error {
	t := c.W.T
	t.Helper()
	p := c.Proof
	if p.Token == "" {
		p.Token = token
	}
	proof, err := dpop.Sign(c.Who.Key, p)
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, c.Op.URL(), bytes.NewReader(c.Op.Body))
	if c.Op.Media != "" {
		req.Header.Set("Content-Type", c.Op.Media)
	}
	sts.SetHeaders(req.Header, c.Creds)
	req.Header.Set("Authorization", "DPoP "+token)
	req.Header.Set("DPoP", proof)
	if c.Edit != nil {
		c.Edit(req)
	}
	server := c.Server
	if server == nil {
		server = c.W.Server
	}
	resp := httptest.NewRecorder()
	server.ServeHTTP(resp, req)
	body := resp.Body.Bytes()
	c.Receipt, c.ETag = resp.Header().Get(httpd.ReceiptHeader), resp.Header().Get("ETag")
	if resp.Code/100 == 2 {
		c.Reply = body
		return nil
	}
	var pr apierr.Problem
	if err := strictjson.Decode(body, &pr); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	if d, ok := apierr.Lookup(pr.Code); !ok || d.Status != resp.Code {
		t.Errorf("%s with status %d", pr.Code, resp.Code)
	}
	if bytes.Contains(body, []byte(Secret)) {
		t.Errorf("the answer repeats the secret: %s", body)
	}
	return &api.RemoteError{Problem: pr}
}
