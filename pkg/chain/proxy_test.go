package chain_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
)

// answersOf changes the answers of a batch.
func answersOf(change func([]map[string]json.RawMessage)) func(string) string {
	return func(body string) string {
		var answers []map[string]json.RawMessage
		if err := json.Unmarshal([]byte(body), &answers); err != nil {
			return body
		}
		change(answers)
		out, err := json.Marshal(answers)
		if err != nil {
			return body
		}
		return string(out)
	}
}

// A proxy stands before one endpoint and changes what it says on the wire. Of
// two that must agree none is then believed; of three with a quorum of two the
// other two are. The order of the answers alone means nothing.
func TestProxyThatLies(t *testing.T) {
	t.Parallel()
	last := func(as []map[string]json.RawMessage, n int) map[string]json.RawMessage { return as[len(as)-1-n] }
	for name, c := range map[string]struct {
		about  []string
		change func(string) string
		all    apierr.Code // where all must agree
	}{
		"nothing":         {[]string{"eth_"}, func(b string) string { return b }, ""},
		"reordered":       {[]string{"eth_call"}, answersOf(func(as []map[string]json.RawMessage) { slices.Reverse(as) }), ""},
		"reordered heads": {[]string{"latest"}, answersOf(func(as []map[string]json.RawMessage) { slices.Reverse(as) }), ""},
		"nonce and epoch swapped": {[]string{"eth_call"}, answersOf(func(as []map[string]json.RawMessage) {
			a, b := last(as, 0), last(as, 1)
			a["id"], b["id"] = b["id"], a["id"]
		}), apierr.ChainUnavailable},
		"one answer missing": {[]string{"eth_call"}, answersOf(func(as []map[string]json.RawMessage) { clear(last(as, 0)) }), apierr.ChainUnavailable},
		"one answer twice": {[]string{"eth_call"}, answersOf(func(as []map[string]json.RawMessage) {
			last(as, 0)["id"] = last(as, 1)["id"]
		}), apierr.ChainUnavailable},
		"one answer refused": {[]string{"eth_call"}, answersOf(func(as []map[string]json.RawMessage) {
			delete(last(as, 0), "result")
			last(as, 0)["error"] = json.RawMessage(`{"code":-32000,"message":"header not found"}`)
		}), apierr.ChainUnavailable},
		"an answer that is null": {[]string{"eth_call"}, answersOf(func(as []map[string]json.RawMessage) {
			last(as, 0)["result"] = json.RawMessage(`null`)
		}), apierr.ChainUnavailable},
		"a word too many": {[]string{"eth_call"}, func(b string) string {
			return strings.Replace(b, `"result":"0x`, `"result":"0x`+strings.Repeat("0", 64), 1)
		}, apierr.ChainUnavailable},
		"a later head": {[]string{"latest"}, func(b string) string { return strings.Replace(b, `"number":"0x2"`, `"number":"0x7"`, 1) }, ""},
		"another hash": {[]string{"latest"}, func(b string) string { return cut(b, `"hash":"0x`, `"`, `"hash":"0x`+strings.Repeat("ab", 32)+`"`) }, apierr.ChainUnavailable},
	} {
		for _, size := range []int{2, 3} {
			for liar := range size {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					g, p := newGroup(t, size, 2)
					g.mine(registered)
					g.mine(func(b *fakeBlock) { b.touch, b.nonce = true, 5 })
					p.RPC[liar] = rewriting(t, g[liar].url, c.about, c.change)
					cache := newCache(t, p, nil)
					got, err := cache.State(t.Context(), chain.Query{})
					if size == 2 && c.all != "" {
						if apierr.CodeOf(err) != c.all {
							t.Fatalf("%+v, %v", got, err)
						}
						return
					}
					if err != nil || !got.Newest.Device.Active() || got.Newest.ScopeNonce != 5 || got.Newest.Epoch != 1 {
						t.Fatalf("%+v, %v", got, err)
					}
				})
			}
		}
	}
}

// What is deployed is asked of all endpoints: one that shows no code, or other
// code, proves neither.
func TestContractsAreAskedOfAll(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	good := s.profile
	for name, c := range map[string]struct {
		change func(string) string
		all    apierr.Code
	}{
		"nothing": {func(b string) string { return b }, ""},
		"no code": {answersOf(func(as []map[string]json.RawMessage) { as[0]["result"] = json.RawMessage(`"0x"`) }), apierr.ChainUnavailable},
		"other code": {answersOf(func(as []map[string]json.RawMessage) {
			as[0]["result"], as[1]["result"] = as[1]["result"], as[0]["result"]
		}), apierr.ChainUnavailable},
	} {
		for liar := range 2 {
			p := good
			_, second := newFaulty(t, good.RPC[0])
			p.RPC = []string{good.RPC[0], second}
			p.RPC[liar] = rewriting(t, good.RPC[0], []string{"eth_getCode"}, c.change)
			err := chain.CheckContracts(t.Context(), p)
			if apierr.CodeOf(err) != c.all || (err != nil) != (c.all != "") || errors.Is(err, chain.ErrNoCode) || errors.Is(err, chain.ErrOtherCode) {
				t.Errorf("%s: %v", name, err)
			}
			_, third := newFaulty(t, good.RPC[0])
			p.RPC, p.Quorum = append(p.RPC, third), 2
			if err := chain.CheckContracts(t.Context(), p); err != nil {
				t.Errorf("%s, two of three: %v", name, err)
			}
		}
	}
}
