package chain_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
)

// A question is put again when that may help, and a bounded number of times.
func TestQuestionsAreRepeated(t *testing.T) {
	t.Parallel()
	status := func(code int) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(code); return true }
	}
	huge := func(w http.ResponseWriter, _ *http.Request) bool {
		w.Write([]byte(`[{"jsonrpc":"2.0","id":1,"result":"` + strings.Repeat("0", 1<<20) + `"}]`))
		return true
	}
	for name, c := range map[string]struct {
		do       func(http.ResponseWriter, *http.Request) bool
		times    int64 // how often it does so
		attempts int64
		code     apierr.Code
	}{
		"never":            {drop, 0, 1, ""},
		"dropped once":     {drop, 1, 2, ""},
		"dropped twice":    {drop, 2, 3, ""},
		"dropped for ever": {drop, 99, 3, apierr.ChainUnavailable},
		"too busy twice":   {status(429), 2, 3, ""},
		"bad gateway once": {status(502), 1, 2, ""},
		"forbidden":        {status(403), 99, 1, apierr.ChainUnavailable},
		"not found":        {status(404), 99, 1, apierr.ChainUnavailable},
		"redirected": {func(w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, "/x", http.StatusTemporaryRedirect)
			return true
		}, 99, 1, apierr.ChainUnavailable},
		"an answer without end":   {huge, 99, 1, apierr.ChainUnavailable},
		"an answer without sense": {func(w http.ResponseWriter, _ *http.Request) bool { w.Write([]byte("[]")); return true }, 1, 1, apierr.ChainUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, p := newFake(t)
			px, u := newFaulty(t, f.url)
			p.RPC = []string{u}
			cache := newCache(t, p, func(_ *chain.Profile, o *chain.Options) { o.MaxResponse = 256 << 10 })
			nonce(t, cache)
			var n atomic.Int64
			px.set(func(w http.ResponseWriter, r *http.Request) bool {
				return n.Add(1) <= c.times && c.do(w, r)
			})
			_, err := cache.Resolve(t.Context(), common.Address{1})
			if apierr.CodeOf(err) != c.code || (err != nil) != (c.code != "") {
				t.Error(err)
			}
			if n.Load() != c.attempts {
				t.Errorf("%d attempts, want %d", n.Load(), c.attempts)
			}
		})
	}
}

// A transaction is sent once, whatever becomes of the answer; what leads to it
// may be asked again.
func TestTransactionsAreSentOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lose  string // the answers to which are lost
		times int64
		ok    bool
	}{
		"the answer is lost":         {"eth_sendRawTransaction", 9, false},
		"the preparation fails once": {"eth_estimateGas", 1, true},
		"nothing":                    {"", 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dev, p := newChain(t)
			k := newKey(t)
			transactor(t, p, k)
			px, u := newFaulty(t, dev.URL())
			p.RPC = []string{u}
			good := forward(t, dev.URL())
			var sent, lost atomic.Int64
			px.set(func(w http.ResponseWriter, r *http.Request) bool {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					return true
				}
				r.Body = io.NopCloser(bytes.NewReader(body))
				if bytes.Contains(body, []byte("eth_sendRawTransaction")) {
					sent.Add(1)
				}
				if c.lose == "" || !bytes.Contains(body, []byte(c.lose)) || lost.Add(1) > c.times {
					return false
				}
				good.ServeHTTP(discard{}, r)
				return drop(w, r)
			})
			tr, err := chain.NewTransactor(p, chain.KeySigner(k))
			if err != nil {
				t.Fatal(err)
			}
			defer tr.Close()
			_, err = tr.Send(t.Context(), &common.Address{1}, nil)
			if c.ok != (err == nil) || (!c.ok && apierr.CodeOf(err) != apierr.ChainUnavailable) {
				t.Error(err)
			}
			if sent.Load() != 1 {
				t.Errorf("sent %d times", sent.Load())
			}
		})
	}
}

type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)             {}

// Deployment over a connection that loses the answer to one transaction ends
// there: nothing is sent twice, and nothing is built on what nobody saw.
func TestPlainDeployNeverSendsTwice(t *testing.T) {
	t.Parallel()
	for lost := range 7 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			dev, p := newChain(t)
			k := newKey(t)
			transactor(t, p, k)
			px, u := newFaulty(t, dev.URL())
			p.RPC = []string{u}
			good := forward(t, dev.URL())
			var mu sync.Mutex // guards sent and asked
			sent, asked := map[string]int{}, 0
			px.set(func(w http.ResponseWriter, r *http.Request) bool {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					return true
				}
				r.Body = io.NopCloser(bytes.NewReader(body))
				mu.Lock()
				defer mu.Unlock()
				if !bytes.Contains(body, []byte("eth_sendRawTransaction")) {
					asked++
					return asked%2 == 1 && drop(w, r) // every other question is lost
				}
				_, raw, _ := strings.Cut(string(body), `"params":`)
				sent[raw]++
				if len(sent) != lost+1 {
					return false
				}
				good.ServeHTTP(discard{}, r)
				return drop(w, r)
			})
			tr, err := chain.NewTransactor(p, chain.KeySigner(k))
			if err != nil {
				t.Fatal(err)
			}
			defer tr.Close()
			_, err = chain.Deploy(t.Context(), tr, chain.Deployment{Governance: tr.Address(), RecoveryDelay: time.Minute})
			if apierr.CodeOf(err) != apierr.ChainUnavailable {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			for raw, n := range sent {
				if n != 1 {
					t.Errorf("sent %d times: %.40s", n, raw)
				}
			}
			if len(sent) != lost+1 {
				t.Errorf("%d transactions were sent, %d expected", len(sent), lost+1)
			}
		})
	}
}
