package keeper_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keeper"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// sent is how many transactions governance has sent.
func (k *kit) sent() uint64 {
	k.t.Helper()
	return must[uint64](k.t)(k.chain.Sent(k.t.Context(), crypto.PubkeyToAddress(k.governance.PublicKey)))
}

var checkValue = regexp.MustCompile(`\\"check\\":\\"[0-9a-f]{16}\\"`)

// same fails unless every host holds every epoch to n, with one key for each.
func same(t testing.TB, n uint64, hosts ...*host) {
	t.Helper()
	var first keys.Status
	for i, h := range hosts {
		check(t, h.keyring.Refresh(t.Context()))
		st := h.keyring.Status()
		if i == 0 {
			first = st
		}
		if uint64(len(st.Epochs)) != n || st.HighWater != n {
			t.Fatalf("%s holds %d epochs and seals under %d, not %d", h.url, len(st.Epochs), st.HighWater, n)
		}
		for j, e := range st.Epochs {
			if e.Epoch != uint64(j+1) || e.Check == "" || e.Check != first.Epochs[j].Check {
				t.Fatalf("%s: place %d has epoch %d, %s against %s", h.url, j, e.Epoch, e.Check, first.Epochs[j].Check)
			}
		}
	}
}

func TestRotate(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	own := k.dial(nil)

	before := k.sent()
	if out := k.rotateTo(1, own); out.From != 1 || out.To != 1 || len(out.Epochs) != 0 || k.sent() != before {
		t.Errorf("a target that is reached: %+v, %d transactions", out, k.sent()-before)
	}
	out := k.rotateTo(4, own)
	if out.From != 1 || out.To != 4 || len(out.Epochs) != 3 || k.sent() != before+3 {
		t.Errorf("three ahead: %+v, %d transactions", out, k.sent()-before)
	}
	for i, e := range out.Epochs {
		if e.Epoch != uint64(i+2) || len(e.Check) != 16 || e.Tx == [32]byte{} || e.Gas == 0 {
			t.Errorf("step %d: %+v", i, e)
		}
	}
	r := keeper.Rotation{Chain: k.chain, Operations: k.operations(nil, ""), Signers: []*keeper.Signer{own}}
	if out, err := r.Run(t.Context(), 3); !errors.Is(err, keeper.ErrBackward) || len(out.Epochs) != 0 {
		t.Errorf("backward: %+v %v", out, err)
	}
	r.Signers = nil
	if _, err := r.Run(t.Context(), 5); err == nil || !strings.Contains(err.Error(), "no signer is named") {
		t.Errorf("without a signer: %v", err)
	}
	if k.sent() != before+3 || k.epoch() != 4 {
		t.Errorf("what was refused moved the chain to %d", k.epoch())
	}
}

// TestPrepareOnly makes the key and sends nothing, twice.
func TestPrepareOnly(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	before := k.sent()
	r := keeper.Rotation{Chain: k.chain, Signers: []*keeper.Signer{k.dial(nil)}}
	var value string
	for range 2 {
		out := must[keeper.Rotated](t)(r.Run(t.Context(), 3))
		if len(out.Epochs) != 1 || out.To != 1 || out.Epochs[0].Epoch != 2 || value != "" && out.Epochs[0].Check != value {
			t.Errorf("%+v after %q", out, value)
		}
		value = out.Epochs[0].Check
	}
	if k.sent() != before || k.epoch() != 1 {
		t.Error("something was sent")
	}
}

func TestRotateAtThree(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	hosts := k.hosts(3)
	r, old := sealed(t, hosts[0])
	k.rotateTo(3, must[[]*keeper.Signer](t)(k.dialAll(t.Context(), nil, hosts...))...)
	same(t, 3, hosts...)
	for _, h := range hosts {
		opens(t, h, r, old)
	}
	// Any of them may be named first, and what one seals the others open.
	k.rotateTo(4, must[[]*keeper.Signer](t)(k.dialAll(t.Context(), nil, hosts[2], hosts[0], hosts[1]))...)
	same(t, 4, hosts...)
	r, fresh := sealed(t, hosts[1])
	opens(t, hosts[2], r, fresh)
}

