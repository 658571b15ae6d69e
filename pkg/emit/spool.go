package emit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/litentry/agentkeys/pkg/audit"
)

// Spool is an audit.Sink over a directory and a Post. It is safe for concurrent
// use; the more callers emit at once, the cheaper each one is. Open makes one.
type Spool struct {
	c      Config
	disk   disk
	lock   io.Closer
	source string

	queue   chan *job
	wake    chan struct{} // something is durable that is not sent
	drained chan struct{} // closed when the writer has answered every job
	ending  chan struct{} // closed when the forwarder shall stop at the next failure
	idle    chan struct{} // closed when the forwarder has stopped
	stop    context.CancelFunc
	writing atomic.Int64 // since when a group is on its way to the disk, in Unix nanoseconds; or 0
	yielded atomic.Int64 // how long Begin waited for a processor of late, in nanoseconds

	// The writer's alone: the file it appends to, nil after it failed, and the
	// number of the next entry.
	active file
	next   uint64

	// The forwarder's alone.
	taken taken
	from  cursor
	inRow int // set aside since something was taken

	mu       sync.Mutex // guards what follows
	closed   bool
	segments []*segment // never empty; the last one is written to
	bytes    int64      // of all of them
	sent     uint64     // the audit role has every entry up to this one
	marks    []spooled  // of what is unsent, oldest first
	silent   bool       // the last call had no answer, or that the role is behind
	refusal  error      // the last answer was a refusal
	aside    uint64     // entries that were set aside
}

var _ audit.Sink = (*Spool)(nil)

// Emit implements audit.Sink for what must not happen unless the audit role is
// believed to take its event: it is durable here, and the role has refused nothing
// of late, or has been silent for no longer than Config.Grace. Every error carries
// audit_unavailable and comes within Config.Patience.
func (s *Spool) Emit(ctx context.Context, e audit.Event) (string, error) {
	return awaited(s.begun(ctx, e, s.refuses))
}

// Begin is Emit in two parts: what refuses it says so at once, and wait, which must be
// called once, returns when the event is durable. Between them the caller may get
// ready what must not happen before, for as long as it takes: Config.Patience is the
// disk's, and an event that became durable within it is, however late wait is called.
func (s *Spool) Begin(ctx context.Context, e audit.Event) (wait func() (receipt string, err error), err error) {
	wait, err = s.begun(ctx, e, s.refuses)
	if err == nil {
		s.yield()
	}
	return wait, err
}

// yield lets the writer begin on this processor, whose cache has the event: another one
// that sleeps takes longer to wake than the writer to bring the event to the disk, and
// then does what the caller gets ready.
func (s *Spool) yield() {
	from := s.c.Now()
	runtime.Gosched()
	took := int64(s.c.Now().Sub(from))
	s.yielded.Store((3*s.yielded.Load() + took) / 4) // of what is lost between the two, nothing hangs
}

// Keep is Emit for what has happened already, such as a denial or an outcome: it
// asks for room on the disk, of which it leaves a part to Emit, and nothing else.
func (s *Spool) Keep(ctx context.Context, e audit.Event) (string, error) {
	return awaited(s.begun(ctx, e, func() error { return s.full(3, 4) }))
}

func awaited(wait func() (string, error), err error) (string, error) {
	if err != nil {
		return "", err
	}
	return wait()
}

