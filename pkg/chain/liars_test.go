package chain_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
)

// firstSeed of the property; a failure names the seed of its run.
const firstSeed = 20_260_101

// While fewer than k endpoints lie, nothing is allowed that the chain does not
// allow, whatever they say, alone or together; where enough honest ones are
// left, right answers are given all the same.
func TestNoWrongAllow(t *testing.T) {
	t.Parallel()
	t.Logf("%d runs from seed %d", runs, firstSeed)
	total := many(t, runs, false)
	if total.wrong != 0 {
		t.Errorf("%d wrong", total.wrong)
	}
	// The property is not empty: much was allowed, and much refused.
	if total.allowed < runs/2 || total.denied < runs/2 || total.closed < runs/20 || total.settled < runs/4 || total.counted < runs/2 {
		t.Errorf("too little happened: %+v", total)
	}
	t.Logf("%+v", total)
}

// The twin: as soon as k lie together, the same runs do find wrong answers.
// A property that could not fail would prove nothing.
func TestManyLiarsAreFound(t *testing.T) {
	t.Parallel()
	total := many(t, runs/10, true)
	if total.wrong < runs/200 {
		t.Errorf("only %d wrong answers", total.wrong)
	}
	t.Logf("%+v", total)
}

// outcome counts what came of runs.
type outcome struct{ allowed, denied, closed, settled, counted, wrong int }

func (o *outcome) add(p outcome) {
	o.allowed += p.allowed
	o.denied += p.denied
	o.closed += p.closed
	o.settled += p.settled
	o.counted += p.counted
	o.wrong += p.wrong
}

func many(t *testing.T, n int, tooMany bool) (total outcome) {
	t.Helper()
	var mu sync.Mutex // guards total
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				seed := uint64(firstSeed + i)
				o, err := run(seed, tooMany)
				mu.Lock()
				total.add(o)
				mu.Unlock()
				if err != nil && !tooMany {
					t.Errorf("seed %d: %v", seed, err)
					return
				}
			}
		})
	}
	wg.Wait()
	return total
}

// scenario is one run.
type scenario struct {
	*world
	c     *chain.Cache
	k     int
	liars int
	last  uint64 // the newest head that was answered
	out   outcome
	// settled: all honest ones have the whole chain, were asked since, and are
	// enough without the others.
	settled bool
}

func run(seed uint64, tooMany bool) (outcome, error) {
	n := []int{1, 2, 3, 3, 4, 5, 5}[seed%7]
	w := newWorld(seed, n)
	s := &scenario{world: w, k: n}
	if n >= 3 {
		s.k = n/2 + 1 + w.rnd.IntN(n-n/2)
	}
	s.liars = w.rnd.IntN(s.k)
	if tooMany {
		s.liars = s.k
	}
	plan, often := map[lie]bool{}, []float64{.3, .7, 1}[w.rnd.IntN(3)]
	for range 1 + w.rnd.IntN(3) {
		plan[lie(w.rnd.IntN(int(lies)))] = true
	}
	for _, i := range w.rnd.Perm(n)[:s.liars] {
		w.nodes[i].lies, w.nodes[i].often = plan, often
	}
	var err error
	if s.c, err = w.cache(s.k, uint64(w.rnd.IntN(3))); err != nil {
		return s.out, err
	}
	defer s.c.Close()
	for step := range 24 {
		if err := s.step(); err != nil {
			return s.out, fmt.Errorf("step %d with %d of %d, %d liars %v: %w", step, s.k, n, s.liars, plan, err)
		}
	}
	return s.out, nil
}

func (s *scenario) step() error {
	switch what := s.rnd.IntN(10); what {
	case 0, 1, 2:
		s.happen(func() { s.mine(s.change) })
	case 3:
		s.happen(func() { s.reorganise(1 + s.rnd.IntN(2)) })
	case 4:
		s.happen(func() { s.clock = s.clock.Add(time.Duration(s.rnd.IntN(8)) * time.Second) })
	case 5, 6:
		return s.refresh()
	}
	return s.ask()
}

// happen changes the world, of which some notice later.
func (s *scenario) happen(what func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	what()
	for _, n := range s.nodes {
		if n.lies != nil || s.rnd.IntN(4) > 0 {
			n.view = s.canonical
		}
	}
	s.settled = false
}

// change is what a block may do.
func (s *scenario) change(b *block) {
	switch s.rnd.IntN(4) {
	case 0:
		b.touch, b.active = true, !b.active
	case 1:
		b.touch, b.nonce = true, b.nonce+1
	case 2:
		b.touch, b.epoch = true, b.epoch+1
	}
}

