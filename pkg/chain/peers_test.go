package chain_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// peersEnv lists the chains against which this suite runs, separated by
// commas: devchain, or anvil:PATH. Unset: devchain.
const peersEnv = "AGENTKEYS_TEST_CHAINS"

// peer is a chain that somebody else could have written.
type peer struct {
	url, ws string // ws may be absent
	id      uint64
	// reorg replaces the newest blocks by as many empty ones, mine appends
	// empty ones; nil where the chain cannot.
	reorg, mine func(t *testing.T, blocks int)
}

// TestPeers runs the contracts and the cache on other chains than the fakes.
func TestPeers(t *testing.T) {
	t.Parallel()
	list := os.Getenv(peersEnv)
	if list == "" {
		list = "devchain"
	}
	for entry := range strings.SplitSeq(list, ",") {
		name, path, _ := strings.Cut(entry, ":")
		start := map[string]func(*testing.T) peer{
			"devchain": func(t *testing.T) peer {
				c, p := newChain(t)
				return peer{url: c.URL(), id: p.ChainID}
			},
			"anvil": func(t *testing.T) peer { return startAnvil(t, path) },
		}[name]
		if start == nil {
			t.Fatalf("%s: %q is neither devchain nor anvil:PATH", peersEnv, entry)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Run("follow", func(t *testing.T) { t.Parallel(); peerFollows(t, start(t)) })
			if name == "devchain" {
				return // it has no reorganisations and no subscriptions
			}
			t.Run("subscription", func(t *testing.T) { t.Parallel(); peerWakes(t, start(t)) })
			for _, depth := range []int{1, 3, 12} {
				t.Run(fmt.Sprintf("reorg of %d", depth), func(t *testing.T) { t.Parallel(); peerReorgs(t, start(t), depth) })
			}
		})
	}
}

// newPeerStack deploys the contracts and registers an operator with an agent.
func newPeerStack(t *testing.T, pe peer) (*stack, *operator, agent) {
	t.Helper()
	s := &stack{profile: chain.Profile{
		Name: "peer", ChainID: pe.id, RPC: []string{pe.url},
		// Blocks that are made at once run ahead of the clock.
		MaxHeadAge: 10 * time.Minute, PollInterval: time.Hour,
	}}
	s.deploy = transactor(t, s.profile, newKey(t))
	var err error
	s.profile.Contracts, err = chain.Deploy(t.Context(), s.deploy, chain.Deployment{Governance: s.deploy.Address(), RecoveryDelay: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	o, a := s.operator(t), newAgent(t)
	o.register(t)
	if err := o.bind(t, a); err != nil {
		t.Fatal(err)
	}
	return s, o, a
}

// follower is a cache that asks the peer through two endpoints.
func (s *stack) follower(t *testing.T, confirmations uint64) *chain.Cache {
	t.Helper()
	_, second := newFaulty(t, s.profile.RPC[0])
	return s.cache(t, func(p *chain.Profile, o *chain.Options) {
		p.RPC = append(p.RPC[:1:1], second)
		p.Confirmations = confirmations
		o.Now = func() time.Time { return time.Now().Add(2 * time.Minute) }
	})
}

func peerFollows(t *testing.T, pe peer) {
	s, o, a := newPeerStack(t, pe)
	if err := chain.CheckContracts(t.Context(), s.profile); err != nil {
		t.Fatal(err)
	}
	c := s.follower(t, 0)
	grants(t, c, o, a, 0, 0)
	o.grant(t, a, typeddata.Grant{Service: name(t, "openai"), Ops: service.Read})
	refresh(t, c)
	grants(t, c, o, a, 1, 1)
	if id, err := c.Resolve(t.Context(), a.addr); err != nil || id.Agreed().Actor != a.actor {
		t.Fatal(id, err)
	}
	if _, err := o.RevokeAgent(t.Context(), a.device); err != nil {
		t.Fatal(err)
	}
	refresh(t, c)
	p, err := c.State(t.Context(), o.query(a))
	if err != nil || p.Newest.Device.Active() || p.Confirmed.Device.Active() {
		t.Fatalf("%+v, %v", p, err)
	}
}

// grants says how many grants the newest and the confirmed block must show. A
// decision needs both.
func grants(t *testing.T, c *chain.Cache, o *operator, a agent, newest, confirmed int) {
	t.Helper()
	for range 2 { // cold and warm
		p, err := c.State(t.Context(), o.query(a))
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Newest.Grants) != newest || len(p.Confirmed.Grants) != confirmed {
			t.Fatalf("%d grants at the newest block, %d at the confirmed one; want %d and %d", len(p.Newest.Grants), len(p.Confirmed.Grants), newest, confirmed)
		}
	}
}

func peerWakes(t *testing.T, pe peer) {
	s, o, a := newPeerStack(t, pe)
	s.profile.Wake = []string{pe.ws}
	c := s.follower(t, 0)
	grants(t, c, o, a, 0, 0)
	eventually(t, "subscribed", func() bool { return c.Stats().Subscriptions == 1 })
	o.grant(t, a, typeddata.Grant{Service: name(t, "openai"), Ops: service.Read})
	eventually(t, "seen without a poll", func() bool {
		p, err := c.State(t.Context(), o.query(a))
		return err == nil && len(p.Newest.Grants) == 1
	})
}

// What stood in blocks that were reorganised away is not allowed any more, and
// what has not the confirmations is not allowed yet.
func peerReorgs(t *testing.T, pe peer, depth int) {
	s, o, a := newPeerStack(t, pe)
	pe.mine(t, 15) // so that only what follows is reorganised
	deep, shallow := s.follower(t, uint64(depth)), s.follower(t, 0)
	look := func() { refresh(t, deep); refresh(t, shallow) }
	look()
	grants(t, deep, o, a, 0, 0)

	openai := typeddata.Grant{Service: name(t, "openai"), Ops: service.Read}
	o.grant(t, a, openai)
	pe.mine(t, depth-1)
	look()
	grants(t, shallow, o, a, 1, 1)
	grants(t, deep, o, a, 1, 0) // a block short of its confirmations

	pe.reorg(t, depth)
	look()
	grants(t, shallow, o, a, 0, 0)
	grants(t, deep, o, a, 0, 0)

	o = o.again(t, s)
	o.grant(t, a, openai)
	pe.mine(t, depth)
	look()
	grants(t, deep, o, a, 1, 1)
	grants(t, shallow, o, a, 1, 1)

	// A revocation counts from its first block on, and one that was
	// reorganised away does not count.
	rs := typeddata.RevokeScope{Operator: o.omni, Actor: a.actor, Nonce: 1, Deadline: o.deadline()}
	if _, err := o.RevokeScope(t.Context(), rs, o.vote(t, rs, o.ScopeDomain())); err != nil {
		t.Fatal(err)
	}
	pe.mine(t, depth-1)
	look()
	grants(t, deep, o, a, 0, 1)
	grants(t, shallow, o, a, 0, 0)
	pe.reorg(t, depth)
	look()
	grants(t, deep, o, a, 1, 1)
	grants(t, shallow, o, a, 1, 1)
}

// again is the operator with a wallet that counts its transactions anew: some
// were reorganised away.
func (o *operator) again(t *testing.T, s *stack) *operator {
	t.Helper()
	tr, err := chain.NewTransactor(s.profile, chain.KeySigner(o.key))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tr.Close() })
	cl, err := chain.NewClient(s.profile)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cl.Close() })
	fresh := *o
	fresh.Operations = chain.NewOperations(cl, tr)
	return &fresh
}

