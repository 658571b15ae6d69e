package signer_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/roles/signer"
)

// sealKey asks for a public key as a router does.
func (s *side) sealKey(t testing.TB, path string) (public []byte, epoch uint64) {
	t.Helper()
	raw, err := s.get(path)
	if err != nil {
		t.Fatal(err)
	}
	var signed dek.Signed
	if err := strictjson.DecodeAnswer(raw, &signed); err != nil {
		t.Fatal(err)
	}
	var k api.SealKey
	hash := dek.RequestHash(path, nil, "")
	if err := signed.Open(setOf(t, s.w.forger.Key), hash, &k); err == nil {
		t.Error("believed as an answer of K1")
	}
	if err := signed.Open(setOf(t, s.identity), dek.RequestHash(path+"x", nil, ""), &k); err == nil {
		t.Error("believed as an answer about another actor")
	}
	if err := signed.Open(setOf(t, s.identity), hash, &k); err != nil {
		t.Fatal(err)
	}
	return must[[]byte](t)(jose.DecodeSegment(k.Public)), k.Epoch
}

// TestMail: what is sealed to the public key of an actor opens for that actor
// with a capability to read mail, and for nobody else; also after a rotation.
func TestMail(t *testing.T) {
	w := newWorld(t, 2)
	mail := ops()[4]
	for i, p := range w.people {
		public, epoch := w.sealKey(t, sealPath(p))
		if again, _ := w.sealKey(t, sealPath(p)); !slices.Equal(again, public) {
			t.Error("the key changes from call to call")
		}
		for j, q := range w.people {
			if k, _ := w.sealKey(t, sealPath(q)); (i == j) != slices.Equal(k, public) {
				t.Errorf("the keys of %d and %d", i, j)
			}
		}
		secret := must[keys.DEK](t)(keys.NewDEK([]byte(strings.Repeat("k", 31) + "1")))
		c := w.bare(p, mail)
		sealed := dek.Seal{Epoch: epoch, Bytes: jose.EncodeSegment(must[[]byte](t)(keys.SealTo(public, c.binding(), epoch, secret)))}
		c.req.Sealed = &sealed
		if g, err := c.send(); err != nil || !g.key.Equal(secret.Secret) {
			t.Errorf("actor %d: %v", i, err)
		}
		for j, q := range w.people {
			c := w.bare(q, mail)
			c.req.Sealed = &sealed
			c.check(t, "what is sealed to another", map[bool]apierr.Code{true: "", false: apierr.EnvelopeInvalid}[i == j], true)
		}
	}
	p := w.people[0]
	before := w.call(p, mail)
	w.chain.SetEpoch(2)
	_, epoch := w.sealKey(t, sealPath(p)) // the request itself raises the mark
	if epoch != 2 || w.ring.Status().HighWater != 2 {
		t.Errorf("sealed under epoch %d", epoch)
	}
	before.check(t, "sealed before the rotation", "", true)
	w.chain.SetEpoch(1)
	if _, epoch := w.sealKey(t, sealPath(p)); epoch != 2 {
		t.Errorf("a lagging chain sealed under epoch %d", epoch)
	}
	w.chain.GoUnavailable()
	if _, err := w.get(sealPath(p)); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Errorf("without a chain: %v", err)
	}
}

// TestSealPaths: one actor has one path.
func TestSealPaths(t *testing.T) {
	w := newWorld(t, 1)
	p := w.people[0]
	op, actor := p.operator.String(), p.actor.String()
	good := api.PathSeal + "/email/" + op + "/" + actor
	for _, c := range []struct {
		path string
		want apierr.Code
	}{
		{good, ""},
		{api.PathSeal + "/memory/" + op + "/" + actor, ""},
		{api.PathSeal + "/mail/" + op + "/" + actor, apierr.InvalidInput},
		{api.PathSeal + "/Email/" + op + "/" + actor, apierr.InvalidInput},
		{api.PathSeal + "//" + op + "/" + actor, apierr.InvalidInput},
		{api.PathSeal + "/email/" + op[2:] + "/" + actor, apierr.InvalidInput},
		{api.PathSeal + "/email/" + op + "/" + actor[2:], apierr.InvalidInput},
		{api.PathSeal + "/email/" + strings.ToUpper(op) + "/" + actor, apierr.InvalidInput},
		{api.PathSeal + "/email/" + op + "/" + actor + "0", apierr.InvalidInput},
		{api.PathSeal + "/email/0x" + strings.Repeat("0", 64) + "/" + actor, apierr.InvalidInput},
		{api.PathSeal + "/email/" + op + "/0x" + strings.Repeat("0", 64), apierr.InvalidInput},
		{api.PathSeal + "/email/" + op + "/" + actor + "%2Fx", apierr.InvalidInput},
		{api.PathSeal + "/email%2F" + op + "/" + op + "/" + actor, apierr.InvalidInput},
		{good + "/", apierr.InvalidInput},
		{good + "/x", apierr.InvalidInput},
		{api.PathSeal + "/email/" + op, apierr.NotFound},
	} {
		if _, err := w.get(c.path); apierr.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.path, err, c.want)
		}
	}
	r := httptest.NewRequest(http.MethodGet, good, strings.NewReader("x"))
	if _, err := w.serve(r); apierr.CodeOf(err) != apierr.InvalidInput {
		t.Errorf("with a body: %v", err)
	}
}