func (s *scenario) reorganise(depth int) {
	s.canonical = s.canonical[:len(s.canonical)-depth]
	for range depth + s.rnd.IntN(2) {
		s.mine(s.change)
	}
}

// refresh looks for the head, sometimes after everybody has caught up.
func (s *scenario) refresh() error {
	s.mu.Lock()
	together := s.rnd.IntN(2) == 0
	for _, n := range s.nodes {
		if together {
			n.view = s.canonical
		}
	}
	number, young := s.canonical[len(s.canonical)-1].number, s.clock.Sub(s.canonical[len(s.canonical)-1].time) <= chain.MinHeadAge
	s.mu.Unlock()
	err := s.c.Refresh(context.Background())
	enough := len(s.nodes)-s.liars >= s.k
	s.settled = together && enough && err == nil
	if together && enough && young && err != nil && s.last <= number {
		return fmt.Errorf("the honest ones are enough, but: %w", err)
	}
	return nil
}

func (s *scenario) ask() error {
	p, err := s.c.State(context.Background(), chain.Query{})
	if err != nil {
		s.out.closed++
		if code := apierr.CodeOf(err); code != apierr.ChainUnavailable && code != apierr.ChainStale {
			return fmt.Errorf("an error without a code: %w", err)
		}
		return nil
	}
	c, cerr := s.c.Counter(context.Background())
	s.mu.Lock()
	defer s.mu.Unlock()
	var wrong error
	switch code := apierr.CodeOf(cerr); {
	case cerr == nil:
		s.out.counted++
		wrong = errors.Join(s.judgeCounter("newest", c.Newest), s.judgeCounter("confirmed", c.Confirmed))
	case code != apierr.ChainUnavailable && code != apierr.ChainStale:
		return fmt.Errorf("an error without a code: %w", cerr)
	}
	if p.Confirmed.Device.Active() && p.Newest.Device.Active() {
		s.out.allowed++
	} else {
		s.out.denied++
	}
	err = errors.Join(s.judge("newest", p.Newest), s.judge("confirmed", p.Confirmed), wrong)
	if age := s.clock.Sub(s.real[p.Newest.Block.Hash].stamp()); err == nil && age > chain.MinHeadAge {
		err = fmt.Errorf("the head is %s old", age)
	}
	if p.Newest.Block.Number < s.last {
		err = fmt.Errorf("the head went back from %d to %d", s.last, p.Newest.Block.Number)
	}
	s.last = p.Newest.Block.Number
	if s.settled {
		s.out.settled++
		if top := s.canonical[len(s.canonical)-1]; p.Newest.Block.Hash != top.hash {
			err = errors.Join(err, fmt.Errorf("block %d instead of the newest, %d", p.Newest.Block.Number, top.number))
		}
		if at := s.canonical[p.Confirmed.Block.Number]; p.Confirmed.Block.Hash != at.hash {
			err = errors.Join(err, fmt.Errorf("the confirmed block %d is not in the chain", at.number))
		}
	}
	if err != nil {
		s.out.wrong++
	}
	return err
}

func (b *block) stamp() time.Time {
	if b == nil {
		return time.Time{}
	}
	return b.time
}

// judge compares an answer with the truth at its block.
func (s *scenario) judge(which string, got chain.State) error {
	b := s.real[got.Block.Hash]
	switch {
	case b == nil:
		return fmt.Errorf("%s: a block that never was", which)
	case got.Block.Number != b.number || !got.Block.Time.Equal(b.time):
		return fmt.Errorf("%s: block %d with another number or time", which, b.number)
	case got.Device.Active() != b.active:
		return fmt.Errorf("%s: active %v at block %d, where it is %v", which, got.Device.Active(), b.number, b.active)
	case got.ScopeNonce != b.nonce:
		return fmt.Errorf("%s: nonce %d at block %d, where it is %d", which, got.ScopeNonce, b.number, b.nonce)
	case got.Epoch < uint32(b.epoch):
		return fmt.Errorf("%s: epoch %d at block %d, where it is %d", which, got.Epoch, b.number, b.epoch)
	}
	return nil
}

// judgeCounter compares the counter with the truth at its block.
func (s *scenario) judgeCounter(which string, got chain.Counter) error {
	b := s.real[got.Block.Hash]
	switch {
	case b == nil:
		return fmt.Errorf("%s counter: a block that never was", which)
	case got.Maintainer != maintainerOf(b.active) || got.Governance != fakeGovernance:
		return fmt.Errorf("%s counter: maintainer %s at block %d, where it is %s", which, got.Maintainer, b.number, maintainerOf(b.active))
	case got.Epoch < uint32(b.epoch):
		return fmt.Errorf("%s counter: epoch %d at block %d, where it is %d", which, got.Epoch, b.number, b.epoch)
	}
	return nil
}
