package chain_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/solidity"
)

// hasty is patience for tests.
func hasty() chain.Patience {
	return chain.Patience{Attempts: 4, Pause: time.Millisecond, Block: time.Minute}
}

func inspector(t *testing.T, p chain.Profile, now func() time.Time) *chain.Inspector {
	t.Helper()
	i, err := chain.NewInspector(p, hasty(), now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { i.Close() })
	return i
}

// deployer is a funded wallet on a fresh chain behind a proxy.
type deployer struct {
	t       *testing.T
	profile chain.Profile // of the proxy
	key     *ecdsa.PrivateKey
	proxy   *lossy
	direct  *ethclient.Client
}

func newDeployer(t *testing.T) *deployer {
	t.Helper()
	c, p := newChain(t)
	k := newKey(t)
	transactor(t, p, k)
	direct, err := ethclient.DialContext(t.Context(), c.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(direct.Close)
	d := &deployer{t: t, profile: p, key: k, direct: direct}
	d.proxy = newLossy(t, c.URL())
	d.profile.RPC = []string{d.proxy.url}
	return d
}

func (d *deployer) wallet() common.Address { return crypto.PubkeyToAddress(d.key.PublicKey) }

func (d *deployer) wish() chain.Deployment {
	return chain.Deployment{Governance: d.wallet(), RecoveryDelay: 48 * time.Hour}
}

func (d *deployer) plan(redeploy bool) (*chain.Plan, error) {
	d.t.Helper()
	return inspector(d.t, d.profile, time.Now).Plan(d.t.Context(), d.wallet(), d.wish(), redeploy)
}

func (d *deployer) run(ctx context.Context, w chain.Deployment) (*chain.Plan, error) {
	d.t.Helper()
	i := inspector(d.t, d.profile, time.Now)
	p, err := i.Plan(ctx, d.wallet(), w, false)
	if err != nil {
		return p, err
	}
	_, err = i.Deploy(ctx, p, chain.KeySigner(d.key), w)
	return p, err
}

// sent is how many transactions the chain ever took of the wallet.
func (d *deployer) sent() uint64 {
	d.t.Helper()
	n, err := d.direct.NonceAt(d.t.Context(), d.wallet(), nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

func all() uint64 { return uint64(len(solidity.DeployOrder())) }

// lossy forwards to a chain and loses what it is told to.
type lossy struct {
	url string

	mu   sync.Mutex // guards lose
	lose func(body []byte) loss
	raw  atomic.Int64 // how many transactions were handed over
}

type loss int

const (
	nothing    loss = iota
	theRequest      // the chain never hears of it
	theAnswer       // the chain does what was asked
)

func newLossy(t *testing.T, target string) *lossy {
	t.Helper()
	l := &lossy{}
	to := forward(t, target)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		if isSend(body) {
			l.raw.Add(1)
		}
		l.mu.Lock()
		what := nothing
		if l.lose != nil {
			what = l.lose(body)
		}
		l.mu.Unlock()
		r.Body = io.NopCloser(bytes.NewReader(body))
		switch what {
		case theRequest:
			drop(w, r)
		case theAnswer:
			to.ServeHTTP(httptest.NewRecorder(), r)
			drop(w, r)
		default:
			to.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	l.url = srv.URL
	return l
}

func (l *lossy) set(lose func([]byte) loss) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lose = lose
}

func isSend(body []byte) bool { return bytes.Contains(body, []byte("eth_sendRawTransaction")) }

// Deploying twice is deploying once, whether the addresses were written down or
// not.
func TestDeployIsIdempotent(t *testing.T) {
	t.Parallel()
	d := newDeployer(t)
	p, err := d.run(t.Context(), d.wish())
	if err != nil || p.Pending() != int(all()) || d.sent() != all() {
		t.Fatalf("%v, %d sent", err, d.sent())
	}
	if p.Cost.Sign() <= 0 || p.Balance.Cmp(p.Cost) <= 0 {
		t.Errorf("cost %s, balance %s", p.Cost, p.Balance)
	}
	again, err := d.run(t.Context(), d.wish())
	if err != nil || again.Pending() != 0 || again.Contracts != p.Contracts {
		t.Fatalf("not written down: %v, %d pending, %+v", err, again.Pending(), again.Contracts)
	}
	d.profile.Contracts = p.Contracts
	again, err = d.run(t.Context(), d.wish())
	if err != nil || len(again.Steps) != 0 || again.Contracts != p.Contracts {
		t.Fatalf("written down: %v, %+v", err, again)
	}
	if d.sent() != all() {
		t.Errorf("%d transactions", d.sent())
	}
	if err := chain.CheckContracts(t.Context(), d.profile); err != nil {
		t.Error(err)
	}
	// What another recovery delay asks for is another deployment.
	d.profile.Contracts = chain.Contracts{}
	other := d.wish()
	other.RecoveryDelay = time.Hour
	more, err := d.run(t.Context(), other)
	if err != nil || more.Pending() != int(all()) {
		t.Fatal(err, more.Pending())
	}
}

// The answer to a transaction is lost after the chain took it: it is looked
// for, and not sent again.
func TestPlannedDeployIsNeverSentTwice(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]loss{"the answer": theAnswer, "the request": theRequest} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDeployer(t)
			n := 0
			d.proxy.set(func(body []byte) loss {
				if !isSend(body) {
					return nothing
				}
				if n++; n%2 == 1 {
					return lose
				}
				return nothing
			})
			if _, err := d.run(t.Context(), d.wish()); err != nil {
				t.Fatal(err)
			}
			if d.sent() != all() {
				t.Errorf("%d transactions", d.sent())
			}
			if lose == theAnswer && d.proxy.raw.Load() != int64(all()) {
				t.Errorf("handed over %d times", d.proxy.raw.Load())
			}
		})
	}
}

