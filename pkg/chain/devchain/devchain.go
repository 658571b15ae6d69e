// Package devchain is an EVM chain in this process, for development and tests.
//
// It is go-ethereum itself, not a model of it: the same EVM, pool, database
// and JSON-RPC, under the rules of London, which are those of the target
// chain. PUSH0, MCOPY and transient storage are invalid there, and nothing
// answers at the P-256 precompile's address.
//
// Laws.
//   - A block at once when a transaction waits, and one at least every two
//     seconds.
//   - Reply after durable: no answer leaves the endpoint that speaks of a
//     block which kill -9 could still undo.
//   - Loopback only. The Host header must name loopback, a request with an
//     Origin is refused and no CORS header is ever sent, so that no web page
//     can reach it.
//
// What it does not do: it has no peers, no other consensus than its own loop,
// and no reorganisations. Whoever reaches the loopback port may take money
// from its faucet (dev_fund); the money is worth nothing.
package devchain

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/ethereum/go-ethereum/eth"
	"github.com/ethereum/go-ethereum/eth/catalyst"
	"github.com/ethereum/go-ethereum/node"
	"github.com/rs/zerolog"
)

// ChainID is the chain id of development unless the configuration says
// another. It is not one of a public network.
const ChainID = 31_0337

// Config of a development chain.
type Config struct {
	// Dir keeps the chain. It is created when absent; only one process can
	// use it.
	Dir string
	// Listen is a loopback host:port; port 0 takes a free one.
	Listen string
	// ChainID defaults to the constant ChainID.
	ChainID uint64
	Now     func() time.Time
	Log     zerolog.Logger
}

// Chain is a running development chain.
type Chain struct {
	node   *node.Node
	eth    *eth.Ethereum
	sealer *sealer
	server *http.Server
	url    string
	log    zerolog.Logger

	cancel   context.CancelFunc
	served   chan struct{} // closed when the HTTP server has ended
	closed   chan struct{} // closed when everything has ended
	closeErr error         // written before closed is closed
}

// Start opens or creates the chain in cfg.Dir and serves it until Close is
// called or ctx ends. When it returns, the head is fresh and requests are
// answered.
func Start(ctx context.Context, cfg Config) (*Chain, error) {
	if cfg.Dir == "" || cfg.Now == nil {
		return nil, errors.New("development chain: a directory and a clock are required")
	}
	if cfg.ChainID == 0 {
		cfg.ChainID = ChainID
	}
	l, err := listenLoopback(ctx, cfg.Listen)
	if err != nil {
		return nil, err
	}
	c, err := open(cfg)
	if err != nil {
		l.Close()
		return nil, err
	}
	c.url = "http://" + l.Addr().String()
	if c.server, err = c.newServer(cfg); err != nil {
		l.Close()
		return nil, errors.Join(err, c.node.Close())
	}
	if err := c.sealer.start(); err != nil {
		l.Close()
		return nil, errors.Join(err, c.node.Close())
	}
	c.served, c.closed = make(chan struct{}), make(chan struct{})
	go c.serve(l)
	ctx, c.cancel = context.WithCancel(ctx)
	context.AfterFunc(ctx, c.shutDown)
	return c, nil
}

func open(cfg Config) (*Chain, error) {
	n, err := node.New(nodeConfig(cfg))
	if errors.Is(err, node.ErrDatadirUsed) {
		return nil, fmt.Errorf("development chain: another process uses %s: %w", cfg.Dir, err)
	}
	if err != nil {
		return nil, fmt.Errorf("development chain: opening %s: %w", cfg.Dir, err)
	}
	fail := func(err error) (*Chain, error) {
		return nil, errors.Join(fmt.Errorf("development chain in %s: %w", cfg.Dir, err), n.Close())
	}
	backend, err := eth.New(n, ethConfig(cfg))
	if err != nil {
		return fail(err)
	}
	if err := n.Start(); err != nil {
		return fail(err)
	}
	beacon, err := catalyst.NewSimulatedBeacon(0, faucetAddress(), backend)
	if err != nil {
		return fail(err)
	}
	c := &Chain{node: n, eth: backend, log: cfg.Log}
	c.sealer = newSealer(backend, beacon, cfg)
	return c, nil
}

func (c *Chain) serve(l net.Listener) {
	defer close(c.served)
	if err := c.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		c.log.Error().Err(err).Msg("serving the development chain")
	}
}

// URL is the JSON-RPC endpoint.
func (c *Chain) URL() string { return c.url }

// Close stops the chain; its state stays in the directory. It may be called
// more than once.
func (c *Chain) Close() error {
	c.cancel()
	<-c.closed
	return c.closeErr
}

func (c *Chain) shutDown() {
	defer close(c.closed)
	c.sealer.stop()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	var err error
	if err = c.server.Shutdown(ctx); err != nil {
		err = c.server.Close()
	}
	<-c.served
	c.closeErr = errors.Join(err, c.node.Close())
}
