package chain

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/rs/zerolog"
	"golang.org/x/sync/singleflight"
)

const (
	// DefaultMaxEntries bounds how many actors and addresses a cache keeps.
	DefaultMaxEntries = 20_000
	// maxFuture is how far a head may lie ahead of this machine's clock.
	maxFuture = time.Minute
)

// Options of a Cache. Only the clock is required.
type Options struct {
	Now         func() time.Time
	Log         zerolog.Logger
	CallTimeout time.Duration // 0: DefaultCallTimeout
	MaxResponse int64         // 0: DefaultMaxResponse
	MaxEntries  int           // 0: DefaultMaxEntries

	// Tests put other endpoints and no pauses in their place.
	dial    func(ctx context.Context, url string, timeout time.Duration, maxResponse int64) (*endpoint, error)
	spacing time.Duration
}

func (o Options) withDefaults() Options {
	if o.CallTimeout == 0 {
		o.CallTimeout = DefaultCallTimeout
	}
	if o.MaxResponse == 0 {
		o.MaxResponse = DefaultMaxResponse
	}
	if o.MaxEntries == 0 {
		o.MaxEntries = DefaultMaxEntries
	}
	if o.dial == nil {
		o.dial = dialEndpoint
	}
	if o.spacing == 0 {
		o.spacing = minSpacing
	}
	return o
}

// Cache is the View that follows the head of the chain.
//
// It polls for new heads, at an interval and when it is woken. What it has
// read stays until a block has a log of the registry, the scope contract or
// the epoch counter, until heads are missed or reorganised, or until endpoints
// contradict each other; then everything is dropped. A warm actor therefore
// costs no request, a cold one a single batch to each endpoint.
type Cache struct {
	p Profile
	o Options
	q *quorum
	r *reader

	flight singleflight.Group
	poller poller
	stop   context.CancelFunc
	wakers sync.WaitGroup
	awake  atomic.Int64 // how many subscriptions live

	mu sync.Mutex // guards everything below
	// head is the newest block, zero until one was heard of; confirmed lies
	// Profile.Confirmations behind it.
	head, confirmed BlockRef
	// heard is when the endpoint last named the head.
	heard time.Time
	// fault is why the last poll failed; nil if it did not.
	fault error
	// dirty is the greatest block number that may have changed something.
	dirty uint64
	// generation counts how often everything was dropped, so that a read that
	// began before is not kept.
	generation uint64
	states     map[Query]Pair
	identities map[common.Address]IdentityPair
	counter    *CounterPair // nil: not kept
	// The greatest epochs ever seen: an epoch never moves down.
	epochNewest, epochConfirmed uint32
	reads                       uint64
	// changes is how long after its time a block that changed something was
	// taken in.
	changes Histogram
	// warned is when a contradiction was last logged.
	warned time.Time
}

var _ View = (*Cache)(nil)

// NewCache starts to follow a chain. It does not wait for the endpoint: the
// first question does. Close ends it.
func NewCache(p Profile, o Options) (*Cache, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	if o.Now == nil {
		return nil, fmt.Errorf("chain: a clock is required")
	}
	if p.PollInterval == 0 {
		p.PollInterval = DefaultPoll
	}
	o = o.withDefaults()
	ctx, stop := context.WithCancel(context.Background())
	q, err := dialQuorum(ctx, p, o)
	if err != nil {
		stop()
		return nil, err
	}
	c := &Cache{p: p, o: o, q: q, r: newQuorumReader(q, p), stop: stop, changes: newHistogram()}
	q.dissent = c.contradicted
	c.drop()
	c.poller.start(ctx, p.PollInterval, o.spacing, c.poll)
	for _, u := range p.Wake {
		c.wakers.Go(func() { c.wake(ctx, u) })
	}
	return c, nil
}

// Close ends the following. Questions afterwards are chain_unavailable.
func (c *Cache) Close() error {
	c.stop()
	c.poller.wait()
	c.wakers.Wait()
	c.q.close()
	return nil
}

