package audit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/anchor"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/role"
)

// Anchoring says how batches come on chain.
type Anchoring struct {
	// Chain is asked how batches stand; nil: nobody asks, and batches stay built.
	Chain anchor.Chain
	// Relay sends for operators that named its account; nil: their wallets send,
	// and what they sent is found.
	Relay         anchor.Relay
	Confirmations uint64
	// Interval is the time between two looks; 0: only what is built asks for one.
	Interval time.Duration
	// Lead tells whether this process may send; nil: it always may.
	Lead func(context.Context) (bool, error)

	close []func() error
}

// anchoring (of the configuration) opens what asks the chain, and the relayer.
func (c *Config) anchoring(e role.Env) (Anchoring, error) {
	if c.Interval <= 0 {
		return Anchoring{}, fmt.Errorf("--audit-anchor-interval is not %s: it is a time", c.Interval)
	}
	client, err := chain.NewClient(e.Profile.ChainProfile())
	if err != nil {
		return Anchoring{}, err
	}
	a := Anchoring{Chain: client, Confirmations: e.Profile.Chain.Confirmations, Interval: c.Interval, close: []func() error{client.Close}}
	if c.Relayer == "" {
		return a, nil
	}
	relay, err := openRelay(e, c.Relayer)
	if err != nil {
		return a, fmt.Errorf("--audit-relayer-key: %w", err)
	}
	a.Relay, a.close = relay, append(a.close, relay.Close)
	return a, nil
}

func openRelay(e role.Env, path string) (*chain.Relay, error) {
	held, err := files.Read(path)
	if err != nil {
		return nil, err
	}
	k, err := crypto.HexToECDSA(strings.TrimSpace(string(held.Reveal())))
	if err != nil {
		// The cause could repeat what stands in the file.
		return nil, fmt.Errorf("%s does not hold a private key of 64 hex characters", path)
	}
	return chain.NewRelay(e.Profile.ChainProfile(), chain.KeySigner(k))
}

// anchoring runs the machine that brings batches on chain.
type anchoring struct {
	c       Anchoring
	machine *anchor.Anchorer
	wake    chan time.Time
	end     context.CancelFunc
	done    sync.WaitGroup
}

func newAnchoring(e role.Env, j *journal.Journal, c Anchoring) (*anchoring, error) {
	a := &anchoring{c: c, wake: make(chan time.Time, 1), end: func() {}}
	if c.Chain == nil {
		return a, nil
	}
	var err error
	a.machine, err = anchor.New(anchor.Config{
		Journal: j, Chain: c.Chain, Relay: c.Relay, Operators: j.UnfinishedOperators, Confirmations: c.Confirmations,
		Lead: c.Lead, Wake: a.wake, Now: e.Now, Log: e.Log,
	})
	return a, err
}

func (a *anchoring) start() {
	if a.machine == nil {
		return
	}
	var ctx context.Context
	ctx, a.end = context.WithCancel(context.Background())
	a.done.Go(func() { a.machine.Run(ctx) })
	if a.c.Interval > 0 {
		a.done.Go(func() { a.tick(ctx) })
	}
}

func (a *anchoring) tick(ctx context.Context) {
	t := time.NewTicker(a.c.Interval)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			a.kick()
		}
	}
}

func (a *anchoring) stop() {
	a.end()
	a.done.Wait()
}

// kick asks for a look soon. One that is asked for already does for both.
func (a *anchoring) kick() {
	select {
	case a.wake <- time.Time{}:
	default:
	}
}

// reason says why an operator's batches do not go on by themselves, or nothing.
func (a *anchoring) reason(o omni.Operator) string {
	if a.machine == nil {
		return "this role does not look at the chain"
	}
	for _, s := range a.machine.Status() {
		if s.Operator == o && s.Reason != nil {
			return said(s.Reason)
		}
	}
	return ""
}

// relayer is the account that anchors, or nothing.
func (a *anchoring) relayer() string {
	if a.c.Relay == nil {
		return ""
	}
	return a.c.Relay.Address().Hex()
}

// ready fails while a root on chain is explained by no batch.
func (a *anchoring) ready(context.Context) (time.Duration, error) {
	if a.machine == nil {
		return 0, nil
	}
	var errs []error
	for _, f := range a.machine.Foreign() {
		errs = append(errs, f)
	}
	return 0, errors.Join(errs...)
}

// said is a reason in words for its operator. What an RPC endpoint answered, and
// its address, are not for strangers.
func said(err error) string {
	var foreign *anchor.Foreign
	var named *anchor.NotRelayer
	var reverted *chain.RevertError
	switch {
	case errors.As(err, &foreign), errors.As(err, &named), errors.Is(err, anchor.ErrBehind), errors.As(err, &reverted):
		return err.Error()
	case errors.Is(err, chain.ErrFunds):
		return "the relayer's account cannot pay for the transaction"
	case errors.Is(err, chain.ErrFee):
		return "the price of gas is beyond what the relayer pays"
	}
	return "the last look did not get through; it is repeated by itself"
}