// The endpoint falls silent for good after it took the n-th transaction; later
// another process finds what is there and makes only the rest.
func TestDeployContinuesAfterSilence(t *testing.T) {
	t.Parallel()
	for n := range int(all()) {
		d := newDeployer(t)
		seen := 0
		d.proxy.set(func(body []byte) loss {
			switch {
			case seen > n:
				return theRequest
			case isSend(body):
				if seen++; seen > n {
					return theAnswer
				}
			}
			return nothing
		})
		if _, err := d.run(t.Context(), d.wish()); apierr.CodeOf(err) != apierr.ChainUnavailable {
			t.Fatalf("silence after %d: %v", n+1, err)
		}
		d.proxy.set(nil)
		p, err := d.run(t.Context(), d.wish())
		if err != nil || p.Pending() != int(all())-n-1 || d.sent() != all() {
			t.Fatalf("silence after %d: %v, %d pending, %d sent", n+1, err, p.Pending(), d.sent())
		}
		d.profile.Contracts = p.Contracts
		if err := chain.CheckContracts(t.Context(), d.profile); err != nil {
			t.Error(err)
		}
	}
}

// A process that ends between two contracts is continued by the next.
func TestDeployContinuesAfterTheEnd(t *testing.T) {
	t.Parallel()
	for _, n := range []int{2, 4} { // before the group whose members name each other, and within it
		d := newDeployer(t)
		ctx, end := context.WithCancel(t.Context())
		w, made := d.wish(), 0
		w.Made = func(string, common.Address) {
			if made++; made == n {
				end()
			}
		}
		if _, err := d.run(ctx, w); !errors.Is(err, context.Canceled) {
			t.Fatalf("ended after %d: %v", n, err)
		}
		end()
		p, err := d.run(t.Context(), d.wish())
		if err != nil || d.sent() != all() {
			t.Fatalf("ended after %d: %v, %d pending, %d sent", n, err, p.Pending(), d.sent())
		}
	}
}