// State implements View.
func (c *Cache) State(ctx context.Context, q Query) (Pair, error) {
	return answer(ctx, c, fmt.Sprint("state", q), func() (Pair, bool) {
		p, ok := c.states[q]
		// No log came since they were read: they hold at today's blocks.
		p.Confirmed.Block, p.Newest.Block = c.confirmed, c.head
		return p, ok
	}, func(ctx context.Context, s snapshot) (Pair, error) {
		p, err := c.r.states(ctx, q, s.confirmed, s.head)
		if err != nil {
			return Pair{}, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		p.Confirmed.Epoch, p.Newest.Epoch = c.climb(p.Confirmed.Epoch, p.Newest.Epoch)
		if c.keeps(s, len(c.states)) {
			c.states[q] = p
		}
		return p, nil
	})
}

// Resolve implements View.
func (c *Cache) Resolve(ctx context.Context, a common.Address) (IdentityPair, error) {
	return answer(ctx, c, "resolve"+a.Hex(), func() (IdentityPair, bool) {
		p, ok := c.identities[a]
		return p, ok
	}, func(ctx context.Context, s snapshot) (IdentityPair, error) {
		p, err := c.r.identities(ctx, a, s.confirmed, s.head)
		if err != nil {
			return IdentityPair{}, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.keeps(s, len(c.identities)) {
			c.identities[a] = p
		}
		return p, nil
	})
}

// snapshot is where a read begins.
type snapshot struct {
	head, confirmed BlockRef
	generation      uint64
}

// answer looks into the cache and otherwise reads, once for all that ask at
// the same time. have runs under the mutex; read must not.
func answer[T any](ctx context.Context, c *Cache, key string, have func() (T, bool), read func(context.Context, snapshot) (T, error)) (T, error) {
	var none T
	for attempt := 0; ; attempt++ {
		if err := c.fresh(ctx); err != nil {
			return none, err
		}
		c.mu.Lock()
		t, ok := have()
		s := snapshot{c.head, c.confirmed, c.generation}
		c.mu.Unlock()
		if ok {
			return t, nil
		}
		t, err := shared(ctx, c, fmt.Sprintf("%s@%d", key, s.generation), func(ctx context.Context) (T, error) { return read(ctx, s) })
		if err == nil {
			return t, nil
		}
		// The head may just have been reorganised away: then the endpoint says
		// so, has a new one, and the question is worth a second try.
		var said rpc.Error
		if attempt > 0 || !errors.As(err, &said) || c.Refresh(ctx) != nil || c.at(s.head.Hash) {
			return none, err
		}
	}
}

// shared runs f once for all callers with the same key. One caller that gives
// up does not take the answer from the others.
func shared[T any](ctx context.Context, c *Cache, key string, f func(context.Context) (T, error)) (T, error) {
	var none T
	done := c.flight.DoChan(key, func() (any, error) {
		c.mu.Lock()
		c.reads++
		c.mu.Unlock()
		return f(context.WithoutCancel(ctx)) // each request has its own timeout
	})
	select {
	case <-ctx.Done():
		return none, Unavailable(ctx.Err(), "the chain did not answer in time")
	case r := <-done:
		if r.Err != nil {
			return none, r.Err
		}
		return r.Val.(T), nil
	}
}

// keeps tells whether what was read since s may be remembered, and makes room.
func (c *Cache) keeps(s snapshot, size int) bool {
	if s.generation != c.generation {
		return false
	}
	if size >= c.o.MaxEntries {
		c.drop()
	}
	return true
}

func (c *Cache) drop() {
	c.generation++
	c.states, c.identities, c.counter = map[Query]Pair{}, map[common.Address]IdentityPair{}, nil
}

func (c *Cache) at(head common.Hash) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.head.Hash == head
}

// Len is the number of answers that are kept.
func (c *Cache) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.states) + len(c.identities)
}
