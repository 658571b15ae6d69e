package anchor_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
)

// swallowing stands before an endpoint and says that it took transactions, of
// which it passes the first ones on to nobody.
type swallowing struct {
	mu    sync.Mutex // guards everything below
	left  int
	taken []*types.Transaction
}

func (s *swallowing) front(t *testing.T, target string) string {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	rest := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(u); r.Out.Host = u.Host }}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if !s.swallow(w, body) {
			rest.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func (s *swallowing) swallow(w http.ResponseWriter, body []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	var calls []struct {
		ID     json.RawMessage `json:"id"`
		Params []hexutil.Bytes `json:"params"`
	}
	if s.left == 0 || !bytes.Contains(body, []byte(`"eth_sendRawTransaction"`)) || json.Unmarshal(body, &calls) != nil || len(calls) != 1 {
		return false
	}
	tx := new(types.Transaction)
	if err := tx.UnmarshalBinary(calls[0].Params[0]); err != nil {
		return false
	}
	s.left--
	s.taken = append(s.taken, tx)
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `[{"jsonrpc":"2.0","id":%s,"result":%q}]`, calls[0].ID, tx.Hash())
	return true
}