// TestPublicRoutesAreLimited: an address without a proof has a bound.
func TestPublicRoutesAreLimited(t *testing.T) {
	w := newWorld(t, 1)
	for range 2000 {
		if _, err := w.get(api.PathSignerJWKS); apierr.CodeOf(err) == apierr.RateLimited {
			return
		}
	}
	t.Error("no bound was met")
}

// TestStatusAndIdentity are what everybody may know.
func TestStatusAndIdentity(t *testing.T) {
	w := newPair(t)
	do[api.Epoch](t, w.order(w.governance, api.PathEpochDestroy, api.EpochRequest{Epoch: 1}))
	var now api.Epochs
	if err := strictjson.Decode(must[[]byte](t)(w.get(api.PathEpochs)), &now); err != nil {
		t.Fatal(err)
	}
	if now.Ring != w.ring.Status().RingID || now.Identity != w.identity.Public().Thumbprint() || now.ChainEpoch != 2 || now.HighWater != 2 ||
		len(now.Epochs) != 2 || now.Epochs[0].Destroyed.IsZero() || !now.Epochs[1].Destroyed.IsZero() || now.Epochs[0].Check == now.Epochs[1].Check {
		t.Errorf("%+v", now)
	}
	if !slices.Equal(now.Classes, []service.Class{service.Credentials, service.Email, service.Memory}) {
		t.Errorf("classes %v", now.Classes)
	}
	set := must[jose.KeySet](t)(jose.ParseKeySet(must[[]byte](t)(w.get(api.PathSignerJWKS))))
	if !slices.Equal(set.Thumbprints(), []string{w.identity.Public().Thumbprint()}) {
		t.Errorf("%v", set.Thumbprints())
	}
	w.chain.GoUnavailable()
	if _, err := w.get(api.PathEpochs); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Errorf("%v", err)
	}
	if failed := w.readiness(); len(failed) != 2 {
		t.Errorf("not ready: %v", failed)
	}
}

// stream is the body of a stream, block by block.
type stream struct {
	*httptest.ResponseRecorder
	blocks chan string
}

func (s stream) Write(b []byte) (int, error) { s.blocks <- string(b); return len(b), nil }

// TestStream sends the state, and again when the epoch moves.
func TestStream(t *testing.T) {
	w := newWorld(t, 3)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	s := stream{httptest.NewRecorder(), make(chan string)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.server.ServeHTTP(s, httptest.NewRequestWithContext(ctx, http.MethodGet, api.PathEpochStream, nil))
	}()
	next := func() (e api.Epochs) {
		t.Helper()
		var block string
		select {
		case block = <-s.blocks:
		case <-ctx.Done():
			t.Fatal("no event")
		}
		name, data, _ := strings.Cut(strings.TrimSuffix(block, "\n\n"), "\ndata: ")
		if name != "event: epochs" {
			t.Fatalf("%q", block)
		}
		if err := strictjson.Decode([]byte(data), &e); err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		return e
	}
	if e := next(); e.ChainEpoch != 1 || e.HighWater != 1 || len(e.Epochs) != 3 {
		t.Errorf("%+v", e)
	}
	for epoch := uint32(2); epoch <= 3; epoch++ {
		w.look(t) // nothing moved: nothing is sent
		w.chain.SetEpoch(epoch)
		w.look(t)
		if e := next(); e.ChainEpoch != uint64(epoch) || e.HighWater != uint64(epoch) {
			t.Errorf("%+v", e)
		}
	}
	if n := signer.Listeners(w.signer); n != 1 {
		t.Errorf("%d listeners", n)
	}
	stop()
	<-done
	if n := signer.Listeners(w.signer); n != 0 {
		t.Errorf("%d listeners stay behind", n)
	}
}

// TestSignedStatus: who acts on a status gets it signed, to that very question.
func TestSignedStatus(t *testing.T) {
	w := newWorld(t, 2)
	pinned := must[jose.KeySet](t)(jose.NewKeySet(w.identity.Public()))
	ask := func() (string, dek.Signed) {
		path := api.PathEpochs + "/" + jose.NewID()
		var signed dek.Signed
		if err := strictjson.Decode(must[[]byte](t)(w.get(path)), &signed); err != nil {
			t.Fatal(err)
		}
		return path, signed
	}
	path, signed := ask()
	var now api.Epochs
	if err := signed.Open(pinned, dek.RequestHash(path, nil, ""), &now); err != nil || len(now.Epochs) != 2 || now.Identity != w.identity.Public().Thumbprint() {
		t.Errorf("%+v %v", now, err)
	}
	other, _ := ask()
	if err := signed.Open(pinned, dek.RequestHash(other, nil, ""), &now); !errors.Is(err, dek.ErrAnswer) {
		t.Errorf("the answer to another question: %v", err)
	}
	for _, nonce := range []string{"x", strings.Repeat("A", 21), strings.Repeat("A", 23), strings.Repeat("%41", 22) + "x"} {
		if _, err := w.get(api.PathEpochs + "/" + nonce); apierr.CodeOf(err) != apierr.InvalidInput {
			t.Errorf("%q: %v", nonce, err)
		}
	}
	w.chain.GoUnavailable()
	if _, err := w.get(path); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Errorf("%v", err)
	}
}
