package crashtest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// client is one emitter: a source of its own, one call on its way, and each call
// repeated until it is acknowledged, as the spool of a role does.
type client struct {
	w      *world
	m      *master
	source string
	number uint64
	dice   *dice
	// acked is everything that was acknowledged, in the order of the numbers.
	acked []acknowledged
	// refused is how often it was told audit_unavailable.
	refused int
}

// acknowledged is an event and where the role said that it stands.
type acknowledged struct {
	number uint64
	place  journal.Place
}

func (w *world) client(n int, d *dice) *client {
	return &client{w: w, m: w.masters[n%len(w.masters)], dice: d, source: audit.NewSource("cred", w.emitter.Public(), fmt.Sprint(n))}
}

// next are the emitter's next events, signed.
func (c *client) next(n int) ([]journal.Entry, error) {
	out := make([]journal.Entry, n)
	for i := range out {
		c.number++
		e := audit.Event{
			ID: c.dice.id(), Time: time.Now(), Emitter: "cred", Operator: c.m.operator, Actor: omni.Self(c.m.operator),
			Device: omni.DeviceKeyOfAddress(crypto.PubkeyToAddress(c.m.key.PublicKey)),
			Class:  service.Credentials, Op: service.OpFetch, Service: "github", Result: audit.Allowed,
		}
		signature, err := audit.Sign(c.w.emitter, c.source, c.number, e)
		if err != nil {
			return nil, err
		}
		out[i] = journal.Entry{Event: e, Sequence: c.number, Source: c.source, Signature: signature}
	}
	return out, nil
}

// post hands entries in once.
func (w *world) post(ctx context.Context, entries []journal.Entry) ([]journal.Place, error) {
	out, err := api.PostJSON[api.AuditPlaces](ctx, w.api, api.Request{URL: auditURL + api.PathAuditEmit}, api.AuditEmit{Entries: entries})
	if err == nil && len(out.Places) != len(entries) {
		err = fmt.Errorf("%d places for %d entries", len(out.Places), len(entries))
	}
	return out.Places, err
}

// insist hands entries in until they are acknowledged. What is no crash and no
// refusal that a crash explains ends it.
func (c *client) insist(ctx context.Context, entries []journal.Entry) ([]journal.Place, error) {
	for {
		if err := c.w.host.wait(ctx); err != nil {
			return nil, err
		}
		places, err := c.w.post(ctx, entries)
		var gone *api.Unreachable
		switch {
		case err == nil:
			return places, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case notAcknowledged(err):
			c.refused++
		case !errors.As(err, &gone):
			return nil, err
		}
	}
}

// emit hands in n events and keeps what was acknowledged.
func (c *client) emit(ctx context.Context, n int) error {
	entries, err := c.next(n)
	if err != nil {
		return err
	}
	places, err := c.insist(ctx, entries)
	if err != nil {
		return fmt.Errorf("%s: %w", c.source, err)
	}
	for i, e := range entries {
		if places[i].ID != e.Event.ID || places[i].Operator != c.m.operator {
			return fmt.Errorf("%s: the receipt is of another event: %+v", c.source, places[i])
		}
		c.acked = append(c.acked, acknowledged{e.Sequence, places[i]})
	}
	if c.dice.below(8) != 0 {
		return nil
	}
	again, err := c.insist(ctx, entries)
	if err == nil && !slices.Equal(again, places) {
		err = errors.New("what was sent again has another receipt")
	}
	return err
}

// load lets clients emit until stop is called, which waits until everything that
// was sent is acknowledged.
type load struct {
	clients []*client
	acked   atomic.Int64
	tick    chan struct{} // says that acked grew
	quit    chan struct{}
	errs    chan error
	cancel  context.CancelFunc // of what waits for an answer
}

// load starts n clients, whose sources are numbered from a number on.
func (w *world) load(from, n int, d *dice) *load {
	l := &load{tick: make(chan struct{}, 1), quit: make(chan struct{}), errs: make(chan error, n)}
	var ctx context.Context
	ctx, l.cancel = context.WithCancel(w.t.Context())
	for i := range n {
		c := w.client(from+i, d.fork(fmt.Sprint("client", i)))
		l.clients = append(l.clients, c)
		go func() { l.errs <- l.run(ctx, c) }()
	}
	return l
}

func (l *load) run(ctx context.Context, c *client) error {
	for {
		select {
		case <-l.quit:
			return nil
		default:
		}
		n := c.dice.below(4) + 1
		if err := c.emit(ctx, n); err != nil {
			return err
		}
		l.acked.Add(int64(n))
		select {
		case l.tick <- struct{}{}:
		default:
		}
	}
}

// reach waits until n events are acknowledged.
func (l *load) reach(ctx context.Context, n int64) error {
	for l.acked.Load() < n {
		select {
		case <-l.tick:
		case err := <-l.errs:
			return errors.Join(errors.New("a client gave up"), err)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// stop returns when every client has had its answer.
func (l *load) stop() error {
	close(l.quit)
	var err error
	for range l.clients {
		err = errors.Join(err, <-l.errs)
	}
	l.cancel()
	return err
}
