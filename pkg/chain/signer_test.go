package chain_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
)

// Who is about to sign believes no single endpoint: what one of them made up
// would come true by the signature.
func TestWhoSignsAsksAll(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	o := s.operator(t)
	o.register(t)
	// An endpoint that turns the threshold 1 into 0.
	liar := rewriting(t, s.chain.URL(), []string{"eth_call"}, func(b string) string { return strings.ReplaceAll(b, yes, no) })
	_, other := newFaulty(t, s.chain.URL())
	for name, c := range map[string]struct {
		rpc  []string
		want apierr.Code
	}{
		"honest":              {[]string{s.chain.URL(), other}, ""},
		"the first one lies":  {[]string{liar, s.chain.URL()}, apierr.ChainUnavailable},
		"the second one lies": {[]string{s.chain.URL(), liar}, apierr.ChainUnavailable},
	} {
		p := s.profile
		p.RPC = c.rpc
		cl, err := chain.NewClient(p)
		if err != nil {
			t.Fatal(err)
		}
		defer cl.Close()
		st, err := cl.Standing(t.Context(), o.omni)
		if apierr.CodeOf(err) != c.want || c.want == "" && st.Threshold != 1 {
			t.Errorf("%s: threshold %d, %v", name, st.Threshold, err)
		}
	}
}

// An endpoint names the price, within reason.
func TestFeesAreBounded(t *testing.T) {
	t.Parallel()
	dev, p := newChain(t)
	k := newKey(t)
	transactor(t, p, k)
	for name, c := range map[string]struct {
		tip  string
		want error
	}{
		"a price":            {"0x1", nil},
		"beyond all reason":  {"0x9184e72a000", chain.ErrFee}, // 10^13 wei
		"all that there are": {"0xffffffffffffffffffffffffffffffff", chain.ErrFee},
	} {
		var sent atomic.Bool
		px, u := newFaulty(t, dev.URL())
		px.set(func(_ http.ResponseWriter, r *http.Request) bool {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return true
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			if bytes.Contains(body, []byte("eth_sendRawTransaction")) {
				sent.Store(true)
			}
			return false
		})
		q := p
		q.RPC = []string{rewriting(t, u, []string{"eth_maxPriorityFeePerGas"}, func(b string) string { return priced(t, b, c.tip) })}
		tr, err := chain.NewTransactor(q, chain.KeySigner(k))
		if err != nil {
			t.Fatal(err)
		}
		defer tr.Close()
		_, err = tr.Send(t.Context(), &common.Address{1}, nil)
		if !errors.Is(err, c.want) || (c.want == nil) != (err == nil) {
			t.Errorf("%s: %v", name, err)
		}
		if sent.Load() != (c.want == nil) {
			t.Errorf("%s: sent is %t", name, sent.Load())
		}
	}
}

// priced puts a tip into the answer to what prepares a transaction.
func priced(t *testing.T, answer, tip string) string {
	var all []map[string]any
	if err := json.Unmarshal([]byte(answer), &all); err != nil || len(all) != 5 {
		t.Errorf("%v: %s", err, answer)
		return answer
	}
	all[3]["result"] = tip
	out, err := json.Marshal(all)
	if err != nil {
		t.Error(err)
	}
	return string(out)
}