// TestRotateStopsWhereSignersDiffer: nothing is sent, and nothing is made.
func TestRotateStopsWhereSignersDiffer(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	ours, theirs := k.hosts(2), k.hosts(1)
	before := k.sent()
	run := func(hosts ...*host) error {
		t.Helper()
		r := keeper.Rotation{Chain: k.chain, Operations: k.operations(nil, ""), Signers: must[[]*keeper.Signer](t)(k.dialAll(t.Context(), nil, hosts...))}
		_, err := r.Run(t.Context(), 2)
		return err
	}
	if err := run(ours[0], theirs[0]); !errors.Is(err, keeper.ErrSignersDiffer) || !strings.Contains(err.Error(), "another lineage") {
		t.Errorf("another lineage: %v", err)
	}
	// Somebody in between who shows another key for an old epoch.
	forward := httputil.NewSingleHostReverseProxy(must[*url.URL](t)(url.Parse(ours[1].url)))
	forward.ModifyResponse = func(resp *http.Response) error {
		_, err := rewrite(resp, func(raw []byte) ([]byte, error) {
			return checkValue.ReplaceAll(raw, []byte(`\"check\":\"0000000000000000\"`)), nil
		})
		return err
	}
	liar := httptest.NewServer(forward)
	t.Cleanup(liar.Close)
	lying := *ours[1]
	lying.url = liar.URL
	if err := run(ours[0], &lying); !errors.Is(err, dek.ErrAnswer) {
		t.Errorf("another key, signed by nobody: %v", err)
	}
	for _, h := range append(ours, theirs...) {
		check(t, h.keyring.Refresh(t.Context()))
		if n := len(h.keyring.Status().Epochs); n != 1 {
			t.Errorf("%s holds %d epochs", h.url, n)
		}
	}
	if k.sent() != before || k.epoch() != 1 {
		t.Errorf("it went on: epoch %d", k.epoch())
	}
	if err := run(ours...); err != nil {
		t.Errorf("the same two without a fault: %v", err)
	}
}

func TestSignerIsPinned(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	hosts := k.hosts(2)
	if _, err := keeper.Dial(t.Context(), k.config(hosts[0].url, hosts[1].pin, nil)); !errors.Is(err, keeper.ErrUnpinned) {
		t.Errorf("a signer with another's pin: %v", err)
	}
	// The right answer to the right request, but another signer's word for it.
	swapped := &resigned{by: hosts[1].identity}
	prepare := func(web *http.Client) error {
		t.Helper()
		_, err := must[*keeper.Signer](t)(keeper.Dial(t.Context(), k.config(hosts[0].url, hosts[0].pin, web))).Prepare(t.Context(), 2)
		return err
	}
	if err := prepare(&http.Client{Transport: swapped}); !errors.Is(err, dek.ErrAnswer) {
		t.Errorf("signed by another signer: %v", err)
	}
	swapped.by = hosts[0].identity
	if err := prepare(&http.Client{Transport: swapped}); err != nil {
		t.Errorf("the same answer under its own key: %v", err)
	}
	// What it signed for an earlier request.
	earlier := &replayed{}
	if err := prepare(&http.Client{Transport: earlier}); err != nil {
		t.Fatal(err)
	}
	if err := prepare(&http.Client{Transport: earlier}); !errors.Is(err, dek.ErrAnswer) {
		t.Errorf("an answer to another request: %v", err)
	}
}

// resigned passes answers on under another signature.
type resigned struct{ by jose.PrivateKey }

func (s *resigned) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodPost {
		return http.DefaultTransport.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	return rewrite(resp, func(raw []byte) ([]byte, error) {
		var was dek.Signed
		var said api.Epoch
		if err := errors.Join(strictjson.DecodeAnswer(raw, &was), strictjson.DecodeAnswer([]byte(was.Body), &said)); err != nil {
			return nil, err
		}
		now, err := dek.Sign(s.by, dek.RequestHash(r.URL.Path, body, r.Header.Get("Dpop")), said)
		if err != nil {
			return nil, err
		}
		return strictjson.Encode(now)
	})
}

// replayed answers every request as the first.
type replayed struct{ first []byte }

func (p *replayed) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || r.Method != http.MethodPost {
		return resp, err
	}
	return rewrite(resp, func(raw []byte) ([]byte, error) {
		if p.first == nil {
			p.first = raw
		}
		return p.first, nil
	})
}

// rewrite changes the body of an answer.
func rewrite(resp *http.Response, change func([]byte) ([]byte, error)) (*http.Response, error) {
	raw, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err == nil {
		raw, err = change(raw)
	}
	if err != nil {
		return nil, err
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	resp.Header.Set("Content-Length", strconv.Itoa(len(raw)))
	return resp, nil
}

// TestTwoRotationsAtOnce: both are after the same epoch, over the same signers
// in another order. Whatever they answer, the signers hold one key for it.
func TestTwoRotationsAtOnce(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	hosts := k.hosts(2)
	for round := range uint64(5) {
		target := round + 2
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i, order := range [][]*host{{hosts[0], hosts[1]}, {hosts[1], hosts[0]}} {
			r := keeper.Rotation{Chain: k.chain, Operations: k.operations(nil, ""), Signers: must[[]*keeper.Signer](t)(k.dialAll(t.Context(), nil, order...))}
			wg.Go(func() { _, errs[i] = r.Run(t.Context(), target) })
		}
		wg.Wait()
		if errs[0] != nil && errs[1] != nil {
			t.Logf("round %d: neither came through: %v; %v", round, errs[0], errs[1])
			k.rotateTo(target, must[[]*keeper.Signer](t)(k.dialAll(t.Context(), nil, hosts...))...)
		}
		if got := k.epoch(); got != target {
			t.Fatalf("round %d: the chain is at %d, not %d", round, got, target)
		}
		for _, h := range hosts { // the mark of one that was not asked to the end
			check(t, h.keyring.Raise(t.Context(), target))
		}
		same(t, target, hosts...)
	}
}
