package emit

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
)

const (
	// MaxDenials and MaxOutcomes bound how many of each are on their way to the sink
	// at a time; more are dropped, and counted.
	MaxDenials  = 256
	MaxOutcomes = 1024

	// receiptTime is how long a denial waits for its receipt.
	receiptTime = 25 * time.Millisecond
	// gatherTime is how long outcomes wait for each other, so that many reach the
	// disk at once: nobody waits for them.
	gatherTime = 50 * time.Millisecond
	// carryTime bounds how long what nobody waits for is carried to the sink.
	carryTime = 5 * time.Second
)

// The defaults of Options.
const (
	DefaultWindow = time.Minute
	DefaultQuota  = 120
	DefaultKinds  = 4096
)

// Options of a Reporter. Sink and Now are required.
type Options struct {
	// Sink takes the events. Where it has a method Keep, as a Spool has, denials and
	// outcomes go there; where it has a method Begin, what Allowing makes known.
	Sink audit.Sink
	Now  func() time.Time
	Log  zerolog.Logger

	// Window is how long denials of a kind are counted as one; 0: DefaultWindow.
	Window time.Duration
	// Quota is how many denials of one operator become events of their own within a
	// window, at least 4; 0: DefaultQuota. As many events again tell the counts.
	Quota int
	// Kinds bounds how many kinds of denials of all operators are told apart; 0:
	// DefaultKinds.
	Kinds int
}

// Reporter tells a sink what a role decides. It is safe for concurrent use.
type Reporter struct {
	o     Options
	keep  func(context.Context, audit.Event) (string, error)
	begin func(context.Context, audit.Event) (wait func() (string, error), err error)

	ctx    context.Context // of what is carried; ends when Close gives up
	cancel context.CancelFunc

	denials, outcomes chan struct{}  // one for each that is on its way
	carrying          sync.WaitGroup // grows only while closed is false

	mu        sync.Mutex // guards what follows, and the tallies
	closed    bool
	table     *table
	timer     *time.Timer
	due       []*tally // whose counts are to be told
	telling   bool     // one goroutine empties due
	gathered  []audit.Event
	beat      *time.Timer // when gathered is carried
	collapsed uint64
	dropped   uint64
}

// NewReporter checks the options.
func NewReporter(o Options) (*Reporter, error) {
	if o.Window == 0 {
		o.Window = DefaultWindow
	}
	if o.Quota == 0 {
		o.Quota = DefaultQuota
	}
	if o.Kinds == 0 {
		o.Kinds = DefaultKinds
	}
	if o.Sink == nil || o.Now == nil || o.Window < 0 || o.Quota < 4 || o.Kinds < 4 {
		return nil, errors.New("audit reporter: a sink, a clock and positive bounds are required")
	}
	r := &Reporter{
		o: o, keep: o.Sink.Emit, denials: make(chan struct{}, MaxDenials), outcomes: make(chan struct{}, MaxOutcomes),
		table: newTable(o.Window, o.Quota, o.Kinds),
	}
	if k, ok := o.Sink.(interface {
		Keep(context.Context, audit.Event) (string, error)
	}); ok {
		r.keep = k.Keep
	}
	if b, ok := o.Sink.(interface {
		Begin(context.Context, audit.Event) (func() (string, error), error)
	}); ok {
		r.begin = b.Begin
	} else {
		r.begin = r.emitted
	}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	return r, nil
}

// Allowing makes a decision known before what it allows happens, in two parts. What
// refuses the event is an error at once; wait, which must be called once, returns its
// receipt, and until it came nothing that the decision allows may leave this host or
// change anything: on an error of either, which carries audit_unavailable, nothing
// may. What is got ready between them takes its time beside that of the disk.
func (r *Reporter) Allowing(ctx context.Context, e audit.Event) (wait func() (receipt string, err error), err error) {
	e.Result = audit.Allowed
	began, err := r.begin(ctx, e)
	if err != nil {
		return nil, audit.Unavailable(err)
	}
	return func() (string, error) {
		receipt, err := began()
		if err != nil {
			return "", audit.Unavailable(err)
		}
		return receipt, nil
	}, nil
}

// emitted is begin for a sink that has one part only.
func (r *Reporter) emitted(ctx context.Context, e audit.Event) (wait func() (string, error), err error) {
	receipt, err := r.o.Sink.Emit(ctx, e)
	if err != nil {
		return nil, err
	}
	return func() (string, error) { return receipt, nil }, nil
}

// IsDecision reports whether an error is a refusal of the caller's, not a fault of
// this host: a host that cannot decide has not decided.
func IsDecision(why error) bool {
	code := apierr.CodeOf(why)
	d, ok := apierr.Lookup(code)
	return ok && (d.Status < 500 || code == apierr.EnvelopeInvalid)
}