// Whatever is lost at random, no contract is made twice.
func TestDeployThroughALossyProxy(t *testing.T) {
	t.Parallel()
	d := newDeployer(t)
	d.proxy.set(func([]byte) loss {
		var b [1]byte
		if _, err := rand.Read(b[:]); err != nil {
			return nothing
		}
		return map[byte]loss{0: theRequest, 1: theAnswer}[b[0]%6]
	})
	runs := 0
	for err := errors.New("first"); err != nil; runs++ {
		if _, err = d.run(t.Context(), d.wish()); err != nil && apierr.CodeOf(err) != apierr.ChainUnavailable {
			t.Fatal(err)
		}
		if runs > 200 {
			t.Fatal(err)
		}
	}
	if d.sent() != all() {
		t.Errorf("%d transactions in %d runs", d.sent(), runs)
	}
}

// What the wallet did meanwhile makes the addresses of a begun group
// impossible: it is begun anew, whole.
func TestDeployBeginsAnewAfterSomethingElse(t *testing.T) {
	t.Parallel()
	d := newDeployer(t)
	ctx, end := context.WithCancel(t.Context())
	w, made := d.wish(), 0
	w.Made = func(name string, _ common.Address) {
		if made++; name == "registry" {
			end()
		}
	}
	if _, err := d.run(ctx, w); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	end()
	tr, err := chain.NewTransactor(d.profile, chain.KeySigner(d.key))
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	if _, err := tr.Send(t.Context(), &common.Address{1}, nil); err != nil {
		t.Fatal(err)
	}
	p, err := d.run(t.Context(), d.wish())
	if err != nil || p.Pending() != int(all()) || d.sent() != uint64(made)+1+all() {
		t.Fatalf("%v, %d pending, %d sent", err, p.Pending(), d.sent())
	}
}

// The contracts are there when every endpoint shows them: one that is behind is
// waited for, one that never does is no success.
func TestDeployWaitsForEveryEndpoint(t *testing.T) {
	t.Parallel()
	for name, shows := range map[string]bool{"late": true, "never": false} {
		d := newDeployer(t)
		ctx, end := context.WithCancel(t.Context())
		defer end()
		var made, asked atomic.Int64
		behind := rewriting(t, d.profile.RPC[0], []string{"eth_getCode"}, func(b string) string {
			if made.Load() == int64(all()) && asked.Add(1) > 3 {
				if shows {
					return b
				}
				end() // it would be waited for until its time is over
			}
			for strings.Contains(b, `"result":"0x6`) {
				b = cut(b, `"result":"0x6`, `"`, `"result":"0x"`)
			}
			return b
		})
		first := d.profile.RPC[0]
		d.profile.RPC = []string{first, behind}
		w := d.wish()
		w.Made = func(string, common.Address) { made.Add(1) }
		_, err := d.run(ctx, w)
		if shows && err != nil || !shows && (apierr.CodeOf(err) != apierr.ChainUnavailable || !strings.Contains(err.Error(), "too few RPC endpoints of the profile show them yet")) {
			t.Errorf("%s: %v", name, err)
		}
		// Later, when all show them, nothing is left to do.
		d.profile.RPC = []string{first, first}
		if again, err := d.run(t.Context(), d.wish()); err != nil || again.Pending() != 0 || d.sent() != all() {
			t.Errorf("%s: %v, %d sent", name, err, d.sent())
		}
	}
}

// Two runs at the same time make one deployment.
func TestDeployTwiceAtOnce(t *testing.T) {
	t.Parallel()
	d := newDeployer(t)
	var made [2]chain.Contracts
	var wg sync.WaitGroup
	for n := range made {
		wg.Go(func() {
			for range 50 {
				if p, err := d.run(t.Context(), d.wish()); err == nil {
					made[n] = p.Contracts
					return
				}
			}
			t.Error("it does not come to an end")
		})
	}
	wg.Wait()
	if made[0] != made[1] || made[0] == (chain.Contracts{}) || d.sent() != all() {
		t.Errorf("%d transactions, %+v and %+v", d.sent(), made[0], made[1])
	}
}