// anvilChainID is what anvil is told to be.
const anvilChainID = 31337

func startAnvil(t *testing.T, path string) peer {
	t.Helper()
	cmd := exec.Command(path, "--hardfork", "london", "--host", "127.0.0.1", "--port", "0", "--chain-id", fmt.Sprint(anvilChainID))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Kill(); err != nil {
			t.Log(err)
		}
		var ended *exec.ExitError
		if err := cmd.Wait(); err != nil && !errors.As(err, &ended) {
			t.Log(err)
		}
	})
	var address string
	lines := bufio.NewScanner(out)
	for address == "" && lines.Scan() {
		if _, a, ok := strings.Cut(lines.Text(), "Listening on "); ok {
			address = strings.TrimSpace(a)
		}
	}
	if address == "" {
		t.Fatalf("%s did not say where it listens: %v", path, lines.Err())
	}
	go io.Copy(io.Discard, out) // or it would stop at a full pipe
	url := "http://" + address
	call := func(t *testing.T, method string, args ...any) {
		t.Helper()
		if err := callOnce(t.Context(), url, method, args...); err != nil {
			t.Fatal(err)
		}
	}
	return peer{
		url: withFaucet(t, url), ws: "ws://" + address, id: anvilChainID,
		mine:  func(t *testing.T, n int) { t.Helper(); call(t, "anvil_mine", n) },
		reorg: func(t *testing.T, n int) { t.Helper(); call(t, "anvil_reorg", n, []any{}) },
	}
}

func callOnce(ctx context.Context, url, method string, args ...any) error {
	c, err := rpc.DialContext(ctx, url)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.CallContext(ctx, nil, method, args...); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	return nil
}

// withFaucet answers the development chain's faucet for a chain that calls it
// something else, and forwards the rest.
func withFaucet(t *testing.T, url string) string {
	t.Helper()
	rest := forward(t, url)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		var asked []struct {
			ID     json.RawMessage  `json:"id"`
			Method string           `json:"method"`
			Params []common.Address `json:"params"`
		}
		if !bytes.Contains(body, []byte(`"dev_fund"`)) || json.Unmarshal(body, &asked) != nil || len(asked) != 1 || len(asked[0].Params) != 1 {
			r.Body = io.NopCloser(bytes.NewReader(body))
			rest.ServeHTTP(w, r)
			return
		}
		const much = "0x56bc75e2d63100000" // 100 ether
		if err := callOnce(r.Context(), url, "anvil_setBalance", asked[0].Params[0], much); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `[{"jsonrpc":"2.0","id":%s,"result":%q}]`, asked[0].ID, much)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}
