package emit

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// maxQueue bounds how many wait for the disk: who comes then is refused at once.
const maxQueue = 8 * maxGroup

// job is a call that waits. Who closes done has set the others before.
type job struct {
	ctx     context.Context
	event   audit.Event
	encoded audit.Encoded
	receipt string
	err     error
	done    chan struct{}
}

// write is the one writer: it takes whatever waits, makes it durable together, and
// answers. While one group is on its way to the disk the next one gathers.
func (s *Spool) write() {
	defer close(s.drained)
	for first := range s.queue {
		jobs := s.gather(first)
		s.writing.Store(s.c.Now().UnixNano())
		err := s.commit(jobs)
		s.writing.Store(0)
		for _, j := range jobs {
			if err != nil {
				j.receipt, j.err = "", audit.Unavailable(err)
			}
			close(j.done)
		}
	}
}

// crowded is how long a caller waits for a processor where there are more callers
// than processors.
const crowded = time.Millisecond

// gather adds to the first job what waits already, without waiting for more. Where many
// are ready to run, they run first: each group costs a sync and a signature here, and
// their verification over there. Those who left get no number.
func (s *Spool) gather(first *job) (jobs []*job) {
	add := func(j *job) {
		if err := j.ctx.Err(); err != nil {
			j.err = audit.Unavailable(err)
			close(j.done)
			return
		}
		jobs = append(jobs, j)
	}
	add(first)
	if time.Duration(s.yielded.Load()) > crowded {
		runtime.Gosched()
	}
	for len(jobs) < maxGroup {
		select {
		case j, ok := <-s.queue:
			if !ok {
				return jobs
			}
			add(j)
		default:
			return jobs
		}
	}
	return jobs
}

// commit numbers, signs and writes a group, or nothing of it: numbers of a group
// that failed are given again.
func (s *Spool) commit(jobs []*job) error {
	if len(jobs) == 0 {
		return nil
	}
	entries, err := s.sign(jobs)
	if err != nil {
		return err
	}
	b := appendRecord(nil, s.next, entries)
	if err := s.append(b); err != nil {
		return err
	}
	s.next += uint64(len(jobs))
	s.publish(int64(len(b)))
	return nil
}

// sign makes the receipts of a group, with one signature, and the entries with
// them.
func (s *Spool) sign(jobs []*job) ([][]byte, error) {
	events := make([]audit.Encoded, len(jobs))
	for i, j := range jobs {
		events[i] = j.encoded
	}
	receipts, err := audit.SignGroup(s.c.Identity, s.source, s.next, events...)
	if err != nil {
		return nil, fmt.Errorf("sign events: %w", err)
	}
	entries := make([][]byte, len(jobs))
	for i, j := range jobs {
		j.receipt = receipts[i]
		entries[i], err = strictjson.Encode(journal.Entry{Event: j.event, Sequence: s.next + uint64(i), Signature: j.receipt, Source: s.source})
		if err != nil || len(entries[i]) > maxEntry {
			return nil, fmt.Errorf("encode an event of %d bytes: %w", len(entries[i]), err)
		}
	}
	return entries, nil
}

// append makes b durable at the end of the active file. After a failure nobody
// knows what of it is on the disk, and a later sync would not tell (fsync(2)
// reports a lost page once): the file is left as it is, and a new one begins with
// the number that this one may not have.
func (s *Spool) append(b []byte) error {
	if s.active != nil && s.size() >= s.c.SegmentBytes {
		_ = s.active.Close() // all of it is synced
		s.active = nil
	}
	if s.active == nil {
		if err := s.begin(); err != nil {
			return err
		}
	}
	_, err := s.active.Write(b)
	if err == nil {
		err = s.active.sync()
	}
	if err != nil {
		_ = s.active.Close()
		s.active = nil
		return fmt.Errorf("write to the audit spool: %w", err)
	}
	return nil
}

func (s *Spool) size() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.segments[len(s.segments)-1].size
}

// publish shows the forwarder what is durable.
func (s *Spool) publish(n int64) {
	now := s.c.Now()
	s.mu.Lock()
	g := s.segments[len(s.segments)-1]
	g.last, g.size = s.next-1, g.size+n
	s.bytes += n
	if m := len(s.marks); m > 0 && now.Sub(s.marks[m-1].at) < markEvery && !now.Before(s.marks[m-1].at) {
		s.marks[m-1].last = g.last
	} else {
		s.marks = append(s.marks, spooled{g.last, now})
	}
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// markEvery is how exactly the age of what is unsent is known.
const markEvery = 100 * time.Millisecond
