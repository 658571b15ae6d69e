package chain_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/bindings"
	"github.com/litentry/agentkeys/pkg/passkey/p256"
)

// rewriting forwards to a good endpoint and changes the answers to requests
// that contain all of the words.
func rewriting(t *testing.T, target string, words []string, change func(body string) string) string {
	t.Helper()
	good := forward(t, target)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		rec := httptest.NewRecorder()
		good.ServeHTTP(rec, r)
		out := rec.Body.String()
		hit := true
		for _, word := range words {
			hit = hit && strings.Contains(strings.ToLower(string(body)), strings.ToLower(word))
		}
		if hit {
			out = change(out)
		}
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, out)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

const (
	no  = `"0x0000000000000000000000000000000000000000000000000000000000000000"`
	yes = `"0x0000000000000000000000000000000000000000000000000000000000000001"`
)

// A chain that says yes to a forgery, or no to a signature, is refused; one
// that does not answer is unavailable.
func TestLyingP256(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	replace := func(a, b string) func(string) string {
		return func(body string) string { return strings.ReplaceAll(body, a, b) }
	}
	for name, c := range map[string]struct {
		change func(string) string
		lie    bool
		code   apierr.Code
	}{
		"honest":           {replace("", ""), false, ""},
		"always yes":       {replace(no, yes), true, ""},
		"always no":        {replace(yes, no), true, ""},
		"nothing for no":   {replace(no, `"0x"`), true, ""},
		"a byte too many":  {replace(yes, strings.TrimSuffix(yes, `"`)+`00"`), true, ""},
		"null":             {replace(yes, "null"), false, apierr.ChainUnavailable},
		"one answer fails": {replace(`"result":`+yes, `"error":{"code":-32000,"message":"busy"}`), false, apierr.ChainUnavailable},
	} {
		p := s.profile
		p.RPC = []string{rewriting(t, s.chain.URL(), []string{p.Contracts.P256Router.Hex(), "eth_call"}, c.change)}
		err := chain.CheckContracts(t.Context(), p)
		if errors.Is(err, p256.ErrWrongAnswer) != c.lie || apierr.CodeOf(err) != c.code || (err == nil) != (!c.lie && c.code == "") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Deployment stops at a router that lies, before it builds on it.
func TestDeployRefusesALyingChain(t *testing.T) {
	t.Parallel()
	c, p := newChain(t)
	k := newKey(t)
	transactor(t, p, k)
	p.RPC = []string{rewriting(t, c.URL(), []string{"eth_call"}, func(b string) string { return strings.ReplaceAll(b, no, yes) })}
	tr, err := chain.NewTransactor(p, chain.KeySigner(k))
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	var made []string
	_, err = chain.Deploy(t.Context(), tr, chain.Deployment{
		Governance: tr.Address(), RecoveryDelay: time.Hour, Made: func(name string, _ common.Address) { made = append(made, name) },
	})
	if !errors.Is(err, p256.ErrWrongAnswer) || len(made) != 1 {
		t.Fatalf("%v after %v", err, made)
	}
}

// "No answer" about the code is never "no code".
func TestNoAnswerIsNotNoCode(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	for name, change := range map[string]func(string) string{
		"null": func(b string) string {
			i := strings.Index(b, `"0x6`)
			return b[:i] + "null" + b[i+strings.Index(b[i+1:], `"`)+2:]
		},
		"an error":  func(string) string { return `[]` },
		"not hex":   func(b string) string { return strings.Replace(b, `"0x6`, `"zz6`, 1) },
		"truncated": func(b string) string { return b[:len(b)/2] },
	} {
		p := s.profile
		p.RPC = []string{rewriting(t, s.chain.URL(), []string{"eth_getCode"}, change)}
		err := chain.CheckContracts(t.Context(), p)
		if apierr.CodeOf(err) != apierr.ChainUnavailable || errors.Is(err, chain.ErrNoCode) || errors.Is(err, chain.ErrOtherCode) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A receipt alone proves nothing: the change must show.
func TestOperationMustShow(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	o, a := s.operator(t), newAgent(t)
	o.register(t)
	if err := o.bind(t, a); err != nil {
		t.Fatal(err)
	}
	// Operations read from an endpoint on which nothing ever changes.
	f, p := newFake(t)
	f.set(func(f *fake) { f.anyBlock = true })
	p.Contracts = fakeContracts()
	still, err := chain.NewClient(p)
	if err != nil {
		t.Fatal(err)
	}
	defer still.Close()
	// It sends plain transfers to addresses without code, which succeed.
	blind := chain.NewOperations(still, s.deploy)
	for name, do := range map[string]func() error{
		"registration": func() error {
			_, err := blind.RegisterFirstMaster(t.Context(), o.registration(), o.vote(t, o.registration(), o.RegistryDomain()).Assertion)
			return err
		},
		"revocation": func() error { _, err := blind.RevokeAgent(t.Context(), a.device); return err },
		"epoch":      func() error { _, err := blind.AdvanceEpoch(t.Context(), 1); return err },
		"offer":      func() error { _, err := blind.OfferGovernance(t.Context(), o.wallet); return err },
		"withdrawal": func() error { _, err := blind.OfferGovernance(t.Context(), common.Address{}); return err },
		"acceptance": func() error { _, err := blind.AcceptGovernance(t.Context()); return err },
		"maintainer": func() error { _, err := blind.SetMaintainer(t.Context(), o.wallet); return err },
	} {
		if err := do(); !errors.Is(err, chain.ErrNotSeen) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A receipt of another transaction is refused.
func TestForeignReceipt(t *testing.T) {
	t.Parallel()
	c, p := newChain(t)
	k := newKey(t)
	transactor(t, p, k)
	p.RPC = []string{rewriting(t, c.URL(), []string{"eth_getTransactionReceipt"}, func(b string) string {
		i := strings.Index(b, `"transactionHash":"0x`)
		if i < 0 {
			return b
		}
		i += len(`"transactionHash":"0x`)
		return b[:i] + strings.Repeat("ab", 32) + b[i+64:]
	})}
	tr, err := chain.NewTransactor(p, chain.KeySigner(k))
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := tr.Send(ctx, &common.Address{1}, nil); apierr.CodeOf(err) != apierr.ChainUnavailable || !strings.Contains(err.Error(), "another one's") {
		t.Fatal(err)
	}
}

// Headers and logs that make no sense are no answer.
func TestMalformedHeaders(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		about  string
		change func(string) string
	}{
		"no block":         {"eth_chainId", func(b string) string { return cut(b, `"result":{`, `}`, `"result":null`) }},
		"no hash":          {"eth_chainId", func(b string) string { return strings.Replace(b, `"hash"`, `"hush"`, 1) }},
		"no number":        {"eth_chainId", func(b string) string { return strings.Replace(b, `"number"`, `"nember"`, 1) }},
		"no parent":        {"eth_chainId", func(b string) string { return strings.Replace(b, `"parentHash"`, `"parent"`, 1) }},
		"no time":          {"eth_chainId", func(b string) string { return strings.Replace(b, `"timestamp"`, `"time"`, 1) }},
		"no bloom":         {"eth_chainId", func(b string) string { return strings.Replace(b, `"logsBloom"`, `"bloom"`, 1) }},
		"a zero hash":      {"eth_chainId", func(b string) string { return cut(b, `"hash":"`, `"`, `"hash":`+no) }},
		"a time too great": {"eth_chainId", func(b string) string { return cut(b, `"timestamp":"`, `"`, `"timestamp":"0xffffffffffffffff"`) }},
		"no chain id":      {"eth_chainId", func(b string) string { return strings.Replace(b, `"0x63"`, "null", 1) }},
		"null":             {"eth_call", func(b string) string { return cut(b, `"result":"`, `"`, `"result":null`) }},
		"no logs":          {"eth_getLogs", func(b string) string { return cut(b, `"result":[`, `]`, `"result":null`) }},
		"another's logs": {"eth_getLogs", func(b string) string {
			return cut(b, `"result":[`, `]`, `"result":[{"address":"0x0000000000000000000000000000000000000001","topics":[],"data":"0x","transactionHash":`+no+`,"blockHash":`+no+`}]`)
		}},
		"another confirmed block": {"eth_getLogs", func(b string) string { return cut(b, `"number":"`, `"`, `"number":"0x77"`) }},
		"a confirmed block of later": {"eth_getLogs", func(b string) string {
			return cut(b, `"timestamp":"`, `"`, `"timestamp":"0xffffffffffff"`)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, p := newFake(t)
			f.mine(nil)
			if c.about == "eth_getLogs" {
				p.Confirmations = 1
			}
			p.RPC = []string{rewriting(t, f.url, []string{c.about}, c.change)}
			if _, err := newCache(t, p, nil).State(t.Context(), chain.Query{}); apierr.CodeOf(err) != apierr.ChainUnavailable {
				t.Error(err)
			}
			p.RPC = []string{rewriting(t, f.url, []string{c.about}, func(b string) string { return b })}
			if _, err := newCache(t, p, nil).State(t.Context(), chain.Query{}); err != nil {
				t.Error(err)
			}
		})
	}
}

// cut replaces from the first start to the next end after it.
func cut(s, start, end, by string) string {
	i := strings.Index(s, start)
	if i < 0 {
		return s
	}
	rest := s[i+len(start):]
	return s[:i] + by + rest[strings.Index(rest, end)+len(end):]
}

// Grants that this version does not understand grant nothing, and too many
// are no answer.
func TestUnknownGrants(t *testing.T) {
	t.Parallel()
	f, p := newFake(t)
	f.mine(func(b *fakeBlock) {
		b.grants = []bindingsGrant{
			{Service: "openai", Ops: 1}, {Service: "Not A Service", Ops: 1}, {Service: "mail", Ops: 64}, {Service: "../x", Ops: 1},
		}
	})
	c := newCache(t, p, nil)
	got, err := c.State(t.Context(), chain.Query{})
	if err != nil || len(got.Newest.Grants) != 1 || got.Newest.Grants[0].Service != name(t, "openai") {
		t.Fatal(got, err)
	}
	f.mine(func(b *fakeBlock) { b.touch, b.grants = true, make([]bindingsGrant, 65) })
	refresh(t, c)
	if _, err := c.State(t.Context(), chain.Query{}); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Fatal(err)
	}
}

// The registry is told an address that the wallet's next nonces fix: nothing
// of the wallet may be pending, and what comes elsewhere is refused.
func TestDeployNeedsConsecutiveNonces(t *testing.T) {
	t.Parallel()
	c, p := newChain(t)
	for name, x := range map[string]struct {
		about  string
		change func(string) string
		want   string
	}{
		"pending": {`"latest"`, func(b string) string { return strings.Replace(b, `"0x0"`, `"0x1"`, 1) }, "transactions pending"},
		"elsewhere": {"eth_getTransactionReceipt", func(b string) string {
			return cut(b, `"contractAddress":"`, `"`, `"contractAddress":"0x00000000000000000000000000000000000000aa"`)
		}, "sent something in between"},
		"null": {`"latest"`, func(b string) string { return strings.Replace(b, `"0x0"`, "null", 1) }, "chain_unavailable"},
	} {
		k := newKey(t)
		transactor(t, p, k)
		q := p
		q.RPC = []string{rewriting(t, c.URL(), []string{x.about}, x.change)}
		tr, err := chain.NewTransactor(q, chain.KeySigner(k))
		if err != nil {
			t.Fatal(err)
		}
		_, err = chain.Deploy(t.Context(), tr, chain.Deployment{Governance: tr.Address(), RecoveryDelay: time.Hour})
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %q", name, err, x.want)
		}
		tr.Close()
	}
}

// The contracts must name each other when asked, too.
func TestWiringIsAsked(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	p := s.profile
	word := func(a common.Address) string { return strings.ToLower(a.Hex()[2:]) }
	selector := hexutil.Encode(bindings.NewSidecarRegistry().PackK11Verifier())
	for _, a := range []common.Address{p.Contracts.K11Verifier, p.Contracts.Scope, p.Contracts.Registry} {
		p.RPC = []string{rewriting(t, s.chain.URL(), []string{selector}, func(b string) string {
			return strings.ReplaceAll(b, word(a), word(common.Address{19: 9}))
		})}
		if err := chain.CheckContracts(t.Context(), p); !errors.Is(err, chain.ErrWiring) {
			t.Errorf("%s: %v", a, err)
		}
	}
}

// An endpoint that counts late what it was sent does not make the wallet use a
// nonce twice.
func TestNonceIsNotUsedTwice(t *testing.T) {
	t.Parallel()
	c, p := newChain(t)
	k := newKey(t)
	transactor(t, p, k)
	p.RPC = []string{rewriting(t, c.URL(), []string{"eth_getTransactionCount"}, func(b string) string {
		var answers []map[string]json.RawMessage
		if err := json.Unmarshal([]byte(b), &answers); err != nil || len(answers) < 2 {
			return b
		}
		answers[1]["result"] = json.RawMessage(`"0x0"`)
		out, err := json.Marshal(answers)
		if err != nil {
			return b
		}
		return string(out)
	})}
	tr, err := chain.NewTransactor(p, chain.KeySigner(k))
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	for range 3 {
		if _, err := tr.Send(t.Context(), &common.Address{1}, nil); err != nil {
			t.Fatal(err)
		}
	}
}
