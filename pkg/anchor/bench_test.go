package anchor_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/anchor"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
	"github.com/litentry/agentkeys/pkg/omni"
)

const bumpAfter = time.Minute

// bench is a journal, a chain and the anchorer between them.
type bench struct {
	t     *testing.T
	j     *journal.Journal
	ops   []omni.Operator
	chain anchor.Chain
	relay anchor.Relay
	f     *faults
	conf  uint64
	named int // makes names of events

	mu    sync.Mutex // guards clock
	clock time.Time
}

func newBench(t *testing.T, c anchor.Chain, r anchor.Relay, ops ...omni.Operator) *bench {
	t.Helper()
	b := &bench{t: t, ops: ops, chain: c, relay: r, f: &faults{}, conf: 2, clock: time.Unix(1_800_000_000, 0)}
	var err error
	if b.j, err = journal.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "journal.db"), b.now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.j.Close() })
	return b
}

// newFakeBench is one over a chain in memory, whose operators have named the
// relayer.
func newFakeBench(t *testing.T, operators int) (*bench, *ledger) {
	t.Helper()
	l := newLedger()
	var ops []omni.Operator
	for i := range operators {
		o := journaltest.Operator(i + 1)
		ops = append(ops, o)
		l.relayers[o] = relayerAt
	}
	return newBench(t, l, l, ops...), l
}

func (b *bench) now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.clock
}

func (b *bench) pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clock = b.clock.Add(d)
}

// anchorer is a process that begins now.
func (b *bench) anchorer(change ...func(*anchor.Config)) *anchor.Anchorer {
	b.t.Helper()
	c := anchor.Config{
		Journal: faultyJournal{b.j, b.f}, Chain: faultyChain{b.chain, b.f}, Relay: faultyRelay{b.relay, b.f},
		Operators:     func(context.Context) ([]omni.Operator, error) { return b.unfinished(), nil },
		Confirmations: b.conf, BumpAfter: bumpAfter, Now: b.now, Log: zerolog.Nop(),
	}
	for _, f := range change {
		f(&c)
	}
	a, err := anchor.New(c)
	if err != nil {
		b.t.Fatal(err)
	}
	return a
}

func (b *bench) unfinished() []omni.Operator {
	return slices.DeleteFunc(slices.Clone(b.ops), func(o omni.Operator) bool {
		list, err := b.j.Unfinished(context.Background(), o, 1)
		if err != nil {
			b.t.Error(err)
		}
		return len(list) == 0
	})
}

// build makes a batch of n new events.
func (b *bench) build(o omni.Operator, n int) journal.Batch {
	b.t.Helper()
	b.append(o, n)
	batch, err := b.j.Build(context.Background(), o, 0)
	if err != nil {
		b.t.Fatal(err)
	}
	return batch
}

func (b *bench) append(o omni.Operator, n int) {
	b.t.Helper()
	for range n {
		b.named++
		if _, err := b.j.Append(context.Background(), journaltest.Entry(o, "event "+time.Duration(b.named).String())); err != nil {
			b.t.Fatal(err)
		}
	}
}

func (b *bench) batch(o omni.Operator, index uint64) journal.Batch {
	b.t.Helper()
	batch, err := b.j.Batch(context.Background(), o, index)
	if err != nil {
		b.t.Fatal(err)
	}
	return batch
}

func (b *bench) state(o omni.Operator, index uint64, want journal.State) journal.Batch {
	b.t.Helper()
	got := b.batch(o, index)
	if got.Anchor.State != want {
		b.t.Fatalf("batch %d of %s is %s, want %s", index, o.Short(), got.Anchor.State, want)
	}
	return got
}

// step makes one and fails on an error.
func (b *bench) step(a *anchor.Anchorer, o omni.Operator) {
	b.t.Helper()
	if err := a.Step(context.Background(), o); err != nil {
		b.t.Fatal(err)
	}
}

// drain passes and mines until everything is confirmed.
func (b *bench) drain(a *anchor.Anchorer, mine func()) {
	b.t.Helper()
	var err error
	for range 400 {
		if len(b.unfinished()) == 0 {
			return
		}
		err = a.Pass(context.Background())
		mine()
		b.pass(bumpAfter / 4)
	}
	b.t.Fatalf("it does not drain: %v, %+v", err, a.Status())
}

// whole checks that every event is in exactly one anchored root, in order.
func (b *bench) whole() {
	b.t.Helper()
	ctx := context.Background()
	for _, o := range b.ops {
		h, err := b.j.Head(ctx, o)
		if err != nil {
			b.t.Fatal(err)
		}
		st, err := b.chain.AuditStanding(ctx, o)
		if err != nil || st.Roots != h.Batches || h.Covered != h.Position {
			b.t.Fatalf("%s: %d roots, %+v, %v", o.Short(), st.Roots, h, err)
		}
		next := uint64(1)
		for i := range h.Batches {
			batch := b.state(o, i, journal.Confirmed)
			log, ok, err := b.chain.Anchored(ctx, o, i)
			if err != nil || !ok || log.Root != batch.Root || log.Count != batch.Count || log.Tx != batch.Anchor.Tx || log.Number != batch.Anchor.Block || log.BlockHash != batch.Anchor.BlockHash {
				b.t.Fatalf("%s, batch %d: %+v, %+v, %v", o.Short(), i, batch, log, err)
			}
			if batch.First != next {
				b.t.Fatalf("%s, batch %d begins at %d, want %d", o.Short(), i, batch.First, next)
			}
			next += batch.Count
		}
		if next != h.Position+1 {
			b.t.Fatalf("%s: events to %d are anchored, of %d", o.Short(), next-1, h.Position)
		}
	}
}