// Denied makes a refusal known. It waits for the local disk, 25 ms at most, and for
// nothing else; what it returns is the receipt of the event that the refusal is or
// is counted under, or empty when there is none so far. What is no decision, see
// IsDecision, changes nothing.
func (r *Reporter) Denied(ctx context.Context, e audit.Event, why error) (receipt string) {
	if !IsDecision(why) {
		return ""
	}
	e.Result, e.Code = audit.Denied, apierr.CodeOf(why)
	t := r.count(e)
	if t == nil {
		return ""
	}
	wait := time.NewTimer(receiptTime)
	defer wait.Stop()
	select {
	case <-t.done:
	case <-wait.C:
	case <-ctx.Done():
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return t.receipt
}

// count puts a denial under its kind. The first of a kind goes to the sink.
func (r *Reporter) count(e audit.Event) *tally {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		r.drop(e, 1, "the role is closing")
		return nil
	}
	now := r.o.Now()
	r.end(now)
	t, first := r.table.add(e, now)
	switch {
	case t == nil:
		r.drop(e, 1, "too many kinds of denials at a time")
		return nil
	case !first:
		r.collapsed++
		return t
	}
	r.arm(now)
	select {
	case r.denials <- struct{}{}:
	default:
		r.drop(e, 1, "too many denials at a time")
		r.lost(t)
		return t
	}
	r.carrying.Go(func() {
		defer func() { <-r.denials }()
		receipt, err := r.carry(e)
		r.mu.Lock()
		defer r.mu.Unlock()
		if err != nil {
			r.drop(e, 1, "the audit log did not take a denial: "+err.Error())
			r.lost(t)
			return
		}
		t.receipt = receipt
		close(t.done)
	})
	return t
}

// lost ends a tally whose first denial is not in the sink: the next one of its kind
// is a first one again. r.mu is held.
func (r *Reporter) lost(t *tally) {
	r.table.remove(t)
	if t.count > 0 {
		r.drop(t.first, t.count, "denials like one that the audit log did not take")
		t.count = 0
	}
	close(t.done)
}

func (r *Reporter) carry(e audit.Event) (string, error) {
	ctx, cancel := context.WithTimeout(r.ctx, carryTime)
	defer cancel()
	return r.keep(ctx, e)
}

// drop says that something stands in the request log alone. r.mu is held.
func (r *Reporter) drop(e audit.Event, n uint64, why string) {
	r.dropped += n
	r.o.Log.Warn().Str("event", e.ID).Str("code", string(e.Code)).Str("op", string(e.Op)).Uint64("count", n).
		Msg(why + ": it stands in the request log alone")
}

// end hands on the counts of the windows that are over. r.mu is held.
func (r *Reporter) end(now time.Time) { r.tell(r.table.ended(now)) }

// arm sets the timer for the next window that ends. r.mu is held.
func (r *Reporter) arm(now time.Time) {
	d, open := r.table.next(now)
	if !open || r.timer != nil {
		return
	}
	r.timer = time.AfterFunc(d, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.timer = nil; r.closed {
			return
		}
		now := r.o.Now()
		r.end(now)
		r.arm(now)
	})
}

// tell has one goroutine bring counts to the sink, one after the other. r.mu is
// held, and r.closed false or set just now.
func (r *Reporter) tell(list []*tally) {
	for _, t := range list {
		switch {
		case t.count == 0:
		case len(r.due) >= r.o.Kinds:
			r.drop(t.first, t.count, "too many counts of denials at a time")
		default:
			r.due = append(r.due, t)
		}
	}
	if len(r.due) == 0 || r.telling {
		return
	}
	r.telling = true
	r.carrying.Go(func() {
		for {
			r.mu.Lock()
			if len(r.due) == 0 {
				r.due, r.telling = nil, false
				r.mu.Unlock()
				return
			}
			t := r.due[0]
			r.due = r.due[1:]
			r.mu.Unlock()
			r.tellOne(t)
		}
	})
}

// tellOne waits for the first denial, whose event the count follows.
func (r *Reporter) tellOne(t *tally) {
	<-t.done
	r.mu.Lock()
	e := t.event(r.o.Now())
	r.mu.Unlock()
	if e.Count == 0 { // the first was lost
		return
	}
	if _, err := r.carry(e); err != nil {
		r.mu.Lock()
		r.drop(e, e.Count, "the audit log did not take a count of denials: "+err.Error())
		r.mu.Unlock()
	}
}

// ReporterStats are what a Reporter counts, since the start.
type ReporterStats struct {
	// Collapsed denials are told by a count. Dropped denials and outcomes are not
	// told at all: they stand in the request log alone.
	Collapsed, Dropped uint64
}

// Stats says what was collapsed and dropped.
func (r *Reporter) Stats() ReporterStats {
	r.mu.Lock()
	defer r.mu.Unlock()
	return ReporterStats{r.collapsed, r.dropped}
}

// Settle waits until the sink took, or refused, what was said so far. Nothing may
// be said meanwhile.
func (r *Reporter) Settle() {
	r.carryGathered()
	r.carrying.Wait()
}

// Close tells the counts of all windows and waits for what is on its way to the
// sink, until ctx ends: what is not there then is dropped. Closing twice is no
// fault.
func (r *Reporter) Close(ctx context.Context) error {
	r.mu.Lock()
	if !r.closed {
		r.closed = true
		if r.timer != nil {
			r.timer.Stop()
		}
		var all []*tally
		for e := r.table.order.Front(); e != nil; e = r.table.order.Front() {
			all = append(all, e.Value.(*tally))
			r.table.remove(e.Value.(*tally))
		}
		r.tell(all)
		if r.beat != nil {
			r.beat.Stop()
		}
	}
	r.mu.Unlock()
	r.carryGathered()
	done := make(chan struct{})
	go func() {
		r.carrying.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		r.cancel()
		<-done // a sink ends with its context
	}
	r.cancel()
	return nil
}
