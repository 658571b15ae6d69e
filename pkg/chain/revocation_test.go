package chain_test

import (
	"context"
	"math/big"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/devchain"
)

// timedSigner notes when it last signed: a transaction is mined after that.
type timedSigner struct {
	chain.Signer
	at atomic.Int64
}

func (s *timedSigner) SignTx(ctx context.Context, tx *types.Transaction, id *big.Int) (*types.Transaction, error) {
	s.at.Store(time.Now().UnixNano())
	return s.Signer.SignTx(ctx, tx, id)
}

// From the block that revokes an agent to the last request that was allowed,
// on the development chain and with its poll interval. The time runs from the
// signature of the transaction, so that every figure is an upper bound.
func BenchmarkRevocation(b *testing.B) {
	// Each block is a second younger than its parent, so that hundreds of them
	// run ahead of the clock.
	ahead := func() time.Time { return time.Now().Add(20 * time.Minute) }
	dev, err := devchain.Start(b.Context(), devchain.Config{Dir: b.TempDir(), Listen: "127.0.0.1:0", Now: ahead, Log: zerolog.Nop()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { dev.Close() })
	s := &stack{chain: dev, profile: chain.Profile{
		Name: "dev", ChainID: devchain.ChainID, RPC: []string{dev.URL()}, MaxHeadAge: time.Hour, PollInterval: 200 * time.Millisecond,
	}}
	s.deploy = transactor(b, s.profile, newKey(b))
	if s.profile.Contracts, err = chain.Deploy(b.Context(), s.deploy, chain.Deployment{Governance: s.deploy.Address(), RecoveryDelay: time.Minute}); err != nil {
		b.Fatal(err)
	}
	o := s.operator(b)
	signer := &timedSigner{Signer: chain.KeySigner(o.key)}
	tr, err := chain.NewTransactor(s.profile, signer)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { tr.Close() })
	cl, err := chain.NewClient(s.profile)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { cl.Close() })
	o.Operations = chain.NewOperations(cl, tr)
	o.register(b)
	c := newCache(b, s.profile, func(_ *chain.Profile, o *chain.Options) { o.Now = ahead })

	var took []time.Duration
	for b.Loop() {
		b.StopTimer()
		a := newAgent(b)
		if err := o.bind(b, a); err != nil {
			b.Fatal(err)
		}
		if err := c.Refresh(b.Context()); err != nil {
			b.Fatal(err)
		}
		requests := make(chan time.Time)
		go func() { requests <- lastAllowed(b, c, o.query(a)) }()
		b.StartTimer()
		if _, err := o.RevokeAgent(b.Context(), a.device); err != nil {
			b.Fatal(err)
		}
		last := <-requests
		took = append(took, max(0, last.Sub(time.Unix(0, signer.at.Load()))))
	}
	slices.Sort(took)
	at := func(q float64) float64 {
		return float64(took[min(len(took)-1, int(q*float64(len(took))))].Microseconds()) / 1000
	}
	b.ReportMetric(at(.5), "ms-p50")
	b.ReportMetric(at(.99), "ms-p99")
	b.ReportMetric(at(1), "ms-max")
}

// lastAllowed asks all the time until nothing has been allowed for a while.
func lastAllowed(b *testing.B, c *chain.Cache, q chain.Query) (last time.Time) {
	for denied := 0; denied < 100; {
		p, err := c.State(context.Background(), q)
		switch {
		case err != nil:
			b.Error(err)
			return last
		case p.Confirmed.Device.Active() && p.Newest.Device.Active():
			last, denied = time.Now(), 0
		case !last.IsZero():
			denied++
		}
		time.Sleep(200 * time.Microsecond)
	}
	return last
}
