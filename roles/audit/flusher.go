package audit

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/role"
)

// Flushing says when a batch is made without being asked for.
type Flushing struct {
	// Age is how old the oldest event outside a batch becomes; 0: never.
	Age time.Duration
	// Size is how many events outside a batch there may be; 0: any number.
	Size uint64
	// Wake asks for a look; nil: every second.
	Wake <-chan time.Time
}

// flusher makes batches.
type flusher struct {
	env     role.Env
	p       Parts
	anchors *anchoring
	end     context.CancelFunc
	done    sync.WaitGroup
}

func newFlusher(e role.Env, p Parts, a *anchoring) (*flusher, error) {
	if p.Flushing.Age < 0 {
		return nil, fmt.Errorf("the age of a flush is %s", p.Flushing.Age)
	}
	return &flusher{env: e, p: p, anchors: a, end: func() {}}, nil
}

func (f *flusher) start() {
	if f.p.Flushing.Age == 0 && f.p.Flushing.Size == 0 {
		return
	}
	var ctx context.Context
	ctx, f.end = context.WithCancel(context.Background())
	f.done.Go(func() { f.run(ctx) })
}

func (f *flusher) stop() {
	f.end()
	f.done.Wait()
}

func (f *flusher) run(ctx context.Context) {
	wake := f.p.Flushing.Wake
	if wake == nil {
		t := time.NewTicker(time.Second)
		defer t.Stop()
		wake = t.C
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-wake:
			f.look(ctx)
		}
	}
}

// look makes the batches that are due. A journal that is damaged stops its own
// batches, not those of the others.
func (f *flusher) look(ctx context.Context) {
	pending, err := f.p.Journal.Pending(ctx)
	if err != nil {
		f.env.Log.Error().Err(err).Msg("the journal could not be asked what is in no batch")
		return
	}
	for _, p := range pending {
		if !f.due(p) {
			continue
		}
		if _, err := f.flush(ctx, p.Operator); err != nil {
			f.env.Log.Error().Err(err).Stringer("operator", p.Operator).Msg("no batch could be made")
		}
	}
}

// due: the zero operator's batches are never, since no contract takes them. What
// was received by a clock that was ahead has an age that nobody knows: it
// counts as old.
func (f *flusher) due(p journal.Pending) bool {
	w := f.p.Flushing
	age := f.env.Now().Sub(p.Oldest)
	old := w.Age > 0 && age.Abs() >= w.Age
	many := w.Size > 0 && p.Count >= w.Size
	return !p.Operator.IsZero() && (old || many)
}

// flush makes an operator's next batch, or none when nothing is new.
func (f *flusher) flush(ctx context.Context, o omni.Operator) (*journal.Batch, error) {
	b, err := f.p.Journal.Build(ctx, o, 0)
	switch {
	case errors.Is(err, journal.ErrNothing), errors.Is(err, journal.ErrMoved):
		// Nothing is new, or another process has just put it into a batch.
		return nil, nil
	case err != nil:
		return nil, err
	}
	f.anchors.kick()
	return &b, nil
}
