package chain

import (
	"context"
	"sync"
	"time"
)

// minSpacing is the least time between two polls, however many ask.
const minSpacing = 50 * time.Millisecond

// poller runs a function at an interval and whenever somebody asks, one at a
// time.
type poller struct {
	wake chan struct{} // holds at most one wish, for a run that has not begun
	done chan struct{} // closed when it has ended

	mu       sync.Mutex // guards everything below, and what goes into wake
	started  uint64
	finished uint64
	last     error
	turn     chan struct{} // closed at the end of each run, then replaced
}

// start runs f at once and then at the interval, or after a quarter of it
// when f says so.
func (p *poller) start(ctx context.Context, interval, spacing time.Duration, f func(context.Context) (soon bool, err error)) {
	p.wake, p.done, p.turn = make(chan struct{}, 1), make(chan struct{}), make(chan struct{})
	go p.loop(ctx, interval, spacing, f)
}

func (p *poller) loop(ctx context.Context, interval, spacing time.Duration, f func(context.Context) (soon bool, err error)) {
	defer close(p.done)
	timer := time.NewTimer(interval)
	defer timer.Stop()
	for {
		wait, gap := interval, min(spacing, interval)
		if p.run(ctx, f) {
			wait /= 4
		}
		if ctx.Err() != nil || !pause(ctx, gap) {
			return
		}
		timer.Reset(max(0, wait-gap))
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		case <-timer.C:
		}
	}
}

func (p *poller) run(ctx context.Context, f func(context.Context) (soon bool, err error)) bool {
	p.mu.Lock()
	p.started++
	select {
	case <-p.wake: // this run grants it
	default:
	}
	p.mu.Unlock()
	soon, err := f(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.finished, p.last = p.started, err
	close(p.turn)
	p.turn = make(chan struct{})
	return soon
}

// wish asks for a run without waiting for it.
func (p *poller) wish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// now waits for a run that begins after the call, and returns its error.
func (p *poller) now(ctx context.Context) error {
	p.mu.Lock()
	want := p.started + 1
	p.mu.Unlock()
	return p.await(ctx, want)
}

// await waits until the run with that number has ended.
func (p *poller) await(ctx context.Context, want uint64) error {
	for {
		p.mu.Lock()
		turn, finished, last := p.turn, p.finished, p.last
		if p.started < want {
			select {
			case p.wake <- struct{}{}:
			default:
			}
		}
		p.mu.Unlock()
		if finished >= want {
			return last
		}
		select {
		case <-turn:
		case <-p.done:
			return context.Canceled
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (p *poller) count() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.started
}

func (p *poller) wait() { <-p.done }

// pause waits, and reports whether ctx still lives.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
