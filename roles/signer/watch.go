package signer

import (
	"context"
	"sync"
	"time"

	"github.com/litentry/agentkeys/pkg/httpd"
)

// lookEvery is how often the epoch is looked at. The view answers from its cache
// unless a block changed something.
const lookEvery = 250 * time.Millisecond

// watch follows the chain's epoch: it raises the keyring's mark as soon as the
// epoch moves, before anybody writes, and tells whoever listens.
type watch struct {
	s    *Signer
	stop context.CancelFunc
	done chan struct{}

	mu    sync.Mutex // guards what follows
	epoch uint64
	subs  map[chan struct{}]bool
}

func newWatch(s *Signer) *watch {
	return &watch{s: s, stop: func() {}, subs: map[chan struct{}]bool{}}
}

// start looks until close.
func (w *watch) start() {
	ctx, stop := context.WithCancel(context.Background())
	w.stop, w.done = stop, make(chan struct{})
	go func() {
		defer close(w.done)
		t := time.NewTicker(lookEvery)
		defer t.Stop()
		said := ""
		for {
			err := w.look(ctx)
			if text := errorText(err); text != said && ctx.Err() == nil {
				if said = text; err != nil {
					w.s.env.Log.Warn().Err(err).Msg("following the key epoch")
				}
			}
			select {
			case <-ctx.Done():
				return
			case <-t.C:
			}
		}
	}()
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func (w *watch) close() {
	w.stop()
	if w.done != nil {
		<-w.done
	}
}

// look takes in what changed in the keyring file, raises the mark to the chain's
// epoch, and wakes the listeners when it moved.
func (w *watch) look(ctx context.Context) error {
	now, err := w.s.p.View.Counter(ctx)
	if err != nil {
		return err
	}
	// What another process did to the keyring file, such as a destruction.
	if err := w.s.p.Keys.Refresh(ctx); err != nil {
		return err
	}
	epoch := uint64(now.Newest.Epoch)
	if err := w.s.p.Keys.Raise(ctx, epoch); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if epoch <= w.epoch {
		return nil
	}
	w.epoch = epoch
	for c := range w.subs {
		select {
		case c <- struct{}{}:
		default: // it has not read the last wake-up yet
		}
	}
	return nil
}

func (w *watch) subscribe() chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := make(chan struct{}, 1)
	w.subs[c] = true
	return c
}

func (w *watch) unsubscribe(c chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.subs, c)
}

// stream sends the state of the epochs now and whenever the chain's epoch
// moves.
func (s *Signer) stream(context.Context, httpd.Anyone, httpd.None) (httpd.Events, error) {
	return func(ctx context.Context, send func(string, any) error) error {
		moved := s.epochs.subscribe()
		defer s.epochs.unsubscribe(moved)
		for {
			now, err := s.status(ctx, httpd.Anyone{}, httpd.None{})
			if err != nil {
				return err
			}
			if err := send("epochs", now); err != nil {
				return err
			}
			select {
			case <-ctx.Done():
				return nil
			case <-moved:
			}
		}
	}, nil
}
