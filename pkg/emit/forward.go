package emit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// cursor is where the forwarder reads.
type cursor struct {
	of *segment
	f  file
	at int64
	// rest are entries that were read and are beyond the batch.
	rest []journal.Entry
}

// forward sends what is durable, in order, until it is told to end.
func (s *Spool) forward(ctx context.Context) {
	defer close(s.idle)
	defer func() { _ = s.from.close() }()
	backoff := time.Duration(0)
	for {
		last := s.ends() // then this is the last attempt
		batch, err := s.batch()
		if err == nil && len(batch) == 0 {
			select {
			case <-s.wake:
				s.waits(ctx, s.c.Linger)
				continue
			case <-s.ending:
				if s.nothingLeft() {
					return
				}
				continue
			case <-ctx.Done():
				return
			}
		}
		if err == nil {
			err = s.deliver(ctx, batch)
		}
		if err == nil {
			backoff = 0
			if len(batch) < MaxBatch {
				s.waits(ctx, s.c.Linger) // also where something comes all the time
			}
			continue
		}
		// Read again from where it was taken to.
		_ = s.from.close()
		if last || ctx.Err() != nil {
			return
		}
		backoff = min(max(2*backoff, minBackoff), maxBackoff)
		s.waits(ctx, backoff)
	}
}

func (s *Spool) nothingLeft() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.unsent() == 0
}

// ends reports whether the spool is closing.
func (s *Spool) ends() bool {
	select {
	case <-s.ending:
		return true
	default:
		return false
	}
}

// waits until it is time for another attempt, or for the last one.
func (s *Spool) waits(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-s.ending:
	case <-ctx.Done():
	}
}

// batch reads the next entries that are unsent; none when there is nothing.
func (s *Spool) batch() ([]journal.Entry, error) {
	s.mu.Lock()
	next, last := s.sent+1, s.segments[len(s.segments)-1].last
	s.mu.Unlock()
	var out []journal.Entry
	for uint64(len(out)) < min(MaxBatch, last+1-next) {
		if len(s.from.rest) == 0 {
			if err := s.readOn(next + uint64(len(out))); err != nil {
				err = fmt.Errorf("read the audit spool %s: %w", s.c.Dir, err)
				s.c.Log.Error().Err(err).Msg("what waits for the audit role cannot be read")
				s.failed(err) // who is asked nothing answers nothing
				return nil, err
			}
			continue
		}
		n := min(MaxBatch-len(out), len(s.from.rest))
		out, s.from.rest = append(out, s.from.rest[:n]...), s.from.rest[n:]
	}
	return out, nil
}

// readOn reads the record in which an entry is, and forgets what is before it.
func (s *Spool) readOn(number uint64) error {
	s.mu.Lock()
	of := s.segments[0]
	for _, g := range s.segments { // the last that begins with it or before it
		if g.first <= number {
			of = g
		}
	}
	g := *of
	s.mu.Unlock()
	if s.from.of != of {
		if err := s.from.open(s.disk, g); err != nil {
			return err
		}
		s.from.of = of
	}
	for s.from.at < g.size {
		r, err := s.from.record(g.size)
		if err != nil {
			return damaged(g.path, "at byte %d: %s", s.from.at, err)
		}
		s.from.at += int64(r.size)
		if r.last() < number {
			continue
		}
		entries, err := r.decode(s.source)
		if err != nil || r.first > number {
			return damaged(g.path, "entry %d is not in its place: %v", number, err)
		}
		s.from.rest = entries[number-r.first:]
		return nil
	}
	return damaged(g.path, "entry %d is not there", number)
}

// open begins to read a file.
func (c *cursor) open(d disk, g segment) error {
	if err := c.close(); err != nil {
		return err
	}
	f, err := d.open(g.path)
	if err != nil {
		return err
	}
	b := make([]byte, min(256, g.size))
	if _, err := f.ReadAt(b, 0); err != nil {
		return closing(f, err)
	}
	_, _, n, err := parseFileHeader(b)
	if err != nil {
		return closing(f, err)
	}
	c.f, c.at = f, int64(n)
	return nil
}

