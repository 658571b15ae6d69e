package devchain

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/ethereum/go-ethereum/eth/filters"
	"github.com/ethereum/go-ethereum/rpc"
)

const (
	maxBody     = 5 << 20
	maxBatch    = 1000
	maxResponse = 25 << 20
)

// listenLoopback refuses every address that is not loopback.
func listenLoopback(ctx context.Context, addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("development chain: the address to listen on: %w", err)
	}
	if !loopbackHost(host) {
		return nil, fmt.Errorf("development chain: %q is not loopback: its faucet is for everybody who can reach it", addr)
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("development chain: listening: %w", err)
	}
	if a, ok := l.Addr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() {
		l.Close()
		return nil, fmt.Errorf("development chain: %q is not loopback", addr)
	}
	return l, nil
}

func loopbackHost(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// newServer answers the eth and net namespaces and the faucet. Everything
// else that go-ethereum can serve (admin, debug, engine, miner) stays closed.
func (c *Chain) newServer(cfg Config) (*http.Server, error) {
	s := rpc.NewServer()
	s.SetBatchLimits(maxBatch, maxResponse)
	s.SetHTTPBodyLimit(maxBody)
	apis := append(c.eth.APIs(),
		rpc.API{Namespace: "eth", Service: filters.NewFilterAPI(filters.NewFilterSystem(c.eth.APIBackend, filters.Config{}))},
		rpc.API{Namespace: "dev", Service: newFaucet(c.eth, cfg.ChainID)},
	)
	for _, a := range apis {
		switch a.Namespace {
		case "eth", "net", "dev":
			if err := s.RegisterName(a.Namespace, a.Service); err != nil {
				return nil, fmt.Errorf("development chain: registering the %s namespace: %w", a.Namespace, err)
			}
		}
	}
	return &http.Server{
		Handler:           c.guard(c.afterDurable(s)),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
	}, nil
}

// guard keeps browsers out: a page under a name that was rebound to loopback
// shows in Host, any other page in Origin.
func (c *Chain) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		switch {
		case !loopbackHost(host):
			http.Error(w, "the Host header must name loopback", http.StatusMisdirectedRequest)
		case r.Header.Get("Origin") != "":
			http.Error(w, "web pages may not use the development chain", http.StatusForbidden)
		case r.Method != http.MethodPost:
			http.Error(w, "JSON-RPC needs POST", http.StatusMethodNotAllowed)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// afterDurable holds every reply back until the block that it may speak of is
// on disk.
func (c *Chain) afterDurable(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		held := reply{header: w.Header(), status: http.StatusOK}
		next.ServeHTTP(&held, r)
		if err := c.sealer.durable(); err != nil {
			w.Header().Del("Content-Length")
			http.Error(w, "the last block is not on disk", http.StatusInternalServerError)
			return
		}
		w.WriteHeader(held.status)
		if _, err := w.Write(held.body.Bytes()); err != nil {
			c.log.Debug().Err(err).Msg("the client left before its reply")
		}
	})
}

// reply is a response that has not been sent.
type reply struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *reply) Header() http.Header         { return r.header }
func (r *reply) WriteHeader(status int)      { r.status = status }
func (r *reply) Write(b []byte) (int, error) { return r.body.Write(b) }
