package signer_test

import (
	"bytes"
	"crypto/ecdsa"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
	"github.com/litentry/agentkeys/pkg/maintenance"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

func reader(b []byte) io.Reader { return bytes.NewReader(b) }

func count(s, what string) int { return strings.Count(s, what) }

func sealPath(p *person) string {
	return api.PathSeal + "/email/" + p.operator.String() + "/" + p.actor.String()
}

// get asks what everybody may.
func (s *side) get(path string) ([]byte, error) {
	s.w.t.Helper()
	return s.serve(httptest.NewRequestWithContext(s.w.t.Context(), http.MethodGet, path, nil))
}

// order is one request under a maintenance session before it is sent.
type order struct {
	s       *side
	path    string
	body    []byte
	session *maintenance.Session
	proof   string
	edit    func(*http.Request)
}

func (s *side) signsOn(k *ecdsa.PrivateKey) *maintenance.Session {
	return s.sessionFor(k, s.url, chainID)
}

func (s *side) sessionFor(k *ecdsa.PrivateKey, url string, chain uint64) *maintenance.Session {
	s.w.t.Helper()
	return must[*maintenance.Session](s.w.t)(maintenance.Sign(s.w.t.Context(), maintenance.KeyWallet(k), maintenance.Request{URL: url, ChainID: chain, Now: s.w.now()}))
}

// order prepares what the holder of k would send; in is nil for no body.
func (s *side) order(k *ecdsa.PrivateKey, path string, in any) *order {
	t := s.w.t
	t.Helper()
	o := &order{s: s, path: path, session: s.signsOn(k)}
	if in != nil {
		o.body = must[[]byte](t)(strictjson.Encode(in))
	}
	o.prove()
	return o
}

func (o *order) prove() *order {
	o.proof = must[string](o.s.w.t)(o.session.Proof(http.MethodPost, o.s.url+o.path, o.body, o.s.w.now()))
	return o
}

// send sends it, and reads the signed answer into out, if any.
func (o *order) send(out any) error {
	t := o.s.w.t
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, o.path, bytes.NewReader(o.body))
	if o.body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Authorization", api.Scheme+o.session.Token())
	r.Header.Set("DPoP", o.proof)
	if o.edit != nil {
		o.edit(r)
	}
	raw, err := o.s.serve(r)
	if err != nil || out == nil {
		return err
	}
	var signed dek.Signed
	if err := strictjson.DecodeAnswer(raw, &signed); err != nil {
		t.Fatal(err)
	}
	return signed.Open(setOf(t, o.s.identity), dek.RequestHash(o.path, o.body, o.proof), out)
}

// holder is who may use a route.
func (w *world) holder(path string) *ecdsa.PrivateKey {
	if path == api.PathEpochDestroy {
		return w.governance
	}
	return w.maintainer
}

// item is one object of p, wrapped anew under one of the world's first epochs,
// also one below the keyring's mark: by a copy that has none.
func (w *world) item(p *person, o op, epoch uint64) api.RewrapItem {
	t := w.t
	t.Helper()
	c := w.bare(p, o)
	b := c.binding()
	old := keystest.Restored(t, keystest.Options(t), w.unused)
	_, wrap, err := old.New(t.Context(), keys.Request{Binding: b, Epoch: epoch})
	if err != nil {
		t.Fatal(err)
	}
	return api.RewrapItem{
		Class: b.Class, Operator: b.Operator, Actor: b.Actor, Service: b.Service, Key: b.Key, Version: b.Version,
		Epoch: wrap.Epoch, Wrap: jose.EncodeSegment(wrap.Bytes[:]),
	}
}

// taken is the key of an epoch as another signer would hand it over.
type taken struct {
	k3    secret.Secret
	check string
}

// take makes the key of an epoch in another keyring.
func (w *world) take(t testing.TB, epoch uint64) taken {
	t.Helper()
	k := keystest.WithEpochs(t, epoch)
	k3, st, err := k.Export(epoch)
	if err != nil {
		t.Fatal(err)
	}
	return taken{k3, st.Check}
}

// readiness asks the checks of the role.
func (s *side) readiness() (failed []string) {
	for _, c := range s.signer.Checks() {
		if _, err := c.Probe(s.w.t.Context()); err != nil {
			failed = append(failed, c.Name)
		}
	}
	return failed
}