// faults makes one call go wrong: before it is made, or its answer is lost. After
// a kill nothing is called any more.
type faults struct {
	mu    sync.Mutex // guards everything below
	count int
	calls []string
	at    int // the call that goes wrong, from 1; 0: none
	after bool
	kill  bool
	dead  bool
}

var errInjected = errors.New("injected")

// arm makes call n from now on go wrong.
func (f *faults) arm(n int, after, kill bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count, f.at, f.after, f.kill, f.dead, f.calls = 0, n, after, kill, false, nil
}

func (f *faults) clear() (reached bool, calls []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	reached, calls = f.at > 0 && f.count >= f.at, f.calls
	f.at, f.dead = 0, false
	return reached, calls
}

func (f *faults) begin(name string) (lost bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count++
	f.calls = append(f.calls, name)
	switch {
	case f.dead:
		return false, errInjected
	case f.at == 0 || f.count != f.at:
		return false, nil
	}
	f.dead = f.kill
	if f.after {
		return true, nil
	}
	return false, chain.Unavailable(errInjected, "%s", name)
}

func through[T any](f *faults, name string, call func() (T, error)) (T, error) {
	var none T
	lost, err := f.begin(name)
	if err != nil {
		return none, err
	}
	t, err := call()
	if lost {
		return none, chain.Unavailable(errInjected, "the answer to %s was lost", name)
	}
	return t, err
}

type faultyJournal struct {
	*journal.Journal
	f *faults
}

func (j faultyJournal) Unfinished(ctx context.Context, o omni.Operator, n int) ([]journal.Batch, error) {
	return through(j.f, "Unfinished", func() ([]journal.Batch, error) { return j.Journal.Unfinished(ctx, o, n) })
}

func (j faultyJournal) Head(ctx context.Context, o omni.Operator) (journal.Head, error) {
	return through(j.f, "Journal.Head", func() (journal.Head, error) { return j.Journal.Head(ctx, o) })
}

func (j faultyJournal) Move(ctx context.Context, o omni.Operator, i uint64, from, to journal.Anchor) error {
	_, err := through(j.f, "Move to "+string(to.State), func() (int, error) { return 0, j.Journal.Move(ctx, o, i, from, to) })
	return err
}

type faultyChain struct {
	anchor.Chain
	f *faults
}

func (c faultyChain) Head(ctx context.Context) (chain.BlockRef, error) {
	return through(c.f, "Head", func() (chain.BlockRef, error) { return c.Chain.Head(ctx) })
}

func (c faultyChain) BlockAt(ctx context.Context, n uint64) (chain.BlockRef, error) {
	return through(c.f, "BlockAt", func() (chain.BlockRef, error) { return c.Chain.BlockAt(ctx, n) })
}

func (c faultyChain) AuditStanding(ctx context.Context, o omni.Operator, i ...uint64) (chain.AuditStanding, error) {
	return through(c.f, "AuditStanding", func() (chain.AuditStanding, error) { return c.Chain.AuditStanding(ctx, o, i...) })
}

func (c faultyChain) Anchored(ctx context.Context, o omni.Operator, i uint64) (chain.AuditAnchor, bool, error) {
	type found struct {
		chain.AuditAnchor
		ok bool
	}
	r, err := through(c.f, "Anchored", func() (found, error) {
		a, ok, err := c.Chain.Anchored(ctx, o, i)
		return found{a, ok}, err
	})
	return r.AuditAnchor, r.ok, err
}

type faultyRelay struct {
	anchor.Relay
	f *faults
}

func (r faultyRelay) Occupancy(ctx context.Context) (chain.Occupancy, error) {
	return through(r.f, "Occupancy", func() (chain.Occupancy, error) { return r.Relay.Occupancy(ctx) })
}

func (r faultyRelay) Prepare(ctx context.Context, c chain.Call, least chain.Fees) (*types.Transaction, error) {
	return through(r.f, "Prepare", func() (*types.Transaction, error) { return r.Relay.Prepare(ctx, c, least) })
}

func (r faultyRelay) Send(ctx context.Context, tx *types.Transaction) error {
	_, err := through(r.f, "Send", func() (int, error) { return 0, r.Relay.Send(ctx, tx) })
	return err
}

func (r faultyRelay) Lookup(ctx context.Context, h common.Hash) (*types.Transaction, error) {
	return through(r.f, "Lookup", func() (*types.Transaction, error) { return r.Relay.Lookup(ctx, h) })
}