func (s *Spool) begun(ctx context.Context, e audit.Event, refuses func() error) (wait func() (string, error), err error) {
	e.Time = e.Time.UTC().Truncate(time.Millisecond)
	encoded, err := s.valid(e)
	if err != nil {
		return nil, audit.Unavailable(err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.c.Patience)
	j := &job{ctx: ctx, event: e, encoded: encoded, done: make(chan struct{})}
	s.mu.Lock()
	err = refuses()
	if err == nil {
		err = s.enqueue(j)
	}
	s.mu.Unlock()
	if err != nil {
		cancel()
		return nil, audit.Unavailable(err)
	}
	return func() (string, error) {
		defer cancel()
		select {
		case <-j.done:
		case <-ctx.Done():
			select { // who had other things to do asks late, and may find both
			case <-j.done:
			default:
				return "", audit.Unavailable(ctx.Err())
			}
		}
		return j.receipt, j.err
	}, nil
}

// valid encodes an event and refuses what the audit role would never take.
func (s *Spool) valid(e audit.Event) (audit.Encoded, error) {
	switch {
	case e.Emitter != s.c.Role:
		return audit.Encoded{}, fmt.Errorf("an event of %q is not the spool's, of %q", e.Emitter, s.c.Role)
	case e.Time.Year() < 1970:
		return audit.Encoded{}, errors.New("the event is from before 1970")
	}
	return e.Encoded()
}

// enqueue hands a job to the writer. s.mu is held.
func (s *Spool) enqueue(j *job) error {
	if err := j.ctx.Err(); err != nil {
		return err
	}
	select {
	case s.queue <- j:
		return nil
	default:
		return errFull
	}
}

// refuses is why Emit says no now, or nil. s.mu is held.
func (s *Spool) refuses() error {
	if err := s.full(1, 1); err != nil {
		return err
	}
	if s.refusal != nil {
		return fmt.Errorf("the audit role refuses: %w", s.refusal)
	}
	if s.silent && len(s.marks) > 0 && s.c.Now().Sub(s.marks[0].at) > s.c.Grace {
		return fmt.Errorf("the audit role gives no answer or is behind, and an event waits for longer than %s", s.c.Grace)
	}
	return nil
}

// full is why the spool takes nothing now, if it may be filled to a part of its
// bounds. s.mu is held.
func (s *Spool) full(part, of uint64) error {
	switch since := s.writing.Load(); {
	case s.closed:
		return errClosed
	case since != 0 && s.c.Now().Sub(time.Unix(0, since)) > s.c.Patience:
		return errStuck
	case s.unsent() >= s.c.MaxEvents*part/of:
		return fmt.Errorf("%d events wait for the audit role", s.unsent())
	case s.bytes >= s.c.MaxBytes*int64(part)/int64(of):
		return fmt.Errorf("%d bytes wait for the audit role", s.bytes)
	}
	return nil
}

// unsent is how many entries the audit role does not have. s.mu is held.
func (s *Spool) unsent() uint64 { return s.segments[len(s.segments)-1].last - s.sent }

// Stats are what a spool counts.
type Stats struct {
	// Unsent events lie in Bytes of files; the oldest of them has waited for Age.
	Unsent uint64
	Bytes  int64
	Age    time.Duration
	// Refused is how many events the audit role will never take, since the start:
	// they were set aside.
	Refused uint64
}

// Stats says how the spool stands.
func (s *Spool) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := Stats{Unsent: s.unsent(), Bytes: s.bytes, Refused: s.aside}
	if len(s.marks) > 0 {
		st.Age = s.c.Now().Sub(s.marks[0].at)
	}
	return st
}

// Ready is nil when Emit says yes as far as is known, with the age of the oldest
// event that is not sent.
func (s *Spool) Ready(context.Context) (time.Duration, error) {
	age := s.Stats().Age
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refuses(); err != nil {
		return age, audit.Unavailable(err)
	}
	return age, nil
}

// Source is whose numbers the events have; see audit.NewSource.
func (s *Spool) Source() string { return s.source }

// Close takes no more, makes durable what was taken, and sends what it can until
// the audit role fails it or ctx ends; a disk that hangs is left behind a second
// later, with the spool in use until the process ends. What is unsent is sent after
// the next Open. Closing twice is no fault.
func (s *Spool) Close(ctx context.Context) error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.queue)
	s.mu.Unlock()
	select {
	case <-s.drained:
	case <-ctx.Done():
		s.stop()
		return fmt.Errorf("close the audit spool %s: %w", s.c.Dir, errStuck)
	}
	close(s.ending)
	select {
	case <-s.idle:
	case <-ctx.Done():
	}
	s.stop()
	// A Post ends with its context; a disk that hangs does not.
	last := time.NewTimer(endTime)
	defer last.Stop()
	select {
	case <-s.idle:
		return s.closeFiles()
	case <-last.C:
		return fmt.Errorf("close the audit spool %s: %w", s.c.Dir, errStuck)
	}
}