// record reads the record at the cursor, of a file with so many durable bytes.
func (c *cursor) record(size int64) (record, error) {
	b := make([]byte, min(recordHeader, size-c.at))
	if _, err := c.f.ReadAt(b, c.at); err != nil {
		return record{}, err
	}
	n, err := recordSize(b)
	if err != nil || int64(n) > size-c.at {
		return record{}, errors.Join(errRecord, err)
	}
	b = make([]byte, n)
	if _, err := c.f.ReadAt(b, c.at); err != nil {
		return record{}, err
	}
	return parseRecord(b)
}

func (c *cursor) close() error {
	f := c.f
	*c = cursor{}
	if f == nil {
		return nil
	}
	return f.Close()
}

// deliver sends entries in their order. Of those of which one will never be taken
// it sends the halves, until that one stands alone and is set aside.
func (s *Spool) deliver(ctx context.Context, entries []journal.Entry) error {
	err := s.post(ctx, entries)
	switch half := len(entries) / 2; {
	case err == nil:
		s.inRow = 0
		return s.took(entries[len(entries)-1].Sequence)
	case !poison(err) || s.inRow >= maxAside:
		s.failed(err)
		return err
	case half > 0:
		if err := s.deliver(ctx, entries[:half]); err != nil {
			return err
		}
		return s.deliver(ctx, entries[half:])
	}
	if err := s.setAside(entries[0], err); err != nil {
		s.failed(apierr.Wrap(apierr.AuditUnavailable, err, "an event that is refused cannot be set aside"))
		return err
	}
	s.inRow++
	return s.took(entries[0].Sequence)
}

func (s *Spool) post(ctx context.Context, entries []journal.Entry) error {
	ctx, cancel := context.WithTimeout(ctx, min(postTimeout, s.c.Grace))
	defer cancel()
	return s.c.Post(ctx, entries)
}

// took remembers that the audit role has all entries up to one. That it may be
// forgotten again does no harm, so that no fault of it stops anything.
func (s *Spool) took(number uint64) error {
	s.mu.Lock()
	if s.refusal != nil || s.silent {
		s.c.Log.Info().Str("spool", s.c.Dir).Msg("the audit role takes events again")
	}
	s.sent, s.silent, s.refusal = number, false, nil
	for len(s.marks) > 0 && s.marks[0].last <= number {
		s.marks = s.marks[1:]
	}
	s.mu.Unlock()
	err := s.taken.set(number)
	if err == nil {
		err = s.sweep()
	}
	if err != nil {
		s.c.Log.Warn().Err(err).Str("spool", s.c.Dir).Msg("the audit spool cannot note what was sent")
	}
	return nil
}

// failed notes that nothing was taken: a refusal, or silence. A role that is behind
// has not refused: its disk may hang for a moment.
func (s *Spool) failed(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := s.refusal == nil && !s.silent
	if code := apierr.CodeOf(err); code == "" || code == apierr.RateLimited {
		s.silent = true
	} else {
		s.silent, s.refusal = false, err
	}
	if first {
		s.c.Log.Warn().Err(err).Str("spool", s.c.Dir).Msg("the audit role does not take events: they are kept, and sent again")
	}
}

// setAside keeps an entry that the audit role will never take where a person finds
// it. It may stand there twice.
func (s *Spool) setAside(e journal.Entry, why error) error {
	b, err := strictjson.Encode(e)
	if err != nil {
		return err
	}
	f, err := s.disk.open(s.path(refusedName))
	if err != nil {
		return err
	}
	n, err := f.size()
	if err == nil && n > maxRefused {
		err = fmt.Errorf("%s is full", s.path(refusedName))
	}
	if err == nil {
		_, err = f.WriteAt(append(b, '\n'), n)
	}
	if err == nil {
		err = f.sync()
	}
	if err = closing(f, err); err != nil {
		return err
	}
	s.c.Log.Error().Err(why).Str("event", e.Event.ID).Uint64("sequence", e.Sequence).Str("file", s.path(refusedName)).
		Msg("the audit role refuses an event for what it is: it is set aside, and missing in the journal")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.aside++
	return nil
}
